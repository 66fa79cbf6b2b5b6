-- create: POST /collections/odd.composite_key/items

SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', $1, true)
  $1 = "public"

SELECT attname AS name
  FROM pg_attribute
  WHERE attrelid = to_regclass($1::text)
  AND attnum > 0
  AND (attgenerated <> ''
  OR attidentity = 'a')
  $1 = "\"odd\".\"composite_key\""

SELECT ST_X(placed) AS x,
    ST_Y(placed) AS y
  FROM (SELECT path, CASE WHEN geom @ (SELECT ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int)) THEN ST_Transform(geom, $6::int) END AS placed
  FROM ST_DumpPoints($7::text::geometry)) AS points
  ORDER BY path
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 9210
  $7 = "SRID=4326;MULTIPOINT (106.66 11.12)"

SELECT ST_IsValid(g) AS valid,
    ST_IsValidReason(g) AS reason
  FROM (SELECT $1::text::geometry AS g) AS given
  $1 = "SRID=9210;POINT (599209.464674 1229881.133010)"

INSERT INTO "odd"."composite_key" ("code", "valid_from", "geom")
  SELECT given."code", given."valid_from", $1::text::geometry
  FROM json_to_record($2::text::json) AS given("code" text, "valid_from" date)
  RETURNING replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A') AS id,
    TRUE AS within
  $1 = "SRID=9210;POINT (599209.464674 1229881.133010)"
  $2 = "{\"code\":\"new\",\"valid_from\":\"2026-01-01\"}"

INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
  SELECT key_id, agency, purpose, action, layer, feature, request, request_id
  FROM json_to_recordset($1::json) AS entry( key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)
  $1 = <a long value>

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature,
    md5(ROW("geom", "code", "valid_from")::text) AS version
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE ("code", "valid_from") = ($8::text::text, $9::text::date)
  LIMIT 1
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "new"
  $9 = "2026-01-01"


-- merge: PATCH /collections/odd.composite_key/items/new:2026-01-01

SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', $1, true)
  $1 = "public"

SELECT md5(ROW("geom", "code", "valid_from")::text) AS version,
    left(md5(ROW("geom")::text), 8) AS shape,
    left(md5(ROW("code", "valid_from")::text), 8) AS values,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature,
    NOT ST_HasArc("geom")
  AND ST_GeometryType("geom") NOT IN ('ST_Tin', 'ST_Triangle', 'ST_PolyhedralSurface') AS is_straight,
    TRUE AS within
  FROM ONLY "odd"."composite_key"
  WHERE ("code", "valid_from") = ($8::text::text, $9::text::date) FOR UPDATE
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "new"
  $9 = "2026-01-01"

SELECT attname AS name
  FROM pg_attribute
  WHERE attrelid = to_regclass($1::text)
  AND attnum > 0
  AND (attgenerated <> ''
  OR attidentity = 'a')
  $1 = "\"odd\".\"composite_key\""

SELECT ST_AsGeoJSON(ST_Transform(vertex.geom, $1::int), 9, 0)::json -> 'coordinates' AS shown,
    ST_X(vertex.geom) AS x,
    ST_Y(vertex.geom) AS y,
    ST_Z(vertex.geom) AS z,
    ST_M(vertex.geom) AS m
  FROM ONLY "odd"."composite_key", ST_DumpPoints("geom") AS vertex
  WHERE ("code", "valid_from") = ($2::text::text, $3::text::date)
  AND abs(ST_X(vertex.geom)) + abs(ST_Y(vertex.geom)) + coalesce(abs(ST_Z(vertex.geom)), 0) < 'Infinity'
  $1 = 4326
  $2 = "new"
  $3 = "2026-01-01"

SELECT ST_X(placed) AS x,
    ST_Y(placed) AS y
  FROM (SELECT path, CASE WHEN geom @ (SELECT ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int)) THEN ST_Transform(geom, $6::int) END AS placed
  FROM ST_DumpPoints($7::text::geometry)) AS points
  ORDER BY path
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 9210
  $7 = "SRID=4326;MULTIPOINT (106.67 11.12)"

SELECT ST_IsValid(g) AS valid,
    ST_IsValidReason(g) AS reason
  FROM (SELECT $1::text::geometry AS g) AS given
  $1 = "SRID=9210;POINT (600301.915092 1229884.498460)"

UPDATE ONLY "odd"."composite_key"
  SET ("geom") = (SELECT $1::text::geometry)
  WHERE ("code", "valid_from") = ($2::text::text, $3::text::date)
  RETURNING TRUE AS within
  $1 = "SRID=9210;POINT (600301.915092 1229884.498460)"
  $2 = "new"
  $3 = "2026-01-01"

INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
  SELECT key_id, agency, purpose, action, layer, feature, request, request_id
  FROM json_to_recordset($1::json) AS entry( key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)
  $1 = <a long value>

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature,
    md5(ROW("geom", "code", "valid_from")::text) AS version
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE ("code", "valid_from") = ($8::text::text, $9::text::date)
  LIMIT 1
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "new"
  $9 = "2026-01-01"


-- replace: PUT /collections/odd.composite_key/items/new:2026-01-01

SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', $1, true)
  $1 = "public"

SELECT md5(ROW("geom", "code", "valid_from")::text) AS version,
    left(md5(ROW("geom")::text), 8) AS shape,
    left(md5(ROW("code", "valid_from")::text), 8) AS values,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature,
    NOT ST_HasArc("geom")
  AND ST_GeometryType("geom") NOT IN ('ST_Tin', 'ST_Triangle', 'ST_PolyhedralSurface') AS is_straight,
    TRUE AS within
  FROM ONLY "odd"."composite_key"
  WHERE ("code", "valid_from") = ($8::text::text, $9::text::date) FOR UPDATE
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "new"
  $9 = "2026-01-01"

SELECT attname AS name
  FROM pg_attribute
  WHERE attrelid = to_regclass($1::text)
  AND attnum > 0
  AND (attgenerated <> ''
  OR attidentity = 'a')
  $1 = "\"odd\".\"composite_key\""

SELECT ST_AsGeoJSON(ST_Transform(vertex.geom, $1::int), 9, 0)::json -> 'coordinates' AS shown,
    ST_X(vertex.geom) AS x,
    ST_Y(vertex.geom) AS y,
    ST_Z(vertex.geom) AS z,
    ST_M(vertex.geom) AS m
  FROM ONLY "odd"."composite_key", ST_DumpPoints("geom") AS vertex
  WHERE ("code", "valid_from") = ($2::text::text, $3::text::date)
  AND abs(ST_X(vertex.geom)) + abs(ST_Y(vertex.geom)) + coalesce(abs(ST_Z(vertex.geom)), 0) < 'Infinity'
  $1 = 4326
  $2 = "new"
  $3 = "2026-01-01"

SELECT ST_X(placed) AS x,
    ST_Y(placed) AS y
  FROM (SELECT path, CASE WHEN geom @ (SELECT ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int)) THEN ST_Transform(geom, $6::int) END AS placed
  FROM ST_DumpPoints($7::text::geometry)) AS points
  ORDER BY path
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 9210
  $7 = "SRID=4326;MULTIPOINT (106.66 11.12)"

SELECT ST_IsValid(g) AS valid,
    ST_IsValidReason(g) AS reason
  FROM (SELECT $1::text::geometry AS g) AS given
  $1 = "SRID=9210;POINT (599209.464674 1229881.133010)"

UPDATE ONLY "odd"."composite_key"
  SET ("geom") = (SELECT $1::text::geometry)
  WHERE ("code", "valid_from") = ($2::text::text, $3::text::date)
  RETURNING TRUE AS within
  $1 = "SRID=9210;POINT (599209.464674 1229881.133010)"
  $2 = "new"
  $3 = "2026-01-01"

INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
  SELECT key_id, agency, purpose, action, layer, feature, request, request_id
  FROM json_to_recordset($1::json) AS entry( key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)
  $1 = <a long value>

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature,
    md5(ROW("geom", "code", "valid_from")::text) AS version
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE ("code", "valid_from") = ($8::text::text, $9::text::date)
  LIMIT 1
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "new"
  $9 = "2026-01-01"


-- delete: DELETE /collections/odd.composite_key/items/new:2026-01-01

SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', $1, true)
  $1 = "public"

SELECT md5(ROW("geom", "code", "valid_from")::text) AS version,
    left(md5(ROW("geom")::text), 8) AS shape,
    left(md5(ROW("code", "valid_from")::text), 8) AS values,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature,
    NOT ST_HasArc("geom")
  AND ST_GeometryType("geom") NOT IN ('ST_Tin', 'ST_Triangle', 'ST_PolyhedralSurface') AS is_straight,
    TRUE AS within
  FROM ONLY "odd"."composite_key"
  WHERE ("code", "valid_from") = ($8::text::text, $9::text::date) FOR UPDATE
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "new"
  $9 = "2026-01-01"

DELETE
  FROM ONLY "odd"."composite_key"
  WHERE ("code", "valid_from") = ($1::text::text, $2::text::date)
  $1 = "new"
  $2 = "2026-01-01"

INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
  SELECT key_id, agency, purpose, action, layer, feature, request, request_id
  FROM json_to_recordset($1::json) AS entry( key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)
  $1 = <a long value>
