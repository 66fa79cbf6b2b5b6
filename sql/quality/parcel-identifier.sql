-- title_vi: Mã định danh thửa đất không nằm trong thửa
-- title_en: Parcel identifier that points outside of its parcel
-- layer: land.parcel
-- criterion: correct
-- severity: error
-- weight: 2
-- scope: national_id IS NOT NULL AND (national_id !~ '^[0-9b-hjkmnp-z]{12}$' OR (NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN'))
-- scope_vi: thửa đất có mã định danh và có hình
-- scope_en: parcels with an identifier and a shape
-- tolerance: 0.05
-- tolerance_vi: 5 cm, vì một ô của mã dài 3,7 cm (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 5 cm, since a cell of the identifier is 3.7 cm long (a threshold of this program, of no legal text)
-- measure_unit: m
-- basis: TT 19/2026/TT-BNNMT, Đ.11.3 và Phụ lục I
-- advice_vi: Kiểm tra thửa mang mã này và múi chiếu của bản đồ; không tính lại mã đã cấp
-- advice_en: Check which parcel has this identifier, and the zone of its map; never recompute an issued one
-- An identifier is not compared with one that this program computes: the text states no precision of the point, and another
-- precision gives another identifier for 55 to 99.6 % of real parcels. The point lies in its parcel for each of them.
WITH decoded AS (
  SELECT id, number, sheet, national_id, geom,
    -- ST_PointFromGeoHash fails on other characters.
    CASE WHEN national_id ~ '^[0-9b-hjkmnp-z]{12}$' THEN ST_PointFromGeoHash(national_id) END AS point
  FROM scope),
placed AS (
  -- PROJ fails on points far from the zone.
  SELECT *, CASE WHEN ST_X(point) BETWEEN 100 AND 120 AND ST_Y(point) BETWEEN 0 AND 30
    THEN ST_Transform(ST_SetSRID(point, 4326), ST_SRID(geom)) END AS place
  FROM decoded),
measured AS (
  -- GEOS is not needed here, but open rings fail without it as well.
  SELECT *, ST_Distance(CASE WHEN catalog.is_closed(geom) THEN geom ELSE catalog.sound(geom) END, place) AS distance FROM placed)
SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, round(distance::numeric, 1) AS measure,
  format('Thửa %s, tờ %s: mã định danh %s %s', number, sheet, national_id, CASE
    WHEN point IS NULL THEN 'không gồm 12 ký tự GeoHash'
    WHEN place IS NULL THEN 'chỉ một vị trí ngoài Việt Nam'
    ELSE format('chỉ một vị trí cách thửa %s m', quality.number_vi(round(distance::numeric, 1))) END) AS words_vi,
  format('Parcel %s, sheet %s: the identifier %s %s', number, sheet, national_id, CASE
    WHEN point IS NULL THEN 'does not have 12 characters of GeoHash'
    WHEN place IS NULL THEN 'points to a place outside of Viet Nam'
    ELSE format('points to a place %s m away', round(distance::numeric, 1)) END) AS words_en,
  catalog.shape(geom) AS geom
FROM measured CROSS JOIN setting
WHERE place IS NULL OR distance > tolerance
