-- title_vi: Mã định danh thửa đất trùng nhau
-- title_en: Parcel identifier of several parcels
-- layer: land.parcel
-- criterion: correct
-- severity: error
-- weight: 2
-- scope: national_id IS NOT NULL
-- scope_vi: thửa đất có mã định danh
-- scope_en: parcels with an identifier
-- measure_unit: thửa / parcels
-- basis: TT 19/2026/TT-BNNMT, Đ.11.3 và Phụ lục I
-- advice_vi: Đối chiếu hồ sơ: một mã chỉ thuộc một thửa, thường do sao chép bản ghi
-- advice_en: Compare with the file: an identifier belongs to one parcel; often a record was copied
WITH identifiers AS (SELECT DISTINCT national_id FROM scope),
same AS (
  SELECT parcel.id, number, sheet, national_id, geom, count(*) OVER identified AS several,
    -- The first parcel stands for all, and the second for all at the first.
    nth_value(parcel.id, 1) OVER identified AS first, nth_value(parcel.id, 2) OVER identified AS second
  FROM land.parcel JOIN identifiers USING (national_id)
  WINDOW identified AS (PARTITION BY national_id ORDER BY parcel.id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
SELECT id::text AS key, '' AS aspect, ARRAY[CASE WHEN id = first THEN second ELSE first END::text] AS others, several AS measure,
  format('Thửa %s, tờ %s: %s thửa mang mã định danh %s', number, sheet, several, national_id) AS words_vi,
  format('Parcel %s, sheet %s: %s parcels have the identifier %s', number, sheet, several, national_id) AS words_en,
  catalog.shape(geom) AS geom
FROM same WHERE several > 1
