-- title_vi: Hình học thửa đất rỗng hoặc không hợp lệ
-- title_en: Empty or invalid geometry of a parcel
-- layer: land.parcel
-- criterion: clean
-- severity: error
-- weight: 3
-- scope: TRUE
-- scope_vi: mọi thửa đất
-- scope_en: all parcels
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (quan hệ giữa các đối tượng); OGC 06-103r4, 6.1.11
-- advice_vi: Sửa ranh thửa tại vị trí đánh dấu, hoặc đo vẽ lại nếu thửa không có hình
-- advice_en: Mend the boundary at the marked place, or survey the parcel anew if it has no shape
SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, NULL::numeric AS measure,
  format('Thửa %s, tờ %s: %s', number, sheet, CASE
    WHEN ST_IsEmpty(geom) THEN 'hình học rỗng'
    WHEN detail IS NULL THEN 'đường ranh không khép kín'
    WHEN (detail).reason ~ 'Self-intersection' THEN 'ranh thửa tự cắt'
    WHEN (detail).reason ~ 'Hole lies outside' THEN 'lỗ nằm ngoài thửa'
    WHEN (detail).reason ~ 'Nested' THEN 'các phần của thửa chồng lên nhau'
    WHEN (detail).reason ~ 'Duplicate Rings' THEN 'hai đường ranh trùng nhau'
    WHEN (detail).reason ~ 'Invalid Coordinate' THEN 'tọa độ không phải là số'
    WHEN (detail).reason ~ 'Interior is disconnected' THEN 'phần trong của thửa bị chia cắt'
    ELSE 'hình học không hợp lệ (' || (detail).reason || ')' END) AS words_vi,
  format('Parcel %s, sheet %s: %s', number, sheet,
    CASE WHEN ST_IsEmpty(geom) THEN 'empty geometry'
      ELSE 'invalid geometry (' || coalesce((detail).reason, 'Ring is not closed') || ')' END) AS words_en,
  coalesce(catalog.shape(ST_SetSRID((detail).location, ST_SRID(geom))), catalog.shape(geom)) AS geom
FROM scope
CROSS JOIN LATERAL (
  -- GEOS refuses open rings with an error.
  SELECT CASE WHEN NOT ST_IsEmpty(geom) AND catalog.is_closed(geom) THEN ST_IsValidDetail(geom) END AS detail) AS checked
WHERE (detail).valid IS NOT TRUE
