-- title_vi: Thuộc tính bắt buộc của thửa đất còn trống
-- title_en: Mandatory attribute of a parcel is empty
-- layer: land.parcel
-- criterion: complete
-- severity: warning
-- weight: 2
-- scope: TRUE
-- scope_vi: mọi thửa đất
-- scope_en: all parcels
-- depends: quality.expectation
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.4 (tính đầy đủ của thuộc tính); danh sách thuộc tính ở quality.expectation
-- advice_vi: Bổ sung thuộc tính từ hồ sơ địa chính
-- advice_en: Add the attribute from the cadastral file
WITH mandatory AS MATERIALIZED (
  SELECT unit_code, array_agg(aspect) AS aspects
  FROM (SELECT DISTINCT unit_code FROM scope) AS unit
  CROSS JOIN (SELECT DISTINCT aspect FROM quality.expectation WHERE rule = 'parcel-attributes') AS attribute
  WHERE quality.expected('parcel-attributes', unit_code, aspect) > 0 GROUP BY unit_code)
SELECT id::text AS key, aspect, ARRAY[]::text[] AS others, NULL::numeric AS measure,
  format('Thửa %s, tờ %s: chưa có %s', number, sheet, vi) AS words_vi,
  format('Parcel %s, sheet %s: %s is missing', number, sheet, en) AS words_en, catalog.shape(geom) AS geom
FROM scope JOIN mandatory USING (unit_code) CROSS JOIN LATERAL (VALUES
  ('sheet', sheet, 'số tờ bản đồ', 'the sheet'),
  ('national_id', national_id, 'mã định danh thửa đất', 'the national parcel identifier'),
  ('legal_area_m2', legal_area_m2::text, 'diện tích pháp lý', 'the legal area'),
  ('address', address, 'địa chỉ', 'the address'),
  ('surveyed_on', surveyed_on::text, 'ngày đo đạc', 'the day of the survey')) AS attribute (aspect, value, vi, en)
WHERE aspect = ANY(aspects) AND (value IS NULL OR value !~ '\S')
