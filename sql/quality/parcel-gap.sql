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
-- depends: base.unit
-- reach: 101
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (quan hệ giữa các đối tượng)
-- advice_vi: Nối ranh các thửa quanh khe hở theo hồ sơ đo đạc, hoặc nhập thửa còn thiếu
-- advice_en: Mend the boundaries around the gap by the survey, or import the missing parcel
-- Parcels are united square by square, with what lies 100 m around, each widened by 5 mm. Corners of neighbours that are rounded leave
-- slits of a millimetre, hundreds of metres long, which would join gaps to others and to the open land. GEOS in WebAssembly
-- loses the statement in ST_Union, but not in the buffer of a collection. A gap around a parcel does not have the area of that parcel.
-- After an edit, the places around it take the place of squares: a gap that the edit has changed, or its point, lies within 101 m.
WITH square AS (
  (SELECT DISTINCT ON (i, j) cell.geom AS square FROM setting CROSS JOIN scope
  -- The corner of a gap may lie in a square that no parcel meets.
  CROSS JOIN LATERAL ST_SquareGrid(800, ST_Expand(scope.geom, 101)) AS cell
  -- A box of half the province is a wrong coordinate, and millions of squares.
  WHERE is_whole AND ST_XMax(scope.geom) - ST_XMin(scope.geom) < 50000 AND ST_YMax(scope.geom) - ST_YMin(scope.geom) < 50000)
  UNION ALL SELECT geom FROM place),
united AS (
  SELECT square, ST_Buffer(parcels, 0.005, 'join=mitre') AS geom FROM square CROSS JOIN LATERAL (
    SELECT ST_Collect(catalog.sound(parcel.geom)) AS parcels FROM scope AS parcel WHERE parcel.geom && ST_Expand(square, 101)) AS near
  WHERE parcels IS NOT NULL),
gap AS (
  SELECT ST_Buffer(part.geom, 0.005, 'join=mitre') AS geom
  FROM setting CROSS JOIN united CROSS JOIN LATERAL ST_Expand(square, 100) AS around CROSS JOIN LATERAL ST_Dump(ST_Difference(around, united.geom)) AS part
  -- What reaches the edge of the square goes on beyond it.
  WHERE ST_Expand(part.geom, 0.001) @ around AND ST_XMax(part.geom) - ST_XMin(part.geom) <= 100 AND ST_YMax(part.geom) - ST_YMin(part.geom) <= 100
    AND CASE WHEN is_whole THEN ST_XMin(part.geom) >= ST_XMin(square) AND ST_XMin(part.geom) < ST_XMax(square)
      AND ST_YMin(part.geom) >= ST_YMin(square) AND ST_YMin(part.geom) < ST_YMax(square) ELSE part.geom && ST_Expand(square, 1) END),
placed AS (
  SELECT unit.code, unit.valid_from, unit.full_name, gap.geom, trim_scale(round(ST_Area(gap.geom)::numeric, 2)) AS area
  FROM gap CROSS JOIN setting CROSS JOIN LATERAL (
    SELECT unit_code, unit_valid_from FROM scope AS parcel WHERE ST_DWithin(parcel.geom, gap.geom, 0.02) ORDER BY id LIMIT 1) AS beside
  JOIN base.unit AS unit ON (unit.code, unit.valid_from) = (unit_code, unit_valid_from)
  WHERE ST_Area(gap.geom) BETWEEN tolerance AND 500)
SELECT code || ':' || valid_from AS key, format('%s %s', round(ST_XMin(geom)::numeric, 1), round(ST_YMin(geom)::numeric, 1)) AS aspect,
  code AS unit_code, valid_from AS unit_valid_from, 0 AS expected, area AS measure,
  format('%s: khe hở %s m² giữa các thửa đất', full_name, quality.number_vi(area)) AS words_vi,
  format('%s: a gap of %s m² between parcels', full_name, area) AS words_en, geom
FROM placed
UNION ALL
SELECT unit_code || ':' || unit_valid_from, '', unit_code, unit_valid_from, sum(measured_area_m2), 0, '', '', NULL
FROM setting CROSS JOIN scope WHERE is_whole GROUP BY unit_code, unit_valid_from
