-- first page: GET /collections/land.parcel/items?limit=2

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
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "id"
  LIMIT $8::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 3

SELECT count(*)::int AS count
  FROM (
  SELECT
  FROM "land"."parcel"
  WHERE TRUE
  LIMIT $1::int) AS counted
  $1 = 200001


-- page: GET /collections/land.parcel/items?limit=2&bbox=106.6,10.9,106.8,11.1&datetime=2020-01-01/..&filter=main_use = 'ODT' AND legal_area_m2 > 500&q=phu

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
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE ((("geom" && ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int)
  AND ST_Intersects(catalog.sound(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END), ST_Transform(ST_Segmentize(ST_MakeEnvelope($15::float8, $16::float8, $17::float8, $18::float8, $19::int), $20::float8), $21::int))))
  AND (("surveyed_on" >= ($22::text::timestamptz AT TIME ZONE 'UTC')::date)
  OR "surveyed_on" IS NULL)
  AND (concat_ws(E'\x01', "unit_code"::text, "sheet"::text, "national_id"::text, "main_use"::text, "address"::text, "status"::text) ~ $23::text)
  AND ((("main_use"::text = $24::text)
  AND ("legal_area_m2" > $25::int8))))) AS item
  WHERE TRUE
  ORDER BY "id"
  LIMIT $26::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 106.6
  $9 = 10.9
  $10 = 106.8
  $11 = 11.1
  $12 = 4326
  $13 = 0.012500
  $14 = 9210
  $15 = 106.6
  $16 = 10.9
  $17 = 106.8
  $18 = 11.1
  $19 = 4326
  $20 = 0.012500
  $21 = 9210
  $22 = "2020-01-01T00:00:00Z"
  $23 = "[PpṔṕṖṗ][̀-ͯ]*[HhĤĥȞȟḢḣḤḥḦḧḨḩḪḫẖ][̀-ͯ]*[UuÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰự][̀-ͯ]*"
  $24 = "ODT"
  $25 = 500
  $26 = 3

SELECT count(*)::int AS count
  FROM (
  SELECT
  FROM "land"."parcel"
  WHERE ((("geom" && ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)
  AND ST_Intersects(catalog.sound(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END), ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int))))
  AND (("surveyed_on" >= ($15::text::timestamptz AT TIME ZONE 'UTC')::date)
  OR "surveyed_on" IS NULL)
  AND (concat_ws(E'\x01', "unit_code"::text, "sheet"::text, "national_id"::text, "main_use"::text, "address"::text, "status"::text) ~ $16::text)
  AND ((("main_use"::text = $17::text)
  AND ("legal_area_m2" > $18::int8))))
  LIMIT $19::int) AS counted
  $1 = 106.6
  $2 = 10.9
  $3 = 106.8
  $4 = 11.1
  $5 = 4326
  $6 = 0.012500
  $7 = 9210
  $8 = 106.6
  $9 = 10.9
  $10 = 106.8
  $11 = 11.1
  $12 = 4326
  $13 = 0.012500
  $14 = 9210
  $15 = "2020-01-01T00:00:00Z"
  $16 = "[PpṔṕṖṗ][̀-ͯ]*[HhĤĥȞȟḢḣḤḥḦḧḨḩḪḫẖ][̀-ͯ]*[UuÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰự][̀-ͯ]*"
  $17 = "ODT"
  $18 = 500
  $19 = 200001


-- sorted page in VN-2000: GET /collections/land.parcel/items?limit=2&sortby=-legal_area_m2,sheet&properties=sheet,number&crs=EPSG:9210&skipGeometry=false

