-- title_vi: Thửa đất chồng lên thửa khác
-- title_en: Parcel overlaps another
-- layer: land.parcel
-- criterion: clean
-- severity: error
-- weight: 3
-- scope: NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN'
-- scope_vi: thửa đất có hình
-- scope_en: parcels with a shape
-- tolerance: 0.1
-- tolerance_vi: 0,1 m² phần chồng (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 0.1 m² of overlap (a threshold of this program, of no legal text)
-- measure_unit: m²
-- coverage: overlaps
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (quan hệ giữa các đối tượng)
-- advice_vi: Sửa ranh chung của hai thửa theo hồ sơ đo đạc
-- advice_en: Mend the common boundary by the survey
-- A pair is looked at from its larger parcel, cut into pieces of few vertices, since one parcel of streets has hundreds of
-- neighbours. Half of the parcels whose boxes meet do not touch. Nearly all others touch by rounding: they do not meet the core
-- of the smaller parcel. An invalid parcel is looked at with all of its neighbours, in mended form, as is every parcel after an edit.
WITH one AS (
  SELECT id, geom, FALSE AS is_alone, geom AS shape FROM scope CROSS JOIN setting WHERE is_whole AND catalog.sound(geom) = geom
  UNION ALL SELECT id, geom, TRUE, catalog.sound(geom) FROM scope CROSS JOIN setting WHERE NOT (is_whole AND catalog.sound(geom) = geom)),
-- Subqueries that refer to others would keep PostgreSQL from using several cores.
suspects AS MATERIALIZED (
  SELECT DISTINCT least(one.id, two.id) AS a, greatest(one.id, two.id) AS b
  FROM one CROSS JOIN setting CROSS JOIN LATERAL ST_Subdivide(shape, 24) AS piece JOIN land.parcel AS two ON two.geom && piece AND two.id <> one.id AND two.measured_area_m2 <> 'NaN'
    AND (is_alone OR (pg_column_size(two.geom), two.id) < (pg_column_size(one.geom), one.id))
  WHERE ST_Distance(piece, CASE WHEN is_alone THEN catalog.sound(two.geom) ELSE two.geom END) = 0
    AND (is_alone OR ST_Distance(piece, quality.core(two.geom, 0.99 * tolerance::float8)) = 0)),
common AS MATERIALIZED (
  SELECT a, b, ST_CollectionExtract(ST_Intersection(one.sound, two.sound, 1e-6), 3) AS geom FROM suspects
  CROSS JOIN LATERAL (SELECT catalog.sound(geom) AS sound FROM land.parcel WHERE id = a OFFSET 0) AS one
  CROSS JOIN LATERAL (SELECT catalog.sound(geom) AS sound FROM land.parcel WHERE id = b OFFSET 0) AS two),
sides AS (
  SELECT side.*, geom, ST_Area(geom) AS area FROM common CROSS JOIN setting CROSS JOIN LATERAL (VALUES (a, b), (b, a)) AS side (key, other)
  WHERE ST_Area(geom) > tolerance)
SELECT sides.key::text AS key, other::text AS aspect, ARRAY[other::text] AS others, round(area::numeric, 2) AS measure,
  format('Thửa %s, tờ %s chồng lên thửa %s, tờ %s: %s m²', one.number, one.sheet, two.number, two.sheet,
    quality.number_vi(round(area::numeric, 2))) AS words_vi,
  format('Parcel %s, sheet %s overlaps parcel %s, sheet %s by %s m²', one.number, one.sheet, two.number, two.sheet,
    round(area::numeric, 2)) AS words_en,
  sides.geom
FROM sides
CROSS JOIN LATERAL (SELECT number, sheet FROM land.parcel WHERE id = sides.key OFFSET 0) AS one
CROSS JOIN LATERAL (SELECT number, sheet FROM land.parcel WHERE id = other OFFSET 0) AS two
