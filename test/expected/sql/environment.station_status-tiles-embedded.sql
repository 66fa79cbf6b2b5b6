-- tile: GET /xyz/environment.station_status/12/3261/1922.mvt

SELECT pg_current_snapshot()::text AS snapshot

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
  SELECT id, properties, ST_AsGeoJSON(shape, 0, 0) AS geometry
  FROM (
  SELECT "diaba id" AS id,
    to_jsonb("diaba fields") || coalesce("diaba texts", '{}') AS properties,
    CASE WHEN "diaba mercator" @ tile.uncut THEN ST_RemoveRepeatedPoints(ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1), 0) ELSE ST_ClipByBox2D(ST_RemoveRepeatedPoints(ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1), 0), (SELECT ST_MakeEnvelope(-64, -64, 4160, 4160, 3857))) END AS shape
  FROM (
  SELECT *
  FROM (
  SELECT CASE WHEN "id"::int8 BETWEEN 0
  AND 9007199254740991 THEN "id"::int8 END AS "diaba id",
    CASE WHEN "id" BETWEEN -9007199254740991
  AND 9007199254740991 THEN "id" END AS "id",
    "code"::text AS "code",
    "name"::text AS "name",
    "kind"::text AS "kind",
    "observed_at"::text AS "observed_at",
    "aqi" AS "aqi",
    "aqi_parameter"::text AS "aqi_parameter",
    "aqi_class_vi"::text AS "aqi_class_vi",
    "aqi_class_en"::text AS "aqi_class_en",
    "aqi_colour"::text AS "aqi_colour",
    "exceeded"::text AS "exceeded",
    "assessment"::text AS "assessment",
    "assessment_vi"::text AS "assessment_vi",
    "assessment_en"::text AS "assessment_en",
    "compared"::text AS "compared",
    "reason"::text AS "reason",
    "reason_vi"::text AS "reason_vi",
    "reason_en"::text AS "reason_en",
    "since"::text AS "since",
    "is_stale" AS "is_stale",
    CASE WHEN NOT "id" BETWEEN -9007199254740991
  AND 9007199254740991 THEN jsonb_strip_nulls(jsonb_object(ARRAY['id'], ARRAY[CASE WHEN NOT "id" BETWEEN -9007199254740991
  AND 9007199254740991 THEN "id"::text END])) END AS "diaba texts",
    ST_Transform(ST_Force2D(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END), 3857) AS "diaba mercator"
  FROM "environment"."station_status"
  WHERE "geom" && (SELECT ST_Envelope(ST_Transform(ST_Segmentize(ST_ClipByBox2D(grown, ST_MakeEnvelope($6::float8, $7::float8, $8::float8, $9::float8, 3857)::box2d), step), $10::int))
  FROM tile) OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it ) AS candidate
  WHERE "diaba mercator" && (SELECT grown
  FROM tile)
  ORDER BY "diaba id") AS source
  CROSS
  JOIN tile
  CROSS
  JOIN LATERAL (SELECT source."id", source."code", source."name", source."kind", source."observed_at", source."aqi", source."aqi_parameter", source."aqi_class_vi", source."aqi_class_en", source."aqi_colour", source."exceeded", source."assessment", source."assessment_vi", source."assessment_en", source."compared", source."reason", source."reason_vi", source."reason_en", source."since", source."is_stale") AS "diaba fields" OFFSET 0) AS feature
  WHERE NOT ST_IsEmpty(shape)
  $1 = 2.388657
  $2 = 11867918.759670
  $3 = 1222992.452563
  $4 = 11877702.699290
  $5 = 1232776.392183
  $6 = 11131949.079327
  $7 = 445640.109656
  $8 = 13358338.895193
  $9 = 2875744.624352
  $10 = 9210


-- tile at low zoom: GET /xyz/environment.station_status/10/815/480.mvt

