-- first page: GET /collections/odd.composite_key/items?limit=2

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "code", "valid_from"
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
  FROM "odd"."composite_key"
  WHERE TRUE
  LIMIT $1::int) AS counted
  $1 = 200001


-- page: GET /collections/odd.composite_key/items?limit=2&bbox=106.6,10.9,106.8,11.1&datetime=2020-01-01/..&filter=valid_from > DATE('2021-01-01')&q=phu

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE ((("geom" && ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int)
  AND ST_Intersects(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, ST_Transform(ST_Segmentize(ST_MakeEnvelope($15::float8, $16::float8, $17::float8, $18::float8, $19::int), $20::float8), $21::int)))
  OR "geom" IS NULL)
  AND (("valid_from" >= ($22::text::timestamptz AT TIME ZONE 'UTC')::date))
  AND (concat_ws(E'\x01', "code"::text) ~ $23::text)
  AND ("valid_from" > $24::date))) AS item
  WHERE TRUE
  ORDER BY "code", "valid_from"
  LIMIT $25::int
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
  $24 = "2021-01-01"
  $25 = 3

SELECT count(*)::int AS count
  FROM (
  SELECT
  FROM "odd"."composite_key"
  WHERE ((("geom" && ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)
  AND ST_Intersects(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int)))
  OR "geom" IS NULL)
  AND (("valid_from" >= ($15::text::timestamptz AT TIME ZONE 'UTC')::date))
  AND (concat_ws(E'\x01', "code"::text) ~ $16::text)
  AND ("valid_from" > $17::date))
  LIMIT $18::int) AS counted
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
  $17 = "2021-01-01"
  $18 = 200001


-- sorted page in VN-2000: GET /collections/odd.composite_key/items?limit=2&sortby=valid_from&properties=code&crs=EPSG:9210&skipGeometry=false

SELECT to_json(ARRAY["valid_from"::text]::text[]) AS sort,
    to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN TRUE THEN ST_AsGeoJSON(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 15, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "valid_from" ASC NULLS LAST, "code", "valid_from"
  LIMIT $1::int
  $1 = 3

SELECT count(*)::int AS count
  FROM (
  SELECT
  FROM "odd"."composite_key"
  WHERE TRUE
  LIMIT $1::int) AS counted
  $1 = 200001


-- feature: GET /collections/odd.composite_key/items/25747:2020-01-01

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
  $8 = "25747"
  $9 = "2020-01-01"


-- page of HTML: GET /collections/odd.composite_key/items?limit=2&f=html

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "code", "valid_from"
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
  FROM "odd"."composite_key"
  WHERE TRUE
  LIMIT $1::int) AS counted
  $1 = 200001


-- CSV: GET /collections/odd.composite_key/items?limit=2&f=csv