SELECT to_json(ARRAY["legal_area_m2"::text, "sheet"::text]::text[]) AS sort,
    to_json(ARRAY["id"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', CASE WHEN "id"::int8 BETWEEN -9007199254740991
  AND 9007199254740991 THEN to_json("id") ELSE to_json("id"::text) END, 'geometry', CASE WHEN TRUE THEN ST_AsGeoJSON(ST_ForcePolygonCCW(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END), 15, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "sheet" AS "sheet",
    "number" AS "number") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "legal_area_m2" DESC NULLS FIRST, "sheet" ASC NULLS LAST, "id"
  LIMIT $1::int
  $1 = 3

SELECT count(*)::int AS count
  FROM (
  SELECT
  FROM "land"."parcel"
  WHERE TRUE
  LIMIT $1::int) AS counted
  $1 = 200001


-- feature: GET /collections/land.parcel/items/7

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
  $8 = "7"


-- page of HTML: GET /collections/land.parcel/items?limit=2&f=html

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
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "id"
  LIMIT $8::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 3

SELECT count(*)::int AS count
  FROM (
  SELECT
  FROM "land"."parcel"
  WHERE TRUE
  LIMIT $1::int) AS counted
  $1 = 200001


-- CSV: GET /collections/land.parcel/items?limit=2&f=csv

SELECT to_json(ARRAY[("id")::text, ("unit_code")::text, ("unit_valid_from")::text, ("sheet")::text, ("number")::text, ("national_id")::text, ("main_use")::text, ("address")::text, ("legal_area_m2")::text, ("measured_area_m2")::text, ("status")::text, ("surveyed_on")::text, CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsText(ST_Transform(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END, 4326), 9) END]::text[]) AS cells
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "id"
  LIMIT $8::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 2


-- GeoJSON: GET /collections/land.parcel/items?limit=2&f=geojson&sortby=-legal_area_m2,sheet

SELECT json_build_object('type', 'Feature', 'id', CASE WHEN "id"::int8 BETWEEN -9007199254740991
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
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "legal_area_m2" DESC NULLS FIRST, "sheet" ASC NULLS LAST, "id"
  LIMIT $8::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 2


-- GeoPackage: GET /collections/land.parcel/items?limit=2&f=gpkg


-- WFS: GET /wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=land.parcel&count=2&bbox=106.6,10.9,106.8,11.1,CRS84

SELECT to_json(ARRAY["id"::text]::text[]) AS "diaba key",
    ("id"::text)::text AS "diaba id",
    NULL AS "diaba version",
    CASE WHEN TRUE THEN ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Force2D(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END)), 15, 0) END AS "diaba geometry",
    to_json(ARRAY[("id")::text, ("unit_code")::text, ("unit_valid_from")::text, ("sheet")::text, ("number")::text, ("national_id")::text, ("main_use")::text, ("address")::text, ("legal_area_m2")::text, ("measured_area_m2")::text, ("status")::text, ("surveyed_on")::text]::text[]) AS "diaba values",
    NULL AS "diaba feature"
  FROM (SELECT *
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE ("geom" && (SELECT catalog.sound(ST_Transform(ST_Segmentize(ST_Intersection(catalog.sound(ST_SetSRID(ST_GeomFromGeoJSON($1::text), $2::int)), ST_MakeEnvelope($3::float8, $4::float8, $5::float8, $6::float8, $7::int), 1e-11), $8::float8), $9::int)))
  AND ST_Intersects(catalog.sound(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END), (SELECT catalog.sound(ST_Transform(ST_Segmentize(ST_Intersection(catalog.sound(ST_SetSRID(ST_GeomFromGeoJSON($10::text), $11::int)), ST_MakeEnvelope($12::float8, $13::float8, $14::float8, $15::float8, $16::int), 1e-11), $17::float8), $18::int)))))) AS item
  WHERE TRUE
  ORDER BY "id"
  LIMIT $19::int8) AS item
  ORDER BY "id"
  $1 = "{\"type\":\"Polygon\",\"coordinates\":[[[106.6,10.9],[106.8,10.9],[106.8,11.1],[106.6,11.1],[106.6,10.9]]]}"
  $2 = 4326
  $3 = 100
  $4 = 4
  $5 = 120
  $6 = 25
  $7 = 4326
  $8 = 0.012500
  $9 = 9210
  $10 = "{\"type\":\"Polygon\",\"coordinates\":[[[106.6,10.9],[106.8,10.9],[106.8,11.1],[106.6,11.1],[106.6,10.9]]]}"
  $11 = 4326
  $12 = 100
  $13 = 4
  $14 = 120
  $15 = 25
  $16 = 4326
  $17 = 0.012500
  $18 = 9210
  $19 = 3

