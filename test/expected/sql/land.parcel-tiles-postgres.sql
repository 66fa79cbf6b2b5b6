-- tile: GET /xyz/land.parcel/15/26094/15377.mvt

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
  SELECT ST_AsMVT(feature.*, 'land.parcel', 4096, 'diaba mercator', 'diaba id')
  FROM (
  SELECT source."diaba id", source."unit_code", source."sheet", source."number", source."main_use", CASE WHEN "diaba rounded" <= $6::int
  AND "diaba mercator" @ tile.uncut THEN ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1) WHEN "diaba mercator" @ tile.uncut THEN ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, false) ELSE ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, true) END AS "diaba mercator"
  FROM (
  SELECT "diaba id", "unit_code", "sheet", "number", "main_use", "diaba rounded", "diaba mercator"
  FROM "tile"."land.parcel"
  WHERE "diaba mercator" && (SELECT grown
  FROM tile)
  AND "diaba zoom" <= $7::int) AS source
  CROSS
  JOIN tile OFFSET 0 -- keeps the planner from making each geometry twice, to look whether it is empty and to show it ) AS feature
  WHERE NOT ST_IsEmpty("diaba mercator")), '') AS tile,
    CASE WHEN pg_is_in_recovery() THEN replace('x:x:', 'x', pg_snapshot_xmin(pg_current_snapshot())::text) ELSE pg_current_snapshot()::text END AS snapshot
  $1 = 0.298582
  $2 = 11875256.714385
  $3 = 1230330.407278
  $4 = 11876479.706838
  $5 = 1231553.399731
  $6 = 15
  $7 = 15


-- tile at low zoom: GET /xyz/land.parcel/10/815/480.mvt

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
  SELECT ST_AsMVT(feature.*, 'land.parcel', 4096, 'diaba mercator')
  FROM (
  SELECT source."main_use", CASE WHEN TRUE
  AND "diaba mercator" @ tile.uncut THEN ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1) WHEN "diaba mercator" @ tile.uncut THEN ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, false) ELSE ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, true) END AS "diaba mercator"
  FROM (SELECT "main_use", "diaba mercator"
  FROM "tile"."mosaic land.parcel"
  WHERE level = 10
  AND "diaba mercator" && (SELECT grown
  FROM tile)) AS source
  CROSS
  JOIN tile OFFSET 0 -- keeps the planner from making each geometry twice, to look whether it is empty and to show it ) AS feature
  WHERE NOT ST_IsEmpty("diaba mercator")), '') AS tile,
    CASE WHEN pg_is_in_recovery() THEN replace('x:x:', 'x', pg_snapshot_xmin(pg_current_snapshot())::text) ELSE pg_current_snapshot()::text END AS snapshot
  $1 = 9.554629
  $2 = 11858134.820049
  $3 = 1213208.512942
  $4 = 11897270.578531
  $5 = 1252344.271424


-- tile with a filter: GET /xyz/land.parcel/15/26094/15377.mvt?filter=main_use = 'ODT' AND legal_area_m2 > 500&properties=sheet,number

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
  SELECT ST_AsMVT(feature.*, 'land.parcel', 4096, 'diaba mercator', 'diaba id')
  FROM (
  SELECT source."diaba id", source."sheet", source."number", CASE WHEN FALSE
  AND "diaba mercator" @ tile.uncut THEN ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1) WHEN "diaba mercator" @ tile.uncut THEN ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, false) ELSE ST_AsMVTGeom("diaba mercator", tile.box, 4096, 64, true) END AS "diaba mercator"
  FROM (
  SELECT *
  FROM (
  SELECT CASE WHEN "id"::int8 BETWEEN 0
  AND 9007199254740991 THEN "id"::int8 END AS "diaba id",
    "sheet"::text AS "sheet",
    "number" AS "number",
    ST_Transform(ST_Force2D(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END), 3857) AS "diaba mercator"
  FROM "land"."parcel"
  WHERE "geom" && (SELECT ST_Envelope(ST_Transform(ST_Segmentize(ST_ClipByBox2D(grown, ST_MakeEnvelope($6::float8, $7::float8, $8::float8, $9::float8, 3857)::box2d), step), $10::int))
  FROM tile)
  AND ((("main_use"::text = $11::text)
  AND ("legal_area_m2" > $12::int8))) OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it ) AS candidate
  WHERE "diaba mercator" && (SELECT grown
  FROM tile)
  AND greatest(ST_XMax("diaba mercator") - ST_XMin("diaba mercator"), ST_YMax("diaba mercator") - ST_YMin("diaba mercator")) >= $13::float8
  ORDER BY "diaba id") AS source
  CROSS
  JOIN tile OFFSET 0 -- keeps the planner from making each geometry twice, to look whether it is empty and to show it ) AS feature
  WHERE NOT ST_IsEmpty("diaba mercator")), '') AS tile,
    CASE WHEN pg_is_in_recovery() THEN replace('x:x:', 'x', pg_snapshot_xmin(pg_current_snapshot())::text) ELSE pg_current_snapshot()::text END AS snapshot
  $1 = 0.298582
  $2 = 11875256.714385
  $3 = 1230330.407278
  $4 = 11876479.706838
  $5 = 1231553.399731
  $6 = 11131949.079327
  $7 = 445640.109656
  $8 = 13358338.895193
  $9 = 2875744.624352
  $10 = 9210
  $11 = "ODT"
  $12 = 500
  $13 = 1.194329
