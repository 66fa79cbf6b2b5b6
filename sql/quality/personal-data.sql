-- title_vi: Dữ liệu cá nhân trong lớp công khai
-- title_en: Personal data in a public layer
-- layer: *
-- counts: amounts
-- criterion: correct
-- severity: error
-- weight: 3
-- scope: TRUE
-- scope_vi: các cột của mọi lớp công khai, mỗi lớp xem khoảng 2000 đối tượng
-- scope_en: columns of all public layers, some 2000 features of each
-- tolerance: 0.05
-- tolerance_vi: dưới 5% giá trị của cột là họ tên, số định danh hoặc số điện thoại (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: below 5 % of the column's values are names, identity or telephone numbers (a threshold of this program, of no legal text)
-- measure_unit: cột / columns
-- recheck_hours: 1
-- basis: Luật 91/2025/QH15; TT 59/2021/TT-BCA, Điều 4
-- advice_vi: Chuyển cột sang bảng hạn chế như land.right_holder, hoặc xác nhận nếu không phải dữ liệu cá nhân
-- advice_en: Move the column to a restricted table such as land.right_holder, or acknowledge it if the data is not personal
WITH layers AS (SELECT layer, array_agg(name) AS names FROM scope GROUP BY layer),
recognised AS (
  SELECT layers.layer, found.* FROM layers CROSS JOIN LATERAL quality.personal_values(layers.layer, names) AS found),
counted AS (
  -- Streets have names of persons.
  SELECT scope.layer, scope.name, is_personal, looked_at, several, vi, en, vi IS NOT NULL AND NOT (kind = 'name' AND names_streets) AS counts
  FROM scope LEFT JOIN recognised ON (recognised.layer, recognised.name) = (scope.layer, scope.name)
  LEFT JOIN (VALUES ('name', 'họ tên', 'names'), ('identity', 'số định danh', 'identity numbers'), ('telephone', 'số điện thoại', 'telephone numbers'))
    AS words (kind, vi, en) USING (kind)),
judged AS (
  SELECT layer, name, is_personal, max(looked_at) AS looked_at, coalesce(sum(several) FILTER (WHERE counts), 0) AS several,
    string_agg(vi, ', ' ORDER BY several DESC) FILTER (WHERE counts) AS kinds_vi,
    string_agg(en, ', ' ORDER BY several DESC) FILTER (WHERE counts) AS kinds_en
  FROM counted GROUP BY layer, name, is_personal),
percents AS (SELECT *, round(100.0 * several / looked_at) AS percent, several >= tolerance * looked_at AND several > 0 AS is_content FROM judged CROSS JOIN setting)
SELECT layer AS key, name AS aspect, NULL::text AS unit_code, NULL::date AS unit_valid_from, 1 AS expected,
  CASE WHEN is_content OR (is_personal AND looked_at > 0) THEN 1 ELSE 0 END AS measure,
  CASE WHEN is_content THEN format('Lớp %s, cột %s: %s%% giá trị là %s', layer, name, percent, kinds_vi)
    ELSE format('Lớp %s, cột %s: tên cột là của dữ liệu cá nhân (cột đang bị ẩn với người không có quyền)', layer, name) END AS words_vi,
  CASE WHEN is_content THEN format('Layer %s, column %s: %s %% of the values are %s', layer, name, percent, kinds_en)
    ELSE format('Layer %s, column %s: its name is one of personal data (it is hidden from those without rights)', layer, name) END AS words_en,
  NULL::geometry AS geom
FROM percents
