-- title_vi: Tổng diện tích các mục đích khác diện tích pháp lý
-- title_en: Areas of the uses do not add up to the legal area
-- layer: land.parcel
-- criterion: consistent
-- severity: warning
-- weight: 1
-- scope: legal_area_m2 IS NOT NULL AND (SELECT bool_and(area_m2 IS NOT NULL) FROM land.parcel_use WHERE parcel_id = id)
-- scope_vi: thửa đất có diện tích pháp lý và có diện tích của mọi mục đích
-- scope_en: parcels with a legal area and with areas of all their uses
-- tolerance: 0.05
-- tolerance_vi: 0,05 m² cho mỗi số đã làm tròn đến 0,1 m²
-- tolerance_en: 0.05 m² for each number that was rounded to 0.1 m²
-- measure_unit: m²
-- depends: land.parcel_use by parcel_id
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.4 (tính đúng đắn của thuộc tính)
-- advice_vi: Đối chiếu giấy chứng nhận và sửa diện tích từng mục đích
-- advice_en: Compare the certificate and mend the areas of the uses
SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, total - legal_area_m2 AS measure,
  format('Thửa %s, tờ %s: các mục đích cộng lại %s m², diện tích pháp lý %s m²', number, sheet,
    quality.number_vi(total), quality.number_vi(legal_area_m2)) AS words_vi,
  format('Parcel %s, sheet %s: the uses add up to %s m², the legal area is %s m²', number, sheet, total, legal_area_m2) AS words_en,
  catalog.shape(geom) AS geom
FROM scope CROSS JOIN setting
CROSS JOIN LATERAL (SELECT sum(area_m2) AS total, count(*) AS uses FROM land.parcel_use WHERE parcel_id = scope.id) AS used
WHERE abs(total - legal_area_m2) > tolerance * (uses + 1)
