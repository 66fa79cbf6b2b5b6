-- title_vi: Thửa đất có giấy chứng nhận
-- title_en: Parcels with a certificate
-- layer: land.parcel
-- counts: amounts
-- subject: base.unit
-- criterion: complete
-- severity: notice
-- weight: 1
-- scope: TRUE
-- scope_vi: thửa đất thuộc loại đất phải có giấy chứng nhận (quality.expectation)
-- scope_en: parcels of the land uses that need a certificate (quality.expectation)
-- measure_unit: thửa / parcels
-- recheck_hours: 1
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.4 (tính đầy đủ của thuộc tính); loại đất phải có giấy chứng nhận là của phần mềm
-- advice_vi: Nhập số giấy chứng nhận đã cấp từ sổ địa chính, hoặc cấp giấy theo quy định
-- advice_en: Enter the issued certificates from the register, or issue them
-- lacking_vi: cơ sở dữ liệu chưa có giấy chứng nhận nào
-- lacking_en: the database has no certificates
WITH held AS MATERIALIZED (SELECT DISTINCT parcel_id FROM land.right_holder WHERE certificate_no ~ '\S'),
uses AS (
  SELECT unit_code, unit_valid_from, main_use, count(*) AS parcels, count(*) - count(parcel_id) AS missing
  FROM scope LEFT JOIN held ON parcel_id = id WHERE EXISTS (SELECT FROM held) GROUP BY 1, 2, 3),
units AS (
  SELECT unit_code, unit_valid_from, sum(parcels) AS expected, sum(missing) AS missing
  FROM uses WHERE quality.expected('parcel-certificate', unit_code, main_use) > 0 GROUP BY 1, 2)
SELECT unit_code || ':' || unit_valid_from AS key, '' AS aspect, unit_code, unit_valid_from, expected, missing AS measure,
  format('%s: %s trong %s thửa chưa có giấy chứng nhận', full_name, quality.number_vi(missing), quality.number_vi(expected)) AS words_vi,
  format('%s: %s of %s parcels have no certificate', full_name, missing, expected) AS words_en,
  ST_PointOnSurface(catalog.sound(geom)) AS geom
FROM units JOIN base.unit ON (code, valid_from) = (unit_code, unit_valid_from)
