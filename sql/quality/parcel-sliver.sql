-- title_vi: Thửa đất mảnh như sợi chỉ
-- title_en: Parcel that is a sliver
-- layer: land.parcel
-- criterion: clean
-- severity: warning
-- weight: 1
-- scope: NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN'
-- scope_vi: thửa đất có hình
-- scope_en: parcels with a shape
-- tolerance: 0.2
-- tolerance_vi: bề rộng trung bình 0,2 m (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 0.2 m of mean width (a threshold of this program, of no legal text)
-- measure_unit: m
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (quan hệ giữa các đối tượng)
-- advice_vi: Gộp phần mảnh vào thửa kề bên theo hồ sơ, hoặc xóa nếu là lỗi biên tập
-- advice_en: Join the sliver to the parcel beside it by the survey, or delete it if it is a slip of editing
-- The mean width is that of a rectangle as long as half of the perimeter: 2 A / P. An invalid parcel has a finding of its own.
SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, width AS measure,
  format('Thửa %s, tờ %s: rộng trung bình %s m', number, sheet, quality.number_vi(width)) AS words_vi,
  format('Parcel %s, sheet %s: %s m wide on average', number, sheet, width) AS words_en,
  geom
FROM scope CROSS JOIN setting
CROSS JOIN LATERAL (SELECT ST_Area(sound) AS area, ST_Perimeter(sound) AS perimeter FROM (SELECT catalog.sound(geom) AS sound OFFSET 0) AS mended) AS size
CROSS JOIN LATERAL (SELECT CASE WHEN perimeter > 0 THEN round((2 * area / perimeter)::numeric, 3) END AS width) AS mean
WHERE width < tolerance
