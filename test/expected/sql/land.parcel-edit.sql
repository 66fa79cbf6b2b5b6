-- create: POST /collections/land.parcel/items

SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', $1, true)
  $1 = "public"

SELECT attname AS name
  FROM pg_attribute
  WHERE attrelid = to_regclass($1::text)
  AND attnum > 0
  AND (attgenerated <> ''
  OR attidentity = 'a')
  $1 = "\"land\".\"parcel\""

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
  $7 = "SRID=4326;MULTIPOINT (106.66 11.12,106.67 11.12,106.67 11.13,106.66 11.12)"

SELECT ST_IsValid(g) AS valid,
    ST_IsValidReason(g) AS reason
  FROM (SELECT $1::text::geometry AS g) AS given
  $1 = "SRID=9210;MULTIPOLYGON (((599209.464674 1229881.133010,600301.915092 1229884.498460,600298.487211 1230990.675667,599209.464674 1229881.133010)))"

INSERT INTO "land"."parcel" ("id", "unit_code", "unit_valid_from", "sheet", "number", "main_use", "geom")
  SELECT given."id", given."unit_code", given."unit_valid_from", given."sheet", given."number", given."main_use", $1::text::geometry
  FROM json_to_record($2::text::json) AS given("id" bigint, "unit_code" text, "unit_valid_from" date, "sheet" text, "number" integer, "main_use" text)
  RETURNING "id"::text AS id,
    TRUE AS within
  $1 = "SRID=9210;MULTIPOLYGON (((599209.464674 1229881.133010,600301.915092 1229884.498460,600298.487211 1230990.675667,599209.464674 1229881.133010)))"
  $2 = "{\"id\":\"900000\",\"unit_code\":\"25750\",\"unit_valid_from\":\"2025-07-01\",\"sheet\":\"1\",\"number\":\"1\",\"main_use\":\"ODT\"}"

INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
  SELECT key_id, agency, purpose, action, layer, feature, request, request_id
  FROM json_to_recordset($1::json) AS entry( key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)
  $1 = "[{\"action\":\"create\",\"layer\":\"land.parcel\",\"feature\":\"900000\",\"request\":\"POST /collections/land.parcel/items\",\"request_id\":\"<id>\"}]"

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["id"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', CASE WHEN "id"::int8 BETWEEN -9007199254740991
  AND 9007199254740991 THEN to_json("id") ELSE to_json("id"::text) END, 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END, 4326)), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "id" AS "id",
    "unit_code" AS "unit_code",
    "unit_valid_from" AS "unit_valid_from",
    "sheet" AS "sheet",
    "number" AS "number",
    "national_id" AS "national_id",
    "main_use" AS "main_use",
    "address" AS "address",
    "legal_area_m2" AS "legal_area_m2",
    "measured_area_m2" AS "measured_area_m2",
    "status" AS "status",
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature,
    md5(ROW("geom", "id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text) AS version
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE ("id") = ($8::text::bigint)
  LIMIT 1
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "900000"


-- merge: PATCH /collections/land.parcel/items/900000

SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', $1, true)
  $1 = "public"

SELECT md5(ROW("geom", "id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text) AS version,
    left(md5(ROW("geom")::text), 8) AS shape,
    left(md5(ROW("id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text), 8) AS values,
    json_build_object('type', 'Feature', 'id', CASE WHEN "id"::int8 BETWEEN -9007199254740991
  AND 9007199254740991 THEN to_json("id") ELSE to_json("id"::text) END, 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END, 4326)), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "id" AS "id",
    "unit_code" AS "unit_code",
    "unit_valid_from" AS "unit_valid_from",
    "sheet" AS "sheet",
    "number" AS "number",
    "national_id" AS "national_id",
    "main_use" AS "main_use",
    "address" AS "address",
    "legal_area_m2" AS "legal_area_m2",
    "measured_area_m2" AS "measured_area_m2",
    "status" AS "status",
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature,
    NOT ST_HasArc("geom")
  AND ST_GeometryType("geom") NOT IN ('ST_Tin', 'ST_Triangle', 'ST_PolyhedralSurface') AS is_straight,
    TRUE AS within
  FROM ONLY "land"."parcel"
  WHERE ("id") = ($8::text::bigint) FOR UPDATE
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "900000"

SELECT attname AS name
  FROM pg_attribute
  WHERE attrelid = to_regclass($1::text)
  AND attnum > 0
  AND (attgenerated <> ''
  OR attidentity = 'a')
  $1 = "\"land\".\"parcel\""

UPDATE ONLY "land"."parcel"
  SET ("sheet") = (SELECT given."sheet"
  FROM json_to_record($1::text::json) AS given("sheet" text))
  WHERE ("id") = ($2::text::bigint)
  RETURNING TRUE AS within
  $1 = "{\"sheet\":\"2\"}"
  $2 = "900000"

INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
  SELECT key_id, agency, purpose, action, layer, feature, request, request_id
  FROM json_to_recordset($1::json) AS entry( key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)
  $1 = "[{\"action\":\"change\",\"layer\":\"land.parcel\",\"feature\":\"900000\",\"request\":\"PATCH /collections/land.parcel/items/900000\",\"request_id\":\"<id>\"}]"

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["id"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', CASE WHEN "id"::int8 BETWEEN -9007199254740991
  AND 9007199254740991 THEN to_json("id") ELSE to_json("id"::text) END, 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END, 4326)), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "id" AS "id",
    "unit_code" AS "unit_code",
    "unit_valid_from" AS "unit_valid_from",
    "sheet" AS "sheet",
    "number" AS "number",
    "national_id" AS "national_id",
    "main_use" AS "main_use",
    "address" AS "address",
    "legal_area_m2" AS "legal_area_m2",
    "measured_area_m2" AS "measured_area_m2",
    "status" AS "status",
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature,
    md5(ROW("geom", "id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text) AS version
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE ("id") = ($8::text::bigint)
  LIMIT 1
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "900000"


-- replace: PUT /collections/land.parcel/items/900000

SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', $1, true)
  $1 = "public"

SELECT md5(ROW("geom", "id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text) AS version,
    left(md5(ROW("geom")::text), 8) AS shape,
    left(md5(ROW("id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text), 8) AS values,
    json_build_object('type', 'Feature', 'id', CASE WHEN "id"::int8 BETWEEN -9007199254740991
  AND 9007199254740991 THEN to_json("id") ELSE to_json("id"::text) END, 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END, 4326)), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "id" AS "id",
    "unit_code" AS "unit_code",
    "unit_valid_from" AS "unit_valid_from",
    "sheet" AS "sheet",
    "number" AS "number",
    "national_id" AS "national_id",
    "main_use" AS "main_use",
    "address" AS "address",
    "legal_area_m2" AS "legal_area_m2",
    "measured_area_m2" AS "measured_area_m2",
    "status" AS "status",
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature,
    NOT ST_HasArc("geom")
  AND ST_GeometryType("geom") NOT IN ('ST_Tin', 'ST_Triangle', 'ST_PolyhedralSurface') AS is_straight,
    TRUE AS within
  FROM ONLY "land"."parcel"
  WHERE ("id") = ($8::text::bigint) FOR UPDATE
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "900000"

SELECT attname AS name
  FROM pg_attribute
  WHERE attrelid = to_regclass($1::text)
  AND attnum > 0
  AND (attgenerated <> ''
  OR attidentity = 'a')
  $1 = "\"land\".\"parcel\""

SELECT ST_AsGeoJSON(ST_Transform(vertex.geom, $1::int), 9, 0)::json -> 'coordinates' AS shown,
    ST_X(vertex.geom) AS x,
    ST_Y(vertex.geom) AS y,
    ST_Z(vertex.geom) AS z,
    ST_M(vertex.geom) AS m
  FROM ONLY "land"."parcel", ST_DumpPoints("geom") AS vertex
  WHERE ("id") = ($2::text::bigint)
  AND abs(ST_X(vertex.geom)) + abs(ST_Y(vertex.geom)) + coalesce(abs(ST_Z(vertex.geom)), 0) < 'Infinity'
  $1 = 4326
  $2 = "900000"

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
  $7 = "SRID=4326;MULTIPOINT (106.66 11.12,106.67 11.12,106.67 11.13,106.66 11.12)"

SELECT ST_IsValid(g) AS valid,
    ST_IsValidReason(g) AS reason
  FROM (SELECT $1::text::geometry AS g) AS given
  $1 = "SRID=9210;MULTIPOLYGON (((599209.464674 1229881.133010,600301.915092 1229884.498460,600298.487211 1230990.675667,599209.464674 1229881.133010)))"

UPDATE ONLY "land"."parcel"
  SET ("geom") = (SELECT $1::text::geometry)
  WHERE ("id") = ($2::text::bigint)
  RETURNING TRUE AS within
  $1 = "SRID=9210;MULTIPOLYGON (((599209.464674 1229881.133010,600301.915092 1229884.498460,600298.487211 1230990.675667,599209.464674 1229881.133010)))"
  $2 = "900000"

INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
  SELECT key_id, agency, purpose, action, layer, feature, request, request_id
  FROM json_to_recordset($1::json) AS entry( key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)
  $1 = "[{\"action\":\"change\",\"layer\":\"land.parcel\",\"feature\":\"900000\",\"request\":\"PUT /collections/land.parcel/items/900000\",\"request_id\":\"<id>\"}]"

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["id"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', CASE WHEN "id"::int8 BETWEEN -9007199254740991
  AND 9007199254740991 THEN to_json("id") ELSE to_json("id"::text) END, 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END, 4326)), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "id" AS "id",
    "unit_code" AS "unit_code",
    "unit_valid_from" AS "unit_valid_from",
    "sheet" AS "sheet",
    "number" AS "number",
    "national_id" AS "national_id",
    "main_use" AS "main_use",
    "address" AS "address",
    "legal_area_m2" AS "legal_area_m2",
    "measured_area_m2" AS "measured_area_m2",
    "status" AS "status",
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature,
    md5(ROW("geom", "id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text) AS version
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE ("id") = ($8::text::bigint)
  LIMIT 1
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "900000"


-- delete: DELETE /collections/land.parcel/items/900000

SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', $1, true)
  $1 = "public"

SELECT md5(ROW("geom", "id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text) AS version,
    left(md5(ROW("geom")::text), 8) AS shape,
    left(md5(ROW("id", "unit_code", "unit_valid_from", "sheet", "number", "national_id", "main_use", "address", "legal_area_m2", "measured_area_m2", "status", "surveyed_on")::text), 8) AS values,
    json_build_object('type', 'Feature', 'id', CASE WHEN "id"::int8 BETWEEN -9007199254740991
  AND 9007199254740991 THEN to_json("id") ELSE to_json("id"::text) END, 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END, 4326)), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "id" AS "id",
    "unit_code" AS "unit_code",
    "unit_valid_from" AS "unit_valid_from",
    "sheet" AS "sheet",
    "number" AS "number",
    "national_id" AS "national_id",
    "main_use" AS "main_use",
    "address" AS "address",
    "legal_area_m2" AS "legal_area_m2",
    "measured_area_m2" AS "measured_area_m2",
    "status" AS "status",
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature,
    NOT ST_HasArc("geom")
  AND ST_GeometryType("geom") NOT IN ('ST_Tin', 'ST_Triangle', 'ST_PolyhedralSurface') AS is_straight,
    TRUE AS within
  FROM ONLY "land"."parcel"
  WHERE ("id") = ($8::text::bigint) FOR UPDATE
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = "900000"

DELETE
  FROM ONLY "land"."parcel"
  WHERE ("id") = ($1::text::bigint)
  $1 = "900000"

INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
  SELECT key_id, agency, purpose, action, layer, feature, request, request_id
  FROM json_to_recordset($1::json) AS entry( key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)
  $1 = <a long value>