SELECT pg_current_snapshot()::text AS snapshot

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
  SELECT id, properties, ST_AsGeoJSON(shape, 0, 0) AS geometry
  FROM (
  SELECT "diaba id" AS id,
    to_jsonb("diaba fields") || coalesce("diaba texts", '{}') AS properties,
    CASE WHEN "diaba mercator" @ tile.uncut THEN ST_RemoveRepeatedPoints(ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1), 0) ELSE ST_ClipByBox2D(ST_RemoveRepeatedPoints(ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1), 0), (SELECT ST_MakeEnvelope(-64, -64, 4160, 4160, 3857))) END AS shape
  FROM (
  SELECT *
  FROM (
  SELECT CASE WHEN "id"::int8 BETWEEN 0
  AND 9007199254740991 THEN "id"::int8 END AS "diaba id",
    CASE WHEN "id" BETWEEN -9007199254740991
  AND 9007199254740991 THEN "id" END AS "id",
    "code"::text AS "code",
    "name"::text AS "name",
    "kind"::text AS "kind",
    "observed_at"::text AS "observed_at",
    "aqi" AS "aqi",
    "aqi_parameter"::text AS "aqi_parameter",
    "aqi_class_vi"::text AS "aqi_class_vi",
    "aqi_class_en"::text AS "aqi_class_en",
    "aqi_colour"::text AS "aqi_colour",
    "exceeded"::text AS "exceeded",
    "assessment"::text AS "assessment",
    "assessment_vi"::text AS "assessment_vi",
    "assessment_en"::text AS "assessment_en",
    "compared"::text AS "compared",
    "reason"::text AS "reason",
    "reason_vi"::text AS "reason_vi",
    "reason_en"::text AS "reason_en",
    "since"::text AS "since",
    "is_stale" AS "is_stale",
    CASE WHEN NOT "id" BETWEEN -9007199254740991
  AND 9007199254740991 THEN jsonb_strip_nulls(jsonb_object(ARRAY['id'], ARRAY[CASE WHEN NOT "id" BETWEEN -9007199254740991
  AND 9007199254740991 THEN "id"::text END])) END AS "diaba texts",
    ST_Transform(ST_Force2D(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END), 3857) AS "diaba mercator"
  FROM "environment"."station_status"
  WHERE "geom" && (SELECT ST_Envelope(ST_Transform(ST_Segmentize(ST_ClipByBox2D(grown, ST_MakeEnvelope($6::float8, $7::float8, $8::float8, $9::float8, 3857)::box2d), step), $10::int))
  FROM tile) OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it ) AS candidate
  WHERE "diaba mercator" && (SELECT grown
  FROM tile)
  ORDER BY "diaba id") AS source
  CROSS
  JOIN tile
  CROSS
  JOIN LATERAL (SELECT source."id", source."code", source."name", source."kind", source."observed_at", source."aqi", source."aqi_parameter", source."aqi_class_vi", source."aqi_class_en", source."aqi_colour", source."exceeded", source."assessment", source."assessment_vi", source."assessment_en", source."compared", source."reason", source."reason_vi", source."reason_en", source."since", source."is_stale") AS "diaba fields" OFFSET 0) AS feature
  WHERE NOT ST_IsEmpty(shape)
  $1 = 9.554629
  $2 = 11858134.820049
  $3 = 1213208.512942
  $4 = 11897270.578531
  $5 = 1252344.271424
  $6 = 11131949.079327
  $7 = 445640.109656
  $8 = 13358338.895193
  $9 = 2875744.624352
  $10 = 9210


-- tile with a filter: GET /xyz/environment.station_status/12/3261/1922.mvt?filter=name LIKE 'a%' OR aqi IS NULL&properties=name,aqi

SELECT pg_current_snapshot()::text AS snapshot

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
  SELECT id, properties, ST_AsGeoJSON(shape, 0, 0) AS geometry
  FROM (
  SELECT "diaba id" AS id,
    to_jsonb("diaba fields") AS properties,
    CASE WHEN "diaba mercator" @ tile.uncut THEN ST_RemoveRepeatedPoints(ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1), 0) ELSE ST_ClipByBox2D(ST_RemoveRepeatedPoints(ST_SnapToGrid(ST_Affine("diaba mercator", tile.scale, 0, 0, -tile.scale, tile.x, tile.y), 1), 0), (SELECT ST_MakeEnvelope(-64, -64, 4160, 4160, 3857))) END AS shape
  FROM (
  SELECT *
  FROM (
  SELECT CASE WHEN "id"::int8 BETWEEN 0
  AND 9007199254740991 THEN "id"::int8 END AS "diaba id",
    "name"::text AS "name",
    "aqi" AS "aqi",
    ST_Transform(ST_Force2D(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END), 3857) AS "diaba mercator"
  FROM "environment"."station_status"
  WHERE "geom" && (SELECT ST_Envelope(ST_Transform(ST_Segmentize(ST_ClipByBox2D(grown, ST_MakeEnvelope($6::float8, $7::float8, $8::float8, $9::float8, 3857)::box2d), step), $10::int))
  FROM tile)
  AND (("name"::text LIKE $11::text)
  OR ("aqi" IS NULL)) OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it ) AS candidate
  WHERE "diaba mercator" && (SELECT grown
  FROM tile)
  ORDER BY "diaba id") AS source
  CROSS
  JOIN tile
  CROSS
  JOIN LATERAL (SELECT source."name", source."aqi") AS "diaba fields" OFFSET 0) AS feature
  WHERE NOT ST_IsEmpty(shape)
  $1 = 2.388657
  $2 = 11867918.759670
  $3 = 1222992.452563
  $4 = 11877702.699290
  $5 = 1232776.392183
  $6 = 11131949.079327
  $7 = 445640.109656
  $8 = 13358338.895193
  $9 = 2875744.624352
  $10 = 9210
  $11 = "a%"