SELECT to_json(ARRAY[to_json(replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A')) #>> '{}', ("code")::text, ("valid_from")::text, CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN trim_scale(round(ST_X(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326))::numeric, 9))::text END, CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int)) THEN trim_scale(round(ST_Y(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326))::numeric, 9))::text END]::text[]) AS cells
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "code", "valid_from"
  LIMIT $15::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 100
  $9 = 4
  $10 = 120
  $11 = 25
  $12 = 4326
  $13 = 1.3125
  $14 = 9210
  $15 = 2


-- GeoJSON: GET /collections/odd.composite_key/items?limit=2&f=geojson&sortby=valid_from

SELECT json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE TRUE
  ORDER BY "valid_from" ASC NULLS LAST, "code", "valid_from"
  LIMIT $8::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 2


-- GeoPackage: GET /collections/odd.composite_key/items?limit=2&f=gpkg


-- WFS: GET /wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=odd.composite_key&count=2&bbox=106.6,10.9,106.8,11.1,CRS84

SELECT to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS "diaba key",
    (replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'))::text AS "diaba id",
    NULL AS "diaba version",
    CASE WHEN TRUE THEN ST_AsGeoJSON(ST_Force2D(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END), 15, 0) END AS "diaba geometry",
    to_json(ARRAY[("code")::text, ("valid_from")::text]::text[]) AS "diaba values",
    NULL AS "diaba feature"
  FROM (SELECT *
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE ("geom" && (SELECT catalog.sound(ST_Transform(ST_Segmentize(ST_Intersection(catalog.sound(ST_SetSRID(ST_GeomFromGeoJSON($1::text), $2::int)), ST_MakeEnvelope($3::float8, $4::float8, $5::float8, $6::float8, $7::int), 1e-11), $8::float8), $9::int)))
  AND ST_Intersects(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, (SELECT catalog.sound(ST_Transform(ST_Segmentize(ST_Intersection(catalog.sound(ST_SetSRID(ST_GeomFromGeoJSON($10::text), $11::int)), ST_MakeEnvelope($12::float8, $13::float8, $14::float8, $15::float8, $16::int), 1e-11), $17::float8), $18::int)))))) AS item
  WHERE TRUE
  ORDER BY "code", "valid_from"
  LIMIT $19::int8) AS item
  ORDER BY "code", "valid_from"
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


-- WFS hits: GET /wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=odd.composite_key&resultType=hits

SELECT count(*) AS count
  FROM (SELECT
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE TRUE) AS item
  WHERE TRUE) AS counted


-- WMS feature info: GET /wms?service=WMS&version=1.3.0&request=GetFeatureInfo&layers=odd.composite_key&query_layers=odd.composite_key&styles=&crs=CRS:84&bbox=106.6,10.9,106.8,11.1&width=500&height=500&i=250&j=250&info_format=application/json

SELECT to_json(ARRAY[]::text[]) AS sort,
    to_json(ARRAY["code"::text, "valid_from"::text]::text[]) AS key,
    json_build_object('type', 'Feature', 'id', replace(replace("code"::text, '%', '%25'), ':', '%3A') || ':' || replace(replace("valid_from"::text, '%', '%25'), ':', '%3A'), 'geometry', CASE WHEN "geom" @ (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)) THEN ST_AsGeoJSON(ST_Transform(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, 4326), 9, 0)::json END, 'properties', (SELECT row_to_json("diaba fields")
  FROM (SELECT "code" AS "code",
    "valid_from" AS "valid_from") AS "diaba fields"))::text AS feature
  FROM (SELECT *
  FROM "odd"."composite_key"
  WHERE ((("geom" && ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int)
  AND ST_Intersects(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, ST_Transform(ST_Segmentize(ST_MakeEnvelope($15::float8, $16::float8, $17::float8, $18::float8, $19::int), $20::float8), $21::int)))))) AS item
  WHERE TRUE
  ORDER BY "code", "valid_from"
  LIMIT $22::int
  $1 = 100
  $2 = 4
  $3 = 120
  $4 = 25
  $5 = 4326
  $6 = 1.3125
  $7 = 9210
  $8 = 106.697000
  $9 = 10.9966
  $10 = 106.7034
  $11 = 11.003
  $12 = 4326
  $13 = 0.000400
  $14 = 9210
  $15 = 106.697000
  $16 = 10.9966
  $17 = 106.7034
  $18 = 11.003
  $19 = 4326
  $20 = 0.000400
  $21 = 9210
  $22 = 2

SELECT count(*)::int AS count
  FROM (
  SELECT
  FROM "odd"."composite_key"
  WHERE ((("geom" && ST_Transform(ST_Segmentize(ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, $5::int), $6::float8), $7::int)
  AND ST_Intersects(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END, ST_Transform(ST_Segmentize(ST_MakeEnvelope($8::float8, $9::float8, $10::float8, $11::float8, $12::int), $13::float8), $14::int)))))
  LIMIT $15::int) AS counted
  $1 = 106.697000
  $2 = 10.9966
  $3 = 106.7034
  $4 = 11.003
  $5 = 4326
  $6 = 0.000400
  $7 = 9210
  $8 = 106.697000
  $9 = 10.9966
  $10 = 106.7034
  $11 = 11.003
  $12 = 4326
  $13 = 0.000400
  $14 = 9210
  $15 = 200001


-- extent: GET /collections/odd.composite_key?f=json

SELECT CASE WHEN e IS NULL THEN NULL ELSE jsonb_build_array(ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)) END AS box
  FROM (SELECT ST_Transform(ST_Segmentize(box, greatest(ST_XMax(box) - ST_XMin(box), ST_YMax(box) - ST_YMin(box), 1e-9) / 16), 4326) AS e
  FROM (SELECT ST_SetSRID((SELECT ST_Extent(CASE WHEN abs(ST_X("geom")) + abs(ST_Y("geom")) + coalesce(abs(ST_Z("geom")), 0) < 'Infinity' THEN "geom" ELSE catalog.shape("geom") END)
  FROM "odd"."composite_key"
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
  FROM (SELECT min("valid_from") AS "begin",
    max("valid_from") AS "end"
  FROM "odd"."composite_key") AS span


-- tileset: GET /collections/odd.composite_key/tiles/WebMercatorQuad?f=json
