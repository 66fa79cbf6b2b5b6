-- title_vi: Thửa đất nằm ngoài đơn vị hành chính của nó
-- title_en: Parcel outside its unit
-- layer: land.parcel
-- criterion: correct
-- severity: error
-- weight: 2
-- scope: NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN' AND EXISTS (SELECT FROM base.unit WHERE (code, valid_from) = (unit_code, unit_valid_from) AND unit.geom IS NOT NULL)
-- scope_vi: thửa đất có hình, của đơn vị có ranh giới
-- scope_en: parcels with a shape, of units with a boundary
-- tolerance: 1
-- tolerance_vi: 1 m² ngoài ranh giới (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 1 m² outside the boundary (a threshold of this program, of no legal text)
-- measure_unit: m²
-- depends: base.unit by code = unit_code
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (tiếp biên giữa các đơn vị hành chính)
-- advice_vi: Kiểm tra mã đơn vị của thửa và múi chiếu của bản đồ, rồi ranh giới hành chính
-- advice_en: Check the unit of the parcel and the zone of its map, then the boundary of the unit
WITH units AS MATERIALIZED (
  SELECT code, valid_from, full_name, catalog.sound(geom) AS boundary FROM base.unit
  WHERE (code, valid_from) IN (SELECT unit_code, unit_valid_from FROM scope)),
crossing AS (
  SELECT scope.id, number, sheet, full_name, ST_CollectionExtract(ST_Difference(parcel, boundary), 3) AS outside
  FROM scope JOIN units ON (units.code, units.valid_from) = (scope.unit_code, scope.unit_valid_from)
  CROSS JOIN LATERAL (SELECT catalog.sound(scope.geom) AS parcel) AS sound
  WHERE NOT ST_CoveredBy(parcel, boundary))
SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, round(ST_Area(outside)::numeric, 1) AS measure,
  format('Thửa %s, tờ %s: %s m² nằm ngoài %s', number, sheet, quality.number_vi(round(ST_Area(outside)::numeric, 1)), full_name) AS words_vi,
  format('Parcel %s, sheet %s: %s m² lie outside of %s', number, sheet, round(ST_Area(outside)::numeric, 1), full_name) AS words_en,
  outside AS geom
FROM crossing CROSS JOIN setting
WHERE ST_Area(outside) > tolerance
