-- title_vi: Tuổi của dữ liệu đo đạc thửa đất
-- title_en: Age of the survey of parcels
-- layer: land.parcel
-- counts: amounts
-- subject: base.unit
-- criterion: current
-- severity: notice
-- weight: 1
-- scope: surveyed_on IS NOT NULL
-- scope_vi: thửa đất có ngày đo đạc
-- scope_en: parcels with a day of survey
-- measure_unit: thửa / parcels
-- recheck_hours: 1
-- basis: ngưỡng của phần mềm, chưa theo văn bản (quality.expectation)
-- advice_vi: Chỉnh lý bản đồ địa chính hoặc đo đạc lại khu vực có dữ liệu cũ
-- advice_en: Update the cadastral map, or survey anew where the data is old
-- lacking_vi: chưa có thửa nào có ngày đo đạc
-- lacking_en: no parcel has a day of survey
WITH days AS (SELECT unit_code, unit_valid_from, surveyed_on, count(*) AS parcels FROM scope GROUP BY 1, 2, 3),
oldest AS (
  SELECT code AS unit_code, valid_from AS unit_valid_from, full_name, geom,
    ((now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - make_interval(years => least(years, 1000)::integer))::date AS oldest
  FROM base.unit CROSS JOIN LATERAL (SELECT quality.expected('parcel-survey-age', code, '') AS years) AS age
  WHERE years > 0),
units AS (
  SELECT unit_code, unit_valid_from, full_name, geom, oldest, sum(parcels) AS expected,
    coalesce(sum(parcels) FILTER (WHERE surveyed_on < oldest), 0) AS old
  FROM days JOIN oldest USING (unit_code, unit_valid_from) GROUP BY 1, 2, 3, 4, 5)
SELECT unit_code || ':' || unit_valid_from AS key, '' AS aspect, unit_code, unit_valid_from, expected, old AS measure,
  format('%s: %s trong %s thửa được đo trước ngày %s', full_name, quality.number_vi(old), quality.number_vi(expected),
    to_char(oldest, 'DD/MM/YYYY')) AS words_vi,
  format('%s: %s of %s parcels were surveyed before %s', full_name, old, expected, oldest) AS words_en,
  ST_PointOnSurface(catalog.sound(geom)) AS geom
FROM units
