-- title_vi: Hai thửa đất có hình giống hệt nhau
-- title_en: Two parcels of identical geometry
-- layer: land.parcel
-- criterion: clean
-- severity: error
-- weight: 2
-- scope: NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN'
-- scope_vi: thửa đất có hình
-- scope_en: parcels with a shape
-- measure_unit: m²
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (quan hệ giữa các đối tượng)
-- advice_vi: Xóa bản ghi thừa sau khi đối chiếu hồ sơ, thường do nhập một tệp hai lần
-- advice_en: Compare the file and delete one of the records; often a file was imported twice
WITH pairs AS (
  SELECT scope.id AS a, other.id AS b, other.geom
  -- Equal boxes come from the index. Polygons are equal whichever corner they begin at. GEOS refuses open rings.
  FROM scope JOIN land.parcel AS other ON other.geom ~= scope.geom AND other.id <> scope.id
  WHERE CASE WHEN catalog.is_closed(scope.geom) AND catalog.is_closed(other.geom)
    THEN ST_AsBinary(ST_Normalize(other.geom)) = ST_AsBinary(ST_Normalize(scope.geom))
    ELSE ST_AsBinary(other.geom) = ST_AsBinary(scope.geom) END),
sides AS (SELECT a, b, geom FROM pairs UNION SELECT b, a, geom FROM pairs)
SELECT a::text AS key, b::text AS aspect, ARRAY[b::text] AS others, round(ST_Area(sides.geom)::numeric, 1) AS measure,
  format('Thửa %s, tờ %s trùng hình với thửa %s, tờ %s', one.number, one.sheet, two.number, two.sheet) AS words_vi,
  format('Parcel %s, sheet %s has the same shape as parcel %s, sheet %s', one.number, one.sheet, two.number, two.sheet) AS words_en,
  catalog.shape(sides.geom) AS geom
FROM sides JOIN land.parcel AS one ON one.id = a JOIN land.parcel AS two ON two.id = b
