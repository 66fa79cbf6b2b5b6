-- title_vi: Đủ tờ bản đồ địa chính
-- title_en: Cadastral sheets without gaps
-- layer: land.parcel
-- counts: amounts
-- subject: base.unit
-- criterion: complete
-- severity: warning
-- weight: 2
-- scope: sheet ~ '^[0-9]{1,5}$'
-- scope_vi: số tờ từ 1 đến số lớn nhất của phường, xã, hoặc đến số mà cơ quan đã nhập
-- scope_en: sheets from 1 to the highest of the commune, or to that which the agency entered
-- tolerance: 50
-- tolerance_vi: khoảng trống dài hơn 50 tờ tính là thiếu một tờ, vì thường do gõ nhầm
-- tolerance_en: a gap of more than 50 sheets counts as one, since a slip of typing is likelier
-- measure_unit: tờ / sheets
-- recheck_hours: 1
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (tính đầy đủ của dữ liệu không gian)
-- advice_vi: Nhập các tờ bản đồ còn thiếu
-- advice_en: Import the missing sheets
WITH numbers AS (SELECT DISTINCT unit_code, unit_valid_from, sheet::integer AS number FROM scope WHERE sheet::integer > 0),
units AS (
  SELECT code AS unit_code, valid_from AS unit_valid_from, full_name, geom, amount, coalesce(present, 0) AS present, coalesce(highest, 0) AS highest
  FROM base.unit
  LEFT JOIN (SELECT unit_code, unit_valid_from, count(*) AS present, max(number) AS highest FROM numbers GROUP BY 1, 2) AS held
    ON (held.unit_code, held.unit_valid_from) = (code, valid_from)
  LEFT JOIN quality.expectation ON rule = 'parcel-sheets' AND expectation.unit_code = code AND aspect = '' AND valid_to IS NULL AND level = 'commune'
  WHERE present > 0 OR amount > 0),
gaps AS (
  SELECT unit_code, unit_valid_from, previous + 1 AS first, number - 1 AS last,
    CASE WHEN number - previous - 1 > tolerance THEN 1 ELSE number - previous - 1 END AS missing
  FROM (SELECT *, lag(number, 1, 0) OVER (PARTITION BY unit_code, unit_valid_from ORDER BY number) AS previous FROM numbers) AS step
  CROSS JOIN setting WHERE number > previous + 1
  UNION ALL SELECT unit_code, unit_valid_from, highest + 1, amount, amount - highest FROM units WHERE amount > highest),
missing AS (
  SELECT unit_code, unit_valid_from, sum(missing) AS missing,
    string_agg(CASE WHEN first = last THEN first::text ELSE first || '–' || last END, ', ' ORDER BY first) FILTER (WHERE place <= 5)
      || CASE WHEN count(*) > 5 THEN ', …' ELSE '' END AS list
  FROM (SELECT *, row_number() OVER (PARTITION BY unit_code, unit_valid_from ORDER BY first) AS place FROM gaps) AS numbered GROUP BY 1, 2)
SELECT unit_code || ':' || unit_valid_from AS key, '' AS aspect, unit_code, unit_valid_from,
  present + coalesce(missing, 0) AS expected, coalesce(missing, 0) AS measure,
  format('%s: thiếu %s tờ bản đồ: %s', full_name, quality.number_vi(missing), list) AS words_vi,
  format('%s: %s sheets are missing: %s', full_name, missing, list) AS words_en,
  ST_PointOnSurface(catalog.sound(geom)) AS geom
FROM units LEFT JOIN missing USING (unit_code, unit_valid_from)
