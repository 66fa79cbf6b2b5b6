-- title_vi: Diện tích có thửa đất
-- title_en: Area covered by parcels
-- layer: land.parcel
-- counts: amounts
-- subject: base.unit
-- criterion: complete
-- severity: warning
-- weight: 3
-- scope: measured_area_m2 <> 'NaN'
-- scope_vi: diện tích của các phường, xã có ranh giới
-- scope_en: area of the communes with a boundary
-- tolerance: 100
-- tolerance_vi: 100 m² mỗi phường, xã (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 100 m² a commune (a threshold of this program, of no legal text)
-- measure_unit: m²
-- recheck_hours: 1
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (tính đầy đủ của dữ liệu không gian)
-- advice_vi: Đo đạc, nhập bản đồ địa chính của phần còn thiếu; ưu tiên tờ bản đồ chưa có
-- advice_en: Survey the missing part and import its cadastral map
-- lacking_vi: cần chạy parcel-geometry, parcel-overlap và parcel-in-unit trước, và cần ranh giới phường, xã
-- lacking_en: parcel-geometry, parcel-overlap and parcel-in-unit must run before, and communes need boundaries
-- A sum of areas is the covered area but for invalid parcels, those that overlap others, and those outside their unit. These have
-- findings: only they are united and cut.
WITH ready AS (
  SELECT count(*) = 3 AS is_ready FROM (
    SELECT DISTINCT ON (rule) error FROM quality.run WHERE rule IN ('parcel-geometry', 'parcel-overlap', 'parcel-in-unit')
    ORDER BY rule, id DESC) AS last_run
  WHERE error IS NULL),
odd AS MATERIALIZED (
  SELECT DISTINCT key::bigint AS id FROM quality.finding
  WHERE closed_at IS NULL AND rule IN ('parcel-geometry', 'parcel-overlap', 'parcel-in-unit')),
summed AS (
  SELECT unit_code AS code, unit_valid_from AS valid_from, sum(measured_area_m2) AS area
  FROM scope WHERE NOT EXISTS (SELECT FROM odd WHERE odd.id = scope.id) GROUP BY 1, 2),
united AS (
  SELECT unit_code AS code, unit_valid_from AS valid_from, ST_Union(catalog.sound(geom)) AS geom
  FROM odd CROSS JOIN LATERAL (SELECT * FROM scope WHERE scope.id = odd.id AND NOT ST_IsEmpty(geom) OFFSET 0) AS parcel GROUP BY 1, 2),
covered AS (
  SELECT code, valid_from, full_name, unit.geom, ST_Area(unit.geom)::numeric * quality.expected('parcel-cover', code, '') AS expected,
    coalesce(summed.area, 0) + coalesce(ST_Area(ST_Intersection(catalog.sound(unit.geom), united.geom)), 0)::numeric AS covered
  FROM ready JOIN base.unit ON is_ready
  LEFT JOIN summed USING (code, valid_from) LEFT JOIN united USING (code, valid_from)
  WHERE level = 'commune' AND valid_to IS NULL AND unit.geom IS NOT NULL),
missing AS (SELECT *, CASE WHEN expected - covered > tolerance THEN round(expected - covered) ELSE 0 END AS area FROM covered CROSS JOIN setting)
SELECT code || ':' || valid_from AS key, '' AS aspect, code AS unit_code, valid_from AS unit_valid_from, expected, area AS measure,
  format('%s: thửa đất phủ %s%% diện tích, còn thiếu %s ha', full_name, quality.number_vi(percent), quality.number_vi(round(area / 10000, 2))) AS words_vi,
  format('%s: parcels cover %s%% of the area, %s ha are missing', full_name, percent, round(area / 10000, 2)) AS words_en,
  ST_PointOnSurface(catalog.sound(geom)) AS geom
FROM missing CROSS JOIN LATERAL (SELECT floor(1000 * (expected - area) / nullif(expected, 0)) / 10 AS percent) AS rounded
