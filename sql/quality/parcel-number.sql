-- title_vi: Số thửa trùng trên một tờ bản đồ
-- title_en: Duplicate parcel number on a sheet
-- layer: land.parcel
-- criterion: correct
-- severity: warning
-- weight: 2
-- scope: TRUE
-- scope_vi: mọi thửa đất
-- scope_en: all parcels
-- measure_unit: thửa / parcels
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.4 (tính đúng đắn của thuộc tính)
-- advice_vi: Đối chiếu hồ sơ và đánh lại số cho thửa sai
-- advice_en: Compare with the file and renumber the parcel that is wrong
WITH sheet_numbers AS (SELECT DISTINCT unit_code, unit_valid_from, sheet, number FROM scope),
same AS (
  SELECT parcel.id, number, sheet, geom, count(*) OVER numbered AS several,
    -- The first parcel stands for all, and the second for all at the first.
    nth_value(parcel.id, 1) OVER numbered AS first, nth_value(parcel.id, 2) OVER numbered AS second
  FROM land.parcel JOIN sheet_numbers USING (unit_code, unit_valid_from, sheet, number)
  WINDOW numbered AS (PARTITION BY unit_code, unit_valid_from, sheet, number ORDER BY parcel.id
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
SELECT id::text AS key, '' AS aspect, ARRAY[CASE WHEN id = first THEN second ELSE first END::text] AS others, several AS measure,
  format('Có %s thửa mang số %s trên tờ %s', several, number, sheet) AS words_vi,
  format('%s parcels have number %s on sheet %s', several, number, sheet) AS words_en, catalog.shape(geom) AS geom
FROM same WHERE several > 1
