-- title_vi: Diện tích pháp lý khác diện tích đo đạc
-- title_en: Legal area differs from the measured one
-- layer: land.parcel
-- criterion: consistent
-- severity: warning
-- weight: 2
-- scope: legal_area_m2 IS NOT NULL
-- scope_vi: thửa đất có diện tích pháp lý
-- scope_en: parcels with a legal area
-- tolerance: 0.05
-- tolerance_vi: 5% diện tích đo đạc (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 5 % of the measured area (a threshold of this program, of no legal text)
-- measure_unit: m²
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.4 (thống nhất giữa thuộc tính và không gian)
-- advice_vi: Đối chiếu giấy chứng nhận với bản đồ; đăng ký biến động hoặc đo đạc lại
-- advice_en: Compare the certificate with the map; register the change or survey again
SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, legal_area_m2 - measured_area_m2 AS measure,
  format('Thửa %s, tờ %s: diện tích pháp lý %s m², đo đạc %s m²', number, sheet,
    quality.number_vi(legal_area_m2), quality.number_vi(measured_area_m2)) AS words_vi,
  format('Parcel %s, sheet %s: legal area %s m², measured %s m²', number, sheet, legal_area_m2, measured_area_m2) AS words_en,
  catalog.shape(geom) AS geom
FROM scope CROSS JOIN setting
WHERE abs(legal_area_m2 - measured_area_m2) > tolerance * measured_area_m2
