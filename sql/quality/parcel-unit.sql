-- title_vi: Thửa đất thuộc đơn vị hành chính không còn hiệu lực
-- title_en: Parcel of a unit that is not in force
-- layer: land.parcel
-- criterion: consistent
-- severity: error
-- weight: 2
-- scope: TRUE
-- scope_vi: mọi thửa đất
-- scope_en: all parcels
-- depends: base.unit by code = unit_code
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.4 (chuẩn hóa thuộc tính)
-- advice_vi: Gán lại mã phường, xã hiện hành và giữ mã cũ ở danh sách số liệu cũ của thửa
-- advice_en: Give the parcel the code of the present commune, and note the former one among its former numbers
SELECT scope.id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, NULL::numeric AS measure,
  format('Thửa %s, tờ %s: mã đơn vị %s %s', number, sheet, scope.unit_code, CASE
    WHEN unit.code IS NULL THEN 'không có trong danh mục'
    WHEN unit.level <> 'commune' THEN 'không phải là phường, xã'
    ELSE 'đã hết hiệu lực' END) AS words_vi,
  format('Parcel %s, sheet %s: the unit %s %s', number, sheet, scope.unit_code, CASE
    WHEN unit.code IS NULL THEN 'is not in the list'
    WHEN unit.level <> 'commune' THEN 'is not a commune'
    ELSE 'is no longer in force' END) AS words_en,
  catalog.shape(scope.geom) AS geom
FROM scope LEFT JOIN base.unit ON (unit.code, unit.valid_from) = (scope.unit_code, scope.unit_valid_from)
WHERE unit.code IS NULL OR unit.level <> 'commune' OR unit.valid_to <= current_date
