-- title_vi: Ranh giới hai phường, xã không khớp
-- title_en: Boundaries of neighbouring communes disagree
-- layer: base.unit
-- counts: amounts
-- subject: base.unit
-- criterion: consistent
-- severity: error
-- weight: 2
-- scope: level = 'commune' AND valid_to IS NULL AND geom IS NOT NULL
-- scope_vi: diện tích các phường, xã có ranh giới
-- scope_en: area of the communes with a boundary
-- tolerance: 1
-- tolerance_vi: 1 m² chồng hoặc hở, rộng từ 0,1 m (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 1 m² of overlap or gap, 0.1 m wide or more (thresholds of this program, of no legal text)
-- measure_unit: m²
-- depends: base.unit
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.3 (quan hệ giữa các đối tượng)
-- advice_vi: Lấy chung một đường địa giới theo hồ sơ địa giới hành chính
-- advice_en: Take one and the same line from the records of administrative boundaries
-- Narrowed by 5 cm on either side, for lines that differ by rounding leave slits along whole boundaries.
WITH unit AS MATERIALIZED (SELECT code, valid_from, full_name, catalog.sound(geom) AS geom FROM scope WHERE NOT ST_IsEmpty(geom)),
overlap AS (
  SELECT one.code AS one, two.code AS two, part.geom
  FROM unit AS one JOIN unit AS two ON one.code < two.code AND one.geom && two.geom
  CROSS JOIN LATERAL ST_Dump(ST_Buffer(ST_CollectionExtract(ST_Intersection(one.geom, two.geom, 1e-4), 3), -0.05, 'join=mitre')) AS part),
gap AS (
  SELECT narrow.geom FROM (SELECT ST_Union(geom, 1e-4) AS geom FROM unit) AS united CROSS JOIN LATERAL ST_Expand(united.geom, 1) AS around
  CROSS JOIN LATERAL ST_Dump(ST_Difference(around, united.geom)) AS part CROSS JOIN LATERAL ST_Dump(ST_Buffer(part.geom, -0.05, 'join=mitre')) AS narrow
  -- What reaches the edge of the box is outside of the province.
  WHERE ST_Expand(part.geom, 0.5) @ around),
wide AS (
  SELECT one, two, ST_Buffer(geom, 0.05, 'join=mitre') AS geom FROM overlap
  UNION ALL SELECT NULL, NULL, ST_Buffer(geom, 0.05, 'join=mitre') FROM gap),
beside AS (
  SELECT unit.*, wide.geom AS place, CASE unit.code WHEN one THEN two WHEN two THEN one END AS other, trim_scale(round(ST_Area(wide.geom)::numeric, 1)) AS area
  FROM wide CROSS JOIN setting JOIN unit ON CASE WHEN one IS NULL THEN ST_DWithin(unit.geom, wide.geom, 0.2) ELSE unit.code IN (one, two) END
  WHERE ST_Area(wide.geom) > tolerance)
SELECT beside.code || ':' || beside.valid_from AS key,
  format('%s %s %s', other, round(ST_XMin(place)::numeric), round(ST_YMin(place)::numeric)) AS aspect,
  beside.code AS unit_code, beside.valid_from AS unit_valid_from, 0 AS expected, area AS measure,
  CASE WHEN other IS NULL THEN format('%s: hở %s m² so với phường, xã kề bên', beside.full_name, quality.number_vi(area))
    ELSE format('%s: chồng %s m² lên %s', beside.full_name, quality.number_vi(area), neighbour.full_name) END AS words_vi,
  CASE WHEN other IS NULL THEN format('%s: a gap of %s m² towards its neighbours', beside.full_name, area)
    ELSE format('%s: overlaps %s by %s m²', beside.full_name, neighbour.full_name, area) END AS words_en,
  place AS geom
FROM beside LEFT JOIN unit AS neighbour ON neighbour.code = other
UNION ALL
SELECT code || ':' || valid_from, '', code, valid_from, ST_Area(geom)::numeric, 0, '', '', NULL FROM unit
