-- tile: GET /xyz/odd.composite_key/15/26096/15364.mvt

WITH tile AS MATERIALIZED (
  SELECT box, ST_Expand(box, 64 * unit) AS grown,
    264 * unit AS step,
    ST_Expand(box, 1024 * unit) AS uncut,
    unit / 2 AS tolerance,
    1 / unit AS scale,
    -west / unit AS x,
    north / unit AS y
  FROM (SELECT $1::float8 AS unit,
    $2::float8 AS west,
    $3::float8 AS south,
    $4::float8 AS east,
    $5::float8 AS north) AS numbers
  CROSS
  JOIN LATERAL (SELECT ST_MakeEnvelope(west, south, east, north, 3857) AS box) AS bounds)
  SELECT coalesce((
  SELECT ST_AsMVT(feature.*, 'odd.composite_key', 4096, 'diaba mercator', 'diaba id')
  FROM (
  SELECT source."diaba id", source."code", source."valid_from", CASE WHEN "diaba mercator" @ tile.uncut THEN ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, false) ELSE ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, true) END AS "diaba mercator"
  FROM (
  SELECT "diaba id", "code", "valid_from", "diaba mercator"
  FROM "tile"."odd.composite_key"
  WHERE "diaba mercator" && (SELECT grown
  FROM tile)
  AND "diaba zoom" <= $6::int) AS source
  CROSS
  JOIN tile OFFSET 0 -- keeps the planner from making each geometry twice, to look whether it is empty and to show it ) AS feature
  WHERE NOT ST_IsEmpty("diaba mercator")), '') AS tile,
    CASE WHEN pg_is_in_recovery() THEN replace('x:x:', 'x', pg_snapshot_xmin(pg_current_snapshot())::text) ELSE pg_current_snapshot()::text END AS snapshot
  $1 = 0.298582
  $2 = 11877702.699290
  $3 = 1246229.309162
  $4 = 11878925.691743
  $5 = 1247452.301614
  $6 = 15


-- tile at low zoom: GET /xyz/odd.composite_key/10/815/480.mvt

WITH tile AS MATERIALIZED (
  SELECT box, ST_Expand(box, 64 * unit) AS grown,
    264 * unit AS step,
    ST_Expand(box, 1024 * unit) AS uncut,
    unit / 2 AS tolerance,
    1 / unit AS scale,
    -west / unit AS x,
    north / unit AS y
  FROM (SELECT $1::float8 AS unit,
    $2::float8 AS west,
    $3::float8 AS south,
    $4::float8 AS east,
    $5::float8 AS north) AS numbers
  CROSS
  JOIN LATERAL (SELECT ST_MakeEnvelope(west, south, east, north, 3857) AS box) AS bounds)
  SELECT coalesce((
  SELECT ST_AsMVT(feature.*, 'odd.composite_key', 4096, 'diaba mercator', 'diaba id')
  FROM (
  SELECT source."diaba id", source."code", source."valid_from", CASE WHEN "diaba mercator" @ tile.uncut THEN ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, false) ELSE ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, true) END AS "diaba mercator"
  FROM (
  SELECT "diaba id", "code", "valid_from", "diaba mercator"
  FROM "tile"."odd.composite_key"
  WHERE "diaba mercator" && (SELECT grown
  FROM tile)
  AND "diaba zoom" <= $6::int) AS source
  CROSS
  JOIN tile OFFSET 0 -- keeps the planner from making each geometry twice, to look whether it is empty and to show it ) AS feature
  WHERE NOT ST_IsEmpty("diaba mercator")), '') AS tile,
    CASE WHEN pg_is_in_recovery() THEN replace('x:x:', 'x', pg_snapshot_xmin(pg_current_snapshot())::text) ELSE pg_current_snapshot()::text END AS snapshot
  $1 = 9.554629
  $2 = 11858134.820049
  $3 = 1213208.512942
  $4 = 11897270.578531
  $5 = 1252344.271424
  $6 = 10


-- tile with a filter: GET /xyz/odd.composite_key/15/26096/15364.mvt?filter=valid_from > DATE('2021-01-01')&properties=code

WITH tile AS MATERIALIZED (
  SELECT box, ST_Expand(box, 64 * unit) AS grown,
    264 * unit AS step,
    ST_Expand(box, 1024 * unit) AS uncut,
    unit / 2 AS tolerance,
    1 / unit AS scale,
    -west / unit AS x,
    north / unit AS y
  FROM (SELECT $1::float8 AS unit,
    $2::float8 AS west,
    $3::float8 AS south,
    $4::float8 AS east,
    $5::float8 AS north) AS numbers
  CROSS
  JOIN LATERAL (SELECT ST_MakeEnvelope(west, south, east, north, 3857) AS box) AS bounds)
  SELECT coalesce((
  SELECT ST_AsMVT(feature.*, 'odd.composite_key', 4096, 'diaba mercator', 'diaba id')
  FROM (
  SELECT source."diaba id", source."code", CASE WHEN "diaba mercator" @ tile.uncut THEN ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, false) ELSE ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, true) END AS "diaba mercator"
  FROM (
  SELECT *
  FROM (
  SELECT (hashtextextended("code"::text || ':' || "valid_from"::text, 0) & 9007199254740991) AS "diaba id",
    "code"::text AS "code",
    ST_Transform(ST_Force2D(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END), 3857) AS "diaba mercator"
  FROM "odd"."composite_key"
  WHERE "geom" && (SELECT ST_Envelope(ST_Transform(ST_Segmentize(ST_ClipByBox2D(grown, ST_MakeEnvelope($6::float8, $7::float8, $8::float8, $9::float8, 3857)::box2d), step), $10::int))
  FROM tile)
  AND ("valid_from" > $11::date) OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it ) AS candidate
  WHERE "diaba mercator" && (SELECT grown
  FROM tile)
  ORDER BY "diaba id") AS source
  CROSS
  JOIN tile OFFSET 0 -- keeps the planner from making each geometry twice, to look whether it is empty and to show it ) AS feature
  WHERE NOT ST_IsEmpty("diaba mercator")), '') AS tile,
    CASE WHEN pg_is_in_recovery() THEN replace('x:x:', 'x', pg_snapshot_xmin(pg_current_snapshot())::text) ELSE pg_current_snapshot()::text END AS snapshot
  $1 = 0.298582
  $2 = 11877702.699290
  $3 = 1246229.309162
  $4 = 11878925.691743
  $5 = 1247452.301614
  $6 = 11131949.079327
  $7 = 445640.109656
  $8 = 13358338.895193
  $9 = 2875744.624352
  $10 = 9210
  $11 = "2021-01-01"
