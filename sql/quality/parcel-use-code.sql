-- title_vi: Loại đất không có trong bảng mã hiện hành
-- title_en: Land use that is not in the present table of codes
-- layer: land.parcel
-- criterion: consistent
-- severity: warning
-- weight: 1
-- scope: TRUE
-- scope_vi: mọi thửa đất
-- scope_en: all parcels
-- depends: land.parcel_use by parcel_id, land.land_use_type
-- basis: TT 08/2024/TT-BTNMT (bảng mã loại đất); TT 19/2026/TT-BNNMT, Phụ lục II, X.4 (chuẩn hóa thuộc tính)
-- advice_vi: Đổi sang mã loại đất hiện hành tương ứng
-- advice_en: Change to the present code of the use
WITH codes AS (
  SELECT id, number, sheet, geom, main_use AS code FROM scope
  UNION SELECT scope.id, scope.number, scope.sheet, scope.geom, parcel_use.code FROM scope JOIN land.parcel_use ON parcel_id = scope.id)
SELECT codes.id::text AS key, codes.code AS aspect, ARRAY[]::text[] AS others, NULL::numeric AS measure,
  format('Thửa %s, tờ %s: mã loại đất "%s" %s', number, sheet, codes.code,
    CASE WHEN era IS NULL THEN 'không có trong bảng mã' ELSE 'đã hết hiệu lực' END) AS words_vi,
  format('Parcel %s, sheet %s: the land-use code "%s" is %s', number, sheet, codes.code,
    CASE WHEN era IS NULL THEN 'not in the table of codes' ELSE 'no longer in force' END) AS words_en,
  catalog.shape(geom) AS geom
FROM codes LEFT JOIN land.land_use_type AS type ON type.code = codes.code
WHERE era IS NULL OR era = 'L'
