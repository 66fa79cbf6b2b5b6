-- title_vi: Khe hở giữa các thửa đất
-- title_en: Gaps between parcels
-- layer: land.parcel
-- counts: amounts
-- subject: base.unit
-- criterion: clean
-- severity: error
-- weight: 2
-- scope: NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN'
-- scope_vi: diện tích các thửa đất có hình
-- scope_en: area of the parcels with a shape
-- tolerance: 0.1
-- tolerance_vi: chỗ trống từ 0,1 đến 500 m², rộng từ 1 cm, dài đến 100 m, bốn bề là thửa đất; lớn hơn là đất chưa đo (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 0.1 to 500 m² amid parcels, 1 cm wide or more, up to 100 m long; larger ones are not surveyed (thresholds of this program, of no legal text)
-- measure_unit: m²
-- coverage: gaps
-- largest: 500
-- depends: base.unit
-- reach: 101
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (quan hệ giữa các đối tượng)
-- advice_vi: Nối ranh các thửa quanh khe hở theo hồ sơ đo đạc, hoặc nhập thửa còn thiếu
-- advice_en: Mend the boundaries around the gap by the survey, or import the missing parcel
-- Parcels are united square by square, with what lies 100 m around. A gap around a parcel does not have the area of that parcel.
-- After an edit, and where edges of parcels show what to suspect, places the place of squares: a gap that an edit has changed, or its
-- point, lies within 101 m.
-- PostgreSQL shares the rows of a table among its cores, but not those of a function, nor a subquery that refers to others. So each
-- square is found again by its least parcel, and the work is done by a function.
-- ST_CoverageInvalidEdges of newer PostGIS is not used: corners of neighbours must coincide for it. Of the sample's 4004 parcels, which
-- have no fault, it finds 2143 invalid. Where corners do coincide, it agrees (test/quality/coverage.test.ts).
WITH whole AS MATERIALIZED (
  SELECT geom FROM (
    SELECT square, quality.parcel_gaps(square) AS geom
    FROM setting CROSS JOIN quality.parcel_squares() AS given JOIN land.parcel ON parcel.id + 0 = given.id WHERE is_whole) AS found
  WHERE ST_XMin(geom) >= ST_XMin(square) AND ST_XMin(geom) < ST_XMax(square) AND ST_YMin(geom) >= ST_YMin(square) AND ST_YMin(geom) < ST_YMax(square)),
gap AS (
  TABLE whole
  UNION ALL SELECT gap.geom FROM place CROSS JOIN LATERAL quality.parcel_gaps(place.geom) AS gap (geom) WHERE gap.geom && ST_Expand(place.geom, 1)),
placed AS (
  SELECT unit.code, unit.valid_from, unit.full_name, gap.geom, trim_scale(round(ST_Area(gap.geom)::numeric, 2)) AS area
  FROM gap CROSS JOIN setting CROSS JOIN LATERAL (
    SELECT unit_code, unit_valid_from FROM scope AS parcel WHERE ST_DWithin(parcel.geom, gap.geom, 0.02) ORDER BY id LIMIT 1) AS beside
  JOIN base.unit AS unit ON (unit.code, unit.valid_from) = (unit_code, unit_valid_from)
  WHERE ST_Area(gap.geom) BETWEEN tolerance AND largest)
SELECT code || ':' || valid_from AS key, format('%s %s', round(ST_XMin(geom)::numeric, 1), round(ST_YMin(geom)::numeric, 1)) AS aspect,
  code AS unit_code, valid_from AS unit_valid_from, 0 AS expected, area AS measure,
  format('%s: khe hở %s m² giữa các thửa đất', full_name, quality.number_vi(area)) AS words_vi,
  format('%s: a gap of %s m² between parcels', full_name, area) AS words_en, geom
FROM placed
UNION ALL
SELECT unit_code || ':' || unit_valid_from, '', unit_code, unit_valid_from, sum(measured_area_m2), 0, '', '', NULL
FROM setting CROSS JOIN scope WHERE is_counted GROUP BY unit_code, unit_valid_from