SELECT count(*) AS count
  FROM (SELECT
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE ("geom" && (SELECT catalog.sound(ST_Transform(ST_Segmentize(ST_Intersection(catalog.sound(ST_SetSRID(ST_GeomFromGeoJSON($1::text), $2::int)), ST_MakeEnvelope($3::float8, $4::float8, $5::float8, $6::float8, $7::int), 1e-11), $8::float8), $9::int)))
  AND ST_Intersects(catalog.sound(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END), (SELECT catalog.sound(ST_Transform(ST_Segmentize(ST_Intersection(catalog.sound(ST_SetSRID(ST_GeomFromGeoJSON($10::text), $11::int)), ST_MakeEnvelope($12::float8, $13::float8, $14::float8, $15::float8, $16::int), 1e-11), $17::float8), $18::int)))))) AS item
  WHERE TRUE
  LIMIT $19::int8 OFFSET $20::int8) AS counted
  $1 = "{\"type\":\"Polygon\",\"coordinates\":[[[106.6,10.9],[106.8,10.9],[106.8,11.1],[106.6,11.1],[106.6,10.9]]]}"
  $2 = 4326
  $3 = 100
  $4 = 4
  $5 = 120
  $6 = 25
  $7 = 4326
  $8 = 0.012500
  $9 = 9210
  $10 = "{\"type\":\"Polygon\",\"coordinates\":[[[106.6,10.9],[106.8,10.9],[106.8,11.1],[106.6,11.1],[106.6,10.9]]]}"
  $11 = 4326
  $12 = 100
  $13 = 4
  $14 = 120
  $15 = 25
  $16 = 4326
  $17 = 0.012500
  $18 = 9210
  $19 = 200001
  $20 = 0


-- WFS hits: GET /wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=land.parcel&resultType=hits

SELECT count(*) AS count
  FROM (SELECT
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE TRUE) AS item
  WHERE TRUE) AS counted


-- WMS feature info: GET /wms?service=WMS&version=1.3.0&request=GetFeatureInfo&layers=land.parcel&query_layers=land.parcel&styles=&crs=CRS:84&bbox=106.6,10.9,106.8,11.1&width=500&height=500&i=250&j=250&info_format=application/json

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
    "surveyed_on" AS "surveyed_on") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "land"."parcel"
  WHERE ((("geom" && ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int)
  AND ST_Intersects(catalog.sound(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END), ST_Transform(ST_Segmentize(ST_MakeEnvelope($15::float8, $16::float8, $17::float8, $18::float8, $19::int), $20::float8), $21::int)))))) AS item
  WHERE TRUE
  ORDER BY "id"
  LIMIT $22::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 106.700100
  $9 = 10.9997
  $10 = 106.7003
  $11 = 10.9999
  $12 = 4326
  $13 = 0.000013
  $14 = 9210
  $15 = 106.700100
  $16 = 10.9997
  $17 = 106.7003
  $18 = 10.9999
  $19 = 4326
  $20 = 0.000013
  $21 = 9210
  $22 = 2

SELECT count(*)::int AS count
  FROM (
  SELECT
  FROM "land"."parcel"
  WHERE ((("geom" && ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)
  AND ST_Intersects(catalog.sound(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DPerimeter("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END), ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int)))))
  LIMIT $15::int) AS counted
  $1 = 106.700100
  $2 = 10.9997
  $3 = 106.7003
  $4 = 10.9999
  $5 = 4326
  $6 = 0.000013
  $7 = 9210
  $8 = 106.700100
  $9 = 10.9997
  $10 = 106.7003
  $11 = 10.9999
  $12 = 4326
  $13 = 0.000013
  $14 = 9210
  $15 = 200001


-- extent: GET /collections/land.parcel?f=json

SELECT CASE WHEN e IS NULL THEN NULL ELSE jsonb_build_array(ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)) END AS box
  FROM (SELECT ST_Transform(ST_Segmentize(box, greatest(ST_XMax(box) - ST_XMin(box), ST_YMax(box) - ST_YMin(box), 1e-9) / 16), 4326) AS e
  FROM (SELECT ST_SetSRID((SELECT ST_Extent(CASE WHEN ST_Perimeter("geom") < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END)
  FROM "land"."parcel"
  WHERE "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)))::geometry, $8::int) AS box OFFSET 0) AS source OFFSET 0) AS extent
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 9210

SELECT to_json("begin") #>> '{}' AS "begin",
    to_json("end") #>> '{}' AS "end"
  FROM (SELECT min("surveyed_on") AS "begin",
    max("surveyed_on") AS "end"
  FROM "land"."parcel") AS span


-- tileset: GET /collections/land.parcel/tiles/WebMercatorQuad?f=json
