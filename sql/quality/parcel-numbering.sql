-- title_vi: Số thửa liên tục trên tờ bản đồ
-- title_en: Parcel numbers of a sheet without gaps
-- layer: land.parcel
-- counts: amounts
-- subject: base.unit
-- criterion: complete
-- severity: notice
-- weight: 2
-- scope: TRUE
-- scope_vi: số thửa từ 1 đến số lớn nhất của mỗi tờ, hoặc đến số mà cơ quan đã nhập
-- scope_en: numbers from 1 to the highest of each sheet, or to that which the agency entered
-- tolerance: 200
-- tolerance_vi: khoảng trống dài hơn 200 số tính là thiếu một số, vì thường do gõ nhầm
-- tolerance_en: a gap of more than 200 numbers counts as one, since a slip of typing is likelier
-- measure_unit: thửa / parcels
-- recheck_hours: 1
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.4 (tính đầy đủ của thuộc tính)
-- advice_vi: Nhập các thửa còn thiếu; nếu số đã bỏ do tách, hợp thửa thì xác nhận "đúng theo hồ sơ"
-- advice_en: Enter the missing parcels; acknowledge numbers that were retired by splits and merges
WITH numbers AS (SELECT DISTINCT unit_code, unit_valid_from, sheet, number FROM scope),
sheets AS (
  SELECT numbers.*, amount AS expected_last
  FROM (SELECT unit_code, unit_valid_from, sheet, count(*) AS present, max(number) AS highest FROM numbers GROUP BY 1, 2, 3) AS numbers
  -- Codes are used again: what the agency enters is for the unit in force.
  LEFT JOIN quality.expectation ON rule = 'parcel-numbering' AND expectation.unit_code = numbers.unit_code AND aspect = sheet
    AND EXISTS (SELECT FROM base.unit WHERE (code, valid_from) = (numbers.unit_code, unit_valid_from) AND valid_to IS NULL)),
gaps AS (
  SELECT unit_code, unit_valid_from, sheet, previous + 1 AS first, number - 1 AS last,
    CASE WHEN number - previous - 1 > tolerance THEN 1 ELSE number - previous - 1 END AS missing
  FROM (SELECT *, lag(number, 1, 0) OVER (PARTITION BY unit_code, unit_valid_from, sheet ORDER BY number) AS previous FROM numbers) AS step
  CROSS JOIN setting WHERE number > previous + 1
  UNION ALL
  SELECT unit_code, unit_valid_from, sheet, highest + 1, expected_last, expected_last - highest FROM sheets WHERE expected_last > highest),
missing AS (
  SELECT unit_code, unit_valid_from, sheet, sum(missing) AS missing,
    string_agg(CASE WHEN first = last THEN first::text ELSE first || '–' || last END, ', ' ORDER BY first) FILTER (WHERE place <= 5)
      || CASE WHEN count(*) > 5 THEN ', …' ELSE '' END AS list
  FROM (SELECT *, row_number() OVER (PARTITION BY unit_code, unit_valid_from, sheet ORDER BY first) AS place FROM gaps) AS numbered
  GROUP BY 1, 2, 3),
places AS (
  SELECT unit_code, unit_valid_from, sheet, ST_Extent(geom) AS box FROM scope JOIN missing USING (unit_code, unit_valid_from, sheet)
  GROUP BY 1, 2, 3)
SELECT unit_code || ':' || unit_valid_from AS key, sheet AS aspect, unit_code, unit_valid_from,
  present + coalesce(missing, 0) AS expected, coalesce(missing, 0) AS measure,
  format('Tờ %s, %s: thiếu %s số thửa: %s', sheet, full_name, quality.number_vi(missing), list) AS words_vi,
  format('Sheet %s, %s: %s parcel numbers are missing: %s', sheet, full_name, missing, list) AS words_en,
  catalog.shape(ST_SetSRID(box::geometry, 9210)) AS geom
FROM sheets LEFT JOIN missing USING (unit_code, unit_valid_from, sheet) LEFT JOIN places USING (unit_code, unit_valid_from, sheet)
JOIN base.unit ON (code, valid_from) = (unit_code, unit_valid_from)
