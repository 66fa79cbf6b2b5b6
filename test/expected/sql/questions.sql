-- by number: GET /parcels?unit=Phú Lợi&sheet=1&number=1

SELECT code, valid_from AS "validFrom",
    full_name AS name,
    valid_to AS "validTo"
  FROM base.unit
  WHERE level = 'commune'
  AND search LIKE $1
  ORDER BY (search = $2
  OR regexp_replace(search, '^(phuong|xa|thi tran) ', '') = $3) DESC, valid_to IS NULL DESC, length(search), code
  LIMIT 20
  $1 = "%phu loi%"
  $2 = "phu loi"
  $3 = "phu loi"

WITH hit AS (SELECT id, min(matched) AS matched
  FROM (SELECT id, 'current' AS matched
  FROM land.parcel
  WHERE (sheet = $1
  AND number = $2::int
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  UNION ALL
  SELECT parcel_id, 'former'
  FROM land.parcel_alias
  WHERE (sheet = $7
  AND number = $8::int
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))) AS hits
  GROUP BY id
  ORDER BY min(matched), id
  LIMIT $13::int)
  SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId",
    p.address, p.status, p.surveyed_on AS "surveyedOn",
    p.legal_area_m2 AS "legalAreaM2",
    p.measured_area_m2 AS "measuredAreaM2",
    jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
    coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en, 'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
    coalesce(former.list, '[]') AS formerly,
    ST_AsGeoJSON(ST_ForcePolygonCCW(g.geom), 9, 0)::jsonb AS geometry,
    CASE WHEN g.geom IS NOT NULL THEN jsonb_build_array(ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)) END AS bbox
  FROM hit
  JOIN land.parcel p USING (id)
  CROSS
  JOIN LATERAL (SELECT ST_Transform(CASE WHEN ST_NumGeometries(p.geom) = 1
  AND ST_3DPerimeter(p.geom) < 'Infinity'
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $14::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC, k.code) AS list
  FROM land.parcel_use pu
  JOIN land.land_use_type k USING (code)
  WHERE pu.parcel_id = p.id) AS uses ON TRUE
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from, 'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until)
  ORDER BY a.until DESC NULLS LAST, a.id) AS list
  FROM land.parcel_alias a
  JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
  WHERE a.parcel_id = p.id) AS former ON TRUE
  ORDER BY hit.matched, p.unit_code, p.id
  $1 = "1"
  $2 = 1
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = "1"
  $8 = 1
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 20
  $14 = 4326

SELECT DISTINCT number, abs(number - $1::int) AS distance
  FROM ((
  SELECT number
  FROM "land"."parcel"
  WHERE (sheet = $2
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  AND number >= $7::int
  ORDER BY number ASC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel"
  WHERE (sheet = $8
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))
  AND number <= $13::int
  ORDER BY number DESC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel_alias"
  WHERE (sheet = $14
  AND (unit_code, unit_valid_from) IN (($15, $16::date), ($17, $18::date)))
  AND number >= $19::int
  ORDER BY number ASC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel_alias"
  WHERE (sheet = $20
  AND (unit_code, unit_valid_from) IN (($21, $22::date), ($23, $24::date)))
  AND number <= $25::int
  ORDER BY number DESC
  LIMIT 3)) AS near
  ORDER BY distance, number
  LIMIT 4
  $1 = 1
  $2 = "1"
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = 1
  $8 = "1"
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 1
  $14 = "1"
  $15 = "25750"
  $16 = "2025-07-01"
  $17 = "25744"
  $18 = "2004-01-01"
  $19 = 1
  $20 = "1"
  $21 = "25750"
  $22 = "2025-07-01"
  $23 = "25744"
  $24 = "2004-01-01"
  $25 = 1

WITH hit AS (SELECT id, min(matched) AS matched
  FROM (SELECT id, 'current' AS matched
  FROM land.parcel
  WHERE (sheet = $1
  AND number = $2::int
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  UNION ALL
  SELECT parcel_id, 'former'
  FROM land.parcel_alias
  WHERE (sheet = $7
  AND number = $8::int
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))) AS hits
  GROUP BY id
  ORDER BY min(matched), id
  LIMIT $13::int)
  SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId",
    p.address, p.status, p.surveyed_on AS "surveyedOn",
    p.legal_area_m2 AS "legalAreaM2",
    p.measured_area_m2 AS "measuredAreaM2",
    jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
    coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en, 'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
    coalesce(former.list, '[]') AS formerly,
    ST_AsGeoJSON(ST_ForcePolygonCCW(g.geom), 9, 0)::jsonb AS geometry,
    CASE WHEN g.geom IS NOT NULL THEN jsonb_build_array(ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)) END AS bbox
  FROM hit
  JOIN land.parcel p USING (id)
  CROSS
  JOIN LATERAL (SELECT ST_Transform(CASE WHEN ST_NumGeometries(p.geom) = 1
  AND ST_3DPerimeter(p.geom) < 'Infinity'
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $14::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC, k.code) AS list
  FROM land.parcel_use pu
  JOIN land.land_use_type k USING (code)
  WHERE pu.parcel_id = p.id) AS uses ON TRUE
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from, 'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until)
  ORDER BY a.until DESC NULLS LAST, a.id) AS list
  FROM land.parcel_alias a
  JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
  WHERE a.parcel_id = p.id) AS former ON TRUE
  ORDER BY hit.matched, p.unit_code, p.id
  $1 = "1"
  $2 = 1
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = "1"
  $8 = 1
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 1
  $14 = 4326

SELECT DISTINCT n.code, n.valid_from AS "validFrom",
    n.full_name AS name
  FROM base.unit_crosswalk c
  JOIN base.unit n ON (n.code, n.valid_from) = (c.new_code, c.new_valid_from)
  WHERE (c.old_code, c.old_valid_from) IN (($1, $2::date))
  ORDER BY n.full_name
  $1 = "25744"
  $2 = "2004-01-01"

SELECT max(surveyed_on) AS date
  FROM land.parcel
  WHERE ((unit_code, unit_valid_from) IN (($1, $2::date), ($3, $4::date)))
  $1 = "25750"
  $2 = "2025-07-01"
  $3 = "25744"
  $4 = "2004-01-01"

SELECT sheet
  FROM (SELECT DISTINCT sheet
  FROM land.parcel
  WHERE ((unit_code, unit_valid_from) IN (($1, $2::date), ($3, $4::date)))) AS sheets
  ORDER BY abs(coalesce(substring(sheet
  FROM '[0-9]{1,9}')::int, 0) - $5::int), sheet
  LIMIT 5
  $1 = "25750"
  $2 = "2025-07-01"
  $3 = "25744"
  $4 = "2004-01-01"
  $5 = 1


-- as people ask: GET /parcels?q=to 40 thua 12 phu loi

SELECT code, valid_from AS "validFrom",
    full_name AS name,
    valid_to AS "validTo"
  FROM base.unit
  WHERE level = 'commune'
  AND search LIKE $1
  ORDER BY (search = $2
  OR regexp_replace(search, '^(phuong|xa|thi tran) ', '') = $3) DESC, valid_to IS NULL DESC, length(search), code
  LIMIT 20
  $1 = "%phu loi%"
  $2 = "phu loi"
  $3 = "phu loi"

WITH hit AS (SELECT id, min(matched) AS matched
  FROM (SELECT id, 'current' AS matched
  FROM land.parcel
  WHERE (sheet = $1
  AND number = $2::int
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  UNION ALL
  SELECT parcel_id, 'former'
  FROM land.parcel_alias
  WHERE (sheet = $7
  AND number = $8::int
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))) AS hits
  GROUP BY id
  ORDER BY min(matched), id
  LIMIT $13::int)
  SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId",
    p.address, p.status, p.surveyed_on AS "surveyedOn",
    p.legal_area_m2 AS "legalAreaM2",
    p.measured_area_m2 AS "measuredAreaM2",
    jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
    coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en, 'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
    coalesce(former.list, '[]') AS formerly,
    ST_AsGeoJSON(ST_ForcePolygonCCW(g.geom), 9, 0)::jsonb AS geometry,
    CASE WHEN g.geom IS NOT NULL THEN jsonb_build_array(ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)) END AS bbox
  FROM hit
  JOIN land.parcel p USING (id)
  CROSS
  JOIN LATERAL (SELECT ST_Transform(CASE WHEN ST_NumGeometries(p.geom) = 1
  AND ST_3DPerimeter(p.geom) < 'Infinity'
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $14::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC, k.code) AS list
  FROM land.parcel_use pu
  JOIN land.land_use_type k USING (code)
  WHERE pu.parcel_id = p.id) AS uses ON TRUE
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from, 'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until)
  ORDER BY a.until DESC NULLS LAST, a.id) AS list
  FROM land.parcel_alias a
  JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
  WHERE a.parcel_id = p.id) AS former ON TRUE
  ORDER BY hit.matched, p.unit_code, p.id
  $1 = "40"
  $2 = 12
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = "40"
  $8 = 12
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 20
  $14 = 4326

SELECT DISTINCT number, abs(number - $1::int) AS distance
  FROM ((
  SELECT number
  FROM "land"."parcel"
  WHERE (sheet = $2
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  AND number >= $7::int
  ORDER BY number ASC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel"
  WHERE (sheet = $8
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))
  AND number <= $13::int
  ORDER BY number DESC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel_alias"
  WHERE (sheet = $14
  AND (unit_code, unit_valid_from) IN (($15, $16::date), ($17, $18::date)))
  AND number >= $19::int
  ORDER BY number ASC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel_alias"
  WHERE (sheet = $20
  AND (unit_code, unit_valid_from) IN (($21, $22::date), ($23, $24::date)))
  AND number <= $25::int
  ORDER BY number DESC
  LIMIT 3)) AS near
  ORDER BY distance, number
  LIMIT 4
  $1 = 12
  $2 = "40"
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = 12
  $8 = "40"
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 12
  $14 = "40"
  $15 = "25750"
  $16 = "2025-07-01"
  $17 = "25744"
  $18 = "2004-01-01"
  $19 = 12
  $20 = "40"
  $21 = "25750"
  $22 = "2025-07-01"
  $23 = "25744"
  $24 = "2004-01-01"
  $25 = 12

WITH hit AS (SELECT id, min(matched) AS matched
  FROM (SELECT id, 'current' AS matched
  FROM land.parcel
  WHERE (sheet = $1
  AND number = $2::int
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  UNION ALL
  SELECT parcel_id, 'former'
  FROM land.parcel_alias
  WHERE (sheet = $7
  AND number = $8::int
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))) AS hits
  GROUP BY id
  ORDER BY min(matched), id
  LIMIT $13::int)
  SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId",
    p.address, p.status, p.surveyed_on AS "surveyedOn",
    p.legal_area_m2 AS "legalAreaM2",
    p.measured_area_m2 AS "measuredAreaM2",
    jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
    coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en, 'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
    coalesce(former.list, '[]') AS formerly,
    ST_AsGeoJSON(ST_ForcePolygonCCW(g.geom), 9, 0)::jsonb AS geometry,
    CASE WHEN g.geom IS NOT NULL THEN jsonb_build_array(ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)) END AS bbox
  FROM hit
  JOIN land.parcel p USING (id)
  CROSS
  JOIN LATERAL (SELECT ST_Transform(CASE WHEN ST_NumGeometries(p.geom) = 1
  AND ST_3DPerimeter(p.geom) < 'Infinity'
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $14::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC, k.code) AS list
  FROM land.parcel_use pu
  JOIN land.land_use_type k USING (code)
  WHERE pu.parcel_id = p.id) AS uses ON TRUE
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from, 'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until)
  ORDER BY a.until DESC NULLS LAST, a.id) AS list
  FROM land.parcel_alias a
  JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
  WHERE a.parcel_id = p.id) AS former ON TRUE
  ORDER BY hit.matched, p.unit_code, p.id
  $1 = "12"
  $2 = 40
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = "12"
  $8 = 40
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 1
  $14 = 4326

SELECT DISTINCT n.code, n.valid_from AS "validFrom",
    n.full_name AS name
  FROM base.unit_crosswalk c
  JOIN base.unit n ON (n.code, n.valid_from) = (c.new_code, c.new_valid_from)
  WHERE (c.old_code, c.old_valid_from) IN (($1, $2::date))
  ORDER BY n.full_name
  $1 = "25744"
  $2 = "2004-01-01"

SELECT max(surveyed_on) AS date
  FROM land.parcel
  WHERE ((unit_code, unit_valid_from) IN (($1, $2::date), ($3, $4::date)))
  $1 = "25750"
  $2 = "2025-07-01"
  $3 = "25744"
  $4 = "2004-01-01"

SELECT sheet
  FROM (SELECT DISTINCT sheet
  FROM land.parcel
  WHERE ((unit_code, unit_valid_from) IN (($1, $2::date), ($3, $4::date)))) AS sheets
  ORDER BY abs(coalesce(substring(sheet
  FROM '[0-9]{1,9}')::int, 0) - $5::int), sheet
  LIMIT 5
  $1 = "25750"
  $2 = "2025-07-01"
  $3 = "25744"
  $4 = "2004-01-01"
  $5 = 40


-- none: GET /parcels?q=to 9999 thua 12 phu loi

SELECT code, valid_from AS "validFrom",
    full_name AS name,
    valid_to AS "validTo"
  FROM base.unit
  WHERE level = 'commune'
  AND search LIKE $1
  ORDER BY (search = $2
  OR regexp_replace(search, '^(phuong|xa|thi tran) ', '') = $3) DESC, valid_to IS NULL DESC, length(search), code
  LIMIT 20
  $1 = "%phu loi%"
  $2 = "phu loi"
  $3 = "phu loi"

WITH hit AS (SELECT id, min(matched) AS matched
  FROM (SELECT id, 'current' AS matched
  FROM land.parcel
  WHERE (sheet = $1
  AND number = $2::int
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  UNION ALL
  SELECT parcel_id, 'former'
  FROM land.parcel_alias
  WHERE (sheet = $7
  AND number = $8::int
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))) AS hits
  GROUP BY id
  ORDER BY min(matched), id
  LIMIT $13::int)
  SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId",
    p.address, p.status, p.surveyed_on AS "surveyedOn",
    p.legal_area_m2 AS "legalAreaM2",
    p.measured_area_m2 AS "measuredAreaM2",
    jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
    coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en, 'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
    coalesce(former.list, '[]') AS formerly,
    ST_AsGeoJSON(ST_ForcePolygonCCW(g.geom), 9, 0)::jsonb AS geometry,
    CASE WHEN g.geom IS NOT NULL THEN jsonb_build_array(ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)) END AS bbox
  FROM hit
  JOIN land.parcel p USING (id)
  CROSS
  JOIN LATERAL (SELECT ST_Transform(CASE WHEN ST_NumGeometries(p.geom) = 1
  AND ST_3DPerimeter(p.geom) < 'Infinity'
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $14::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC, k.code) AS list
  FROM land.parcel_use pu
  JOIN land.land_use_type k USING (code)
  WHERE pu.parcel_id = p.id) AS uses ON TRUE
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from, 'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until)
  ORDER BY a.until DESC NULLS LAST, a.id) AS list
  FROM land.parcel_alias a
  JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
  WHERE a.parcel_id = p.id) AS former ON TRUE
  ORDER BY hit.matched, p.unit_code, p.id
  $1 = "9999"
  $2 = 12
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = "9999"
  $8 = 12
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 20
  $14 = 4326

SELECT DISTINCT number, abs(number - $1::int) AS distance
  FROM ((
  SELECT number
  FROM "land"."parcel"
  WHERE (sheet = $2
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  AND number >= $7::int
  ORDER BY number ASC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel"
  WHERE (sheet = $8
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))
  AND number <= $13::int
  ORDER BY number DESC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel_alias"
  WHERE (sheet = $14
  AND (unit_code, unit_valid_from) IN (($15, $16::date), ($17, $18::date)))
  AND number >= $19::int
  ORDER BY number ASC
  LIMIT 3) UNION (
  SELECT number
  FROM "land"."parcel_alias"
  WHERE (sheet = $20
  AND (unit_code, unit_valid_from) IN (($21, $22::date), ($23, $24::date)))
  AND number <= $25::int
  ORDER BY number DESC
  LIMIT 3)) AS near
  ORDER BY distance, number
  LIMIT 4
  $1 = 12
  $2 = "9999"
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = 12
  $8 = "9999"
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 12
  $14 = "9999"
  $15 = "25750"
  $16 = "2025-07-01"
  $17 = "25744"
  $18 = "2004-01-01"
  $19 = 12
  $20 = "9999"
  $21 = "25750"
  $22 = "2025-07-01"
  $23 = "25744"
  $24 = "2004-01-01"
  $25 = 12

WITH hit AS (SELECT id, min(matched) AS matched
  FROM (SELECT id, 'current' AS matched
  FROM land.parcel
  WHERE (sheet = $1
  AND number = $2::int
  AND (unit_code, unit_valid_from) IN (($3, $4::date), ($5, $6::date)))
  UNION ALL
  SELECT parcel_id, 'former'
  FROM land.parcel_alias
  WHERE (sheet = $7
  AND number = $8::int
  AND (unit_code, unit_valid_from) IN (($9, $10::date), ($11, $12::date)))) AS hits
  GROUP BY id
  ORDER BY min(matched), id
  LIMIT $13::int)
  SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId",
    p.address, p.status, p.surveyed_on AS "surveyedOn",
    p.legal_area_m2 AS "legalAreaM2",
    p.measured_area_m2 AS "measuredAreaM2",
    jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
    coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en, 'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
    coalesce(former.list, '[]') AS formerly,
    ST_AsGeoJSON(ST_ForcePolygonCCW(g.geom), 9, 0)::jsonb AS geometry,
    CASE WHEN g.geom IS NOT NULL THEN jsonb_build_array(ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)) END AS bbox
  FROM hit
  JOIN land.parcel p USING (id)
  CROSS
  JOIN LATERAL (SELECT ST_Transform(CASE WHEN ST_NumGeometries(p.geom) = 1
  AND ST_3DPerimeter(p.geom) < 'Infinity'
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $14::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC, k.code) AS list
  FROM land.parcel_use pu
  JOIN land.land_use_type k USING (code)
  WHERE pu.parcel_id = p.id) AS uses ON TRUE
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from, 'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until)
  ORDER BY a.until DESC NULLS LAST, a.id) AS list
  FROM land.parcel_alias a
  JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
  WHERE a.parcel_id = p.id) AS former ON TRUE
  ORDER BY hit.matched, p.unit_code, p.id
  $1 = "12"
  $2 = 9999
  $3 = "25750"
  $4 = "2025-07-01"
  $5 = "25744"
  $6 = "2004-01-01"
  $7 = "12"
  $8 = 9999
  $9 = "25750"
  $10 = "2025-07-01"
  $11 = "25744"
  $12 = "2004-01-01"
  $13 = 1
  $14 = 4326

SELECT DISTINCT n.code, n.valid_from AS "validFrom",
    n.full_name AS name
  FROM base.unit_crosswalk c
  JOIN base.unit n ON (n.code, n.valid_from) = (c.new_code, c.new_valid_from)
  WHERE (c.old_code, c.old_valid_from) IN (($1, $2::date))
  ORDER BY n.full_name
  $1 = "25744"
  $2 = "2004-01-01"

SELECT max(surveyed_on) AS date
  FROM land.parcel
  WHERE ((unit_code, unit_valid_from) IN (($1, $2::date), ($3, $4::date)))
  $1 = "25750"
  $2 = "2025-07-01"
  $3 = "25744"
  $4 = "2004-01-01"

SELECT sheet
  FROM (SELECT DISTINCT sheet
  FROM land.parcel
  WHERE ((unit_code, unit_valid_from) IN (($1, $2::date), ($3, $4::date)))) AS sheets
  ORDER BY abs(coalesce(substring(sheet
  FROM '[0-9]{1,9}')::int, 0) - $5::int), sheet
  LIMIT 5
  $1 = "25750"
  $2 = "2025-07-01"
  $3 = "25744"
  $4 = "2004-01-01"
  $5 = 9999


-- at a place: GET /parcels/at?x=1215609&y=601347

SELECT ST_X(p) AS lon,
    ST_Y(p) AS lat
  FROM (
  SELECT ST_Transform(ST_SetSRID(ST_MakePoint($1::float8, $2::float8), $3::int), 4326) AS p) AS t
  $1 = 601347
  $2 = 1215609
  $3 = 9210

WITH hit AS (SELECT id, min(matched) AS matched
  FROM (SELECT id, 'current' AS matched
  FROM land.parcel
  WHERE geom && ST_Transform(ST_SetSRID(ST_MakePoint($1::float8, $2::float8), $3::int), 9210)
  AND ST_Intersects(CASE WHEN ST_NumGeometries(geom) = 1
  AND ST_3DPerimeter(geom) < 'Infinity'
  AND ST_NPoints(geom) > 1 THEN geom ELSE catalog.shape(geom) END, ST_Transform(ST_SetSRID(ST_MakePoint($4::float8, $5::float8), $6::int), 9210))) AS hits
  GROUP BY id
  ORDER BY min(matched), id
  LIMIT $7::int)
  SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId",
    p.address, p.status, p.surveyed_on AS "surveyedOn",
    p.legal_area_m2 AS "legalAreaM2",
    p.measured_area_m2 AS "measuredAreaM2",
    jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
    coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en, 'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
    coalesce(former.list, '[]') AS formerly,
    ST_AsGeoJSON(ST_ForcePolygonCCW(g.geom), 9, 0)::jsonb AS geometry,
    CASE WHEN g.geom IS NOT NULL THEN jsonb_build_array(ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)) END AS bbox
  FROM hit
  JOIN land.parcel p USING (id)
  CROSS
  JOIN LATERAL (SELECT ST_Transform(CASE WHEN ST_NumGeometries(p.geom) = 1
  AND ST_3DPerimeter(p.geom) < 'Infinity'
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $8::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC, k.code) AS list
  FROM land.parcel_use pu
  JOIN land.land_use_type k USING (code)
  WHERE pu.parcel_id = p.id) AS uses ON TRUE
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from, 'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until)
  ORDER BY a.until DESC NULLS LAST, a.id) AS list
  FROM land.parcel_alias a
  JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
  WHERE a.parcel_id = p.id) AS former ON TRUE
  ORDER BY hit.matched, p.unit_code, p.id
  $1 = 601347
  $2 = 1215609
  $3 = 9210
  $4 = 601347
  $5 = 1215609
  $6 = 9210
  $7 = 20
  $8 = 4326


-- by id: GET /parcels/7

WITH hit AS (SELECT id, min(matched) AS matched
  FROM (SELECT id, 'current' AS matched
  FROM land.parcel
  WHERE id = $1::bigint) AS hits
  GROUP BY id
  ORDER BY min(matched), id
  LIMIT $2::int)
  SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId",
    p.address, p.status, p.surveyed_on AS "surveyedOn",
    p.legal_area_m2 AS "legalAreaM2",
    p.measured_area_m2 AS "measuredAreaM2",
    jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
    coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en, 'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
    coalesce(former.list, '[]') AS formerly,
    ST_AsGeoJSON(ST_ForcePolygonCCW(g.geom), 9, 0)::jsonb AS geometry,
    CASE WHEN g.geom IS NOT NULL THEN jsonb_build_array(ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)) END AS bbox
  FROM hit
  JOIN land.parcel p USING (id)
  CROSS
  JOIN LATERAL (SELECT ST_Transform(CASE WHEN ST_NumGeometries(p.geom) = 1
  AND ST_3DPerimeter(p.geom) < 'Infinity'
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $3::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC, k.code) AS list
  FROM land.parcel_use pu
  JOIN land.land_use_type k USING (code)
  WHERE pu.parcel_id = p.id) AS uses ON TRUE
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from, 'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until)
  ORDER BY a.until DESC NULLS LAST, a.id) AS list
  FROM land.parcel_alias a
  JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
  WHERE a.parcel_id = p.id) AS former ON TRUE
  ORDER BY hit.matched, p.unit_code, p.id
  $1 = 7
  $2 = 1
  $3 = 4326


-- around a place: POST /processes/buffer/execution

SELECT (detail).valid, (detail).reason, ST_X((detail).location) AS x,
    ST_Y((detail).location) AS y,
    jsonb_build_array(ST_XMin(ST_Transform(geom, 4326)), ST_YMin(ST_Transform(geom, 4326)), ST_XMax(ST_Transform(geom, 4326)), ST_YMax(ST_Transform(geom, 4326))) AS box
  FROM (SELECT geom, ST_IsValidDetail(geom) AS detail
  FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON($1::text), $2::int) AS geom) AS given) AS checked
  $1 = "{\"type\":\"Point\",\"coordinates\":[106.6806,10.9876]}"
  $2 = 4326


-- cut: POST /processes/buffer/execution

SELECT (detail).valid, (detail).reason, ST_X((detail).location) AS x,
    ST_Y((detail).location) AS y,
    jsonb_build_array(ST_XMin(ST_Transform(geom, 4326)), ST_YMin(ST_Transform(geom, 4326)), ST_XMax(ST_Transform(geom, 4326)), ST_YMax(ST_Transform(geom, 4326))) AS box
  FROM (SELECT geom, ST_IsValidDetail(geom) AS detail
  FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON($1::text), $2::int) AS geom) AS given) AS checked
  $1 = "{\"type\":\"Point\",\"coordinates\":[106.6806,10.9876]}"
  $2 = 4326


-- around features: POST /processes/buffer/execution

SELECT count, vertices, found, widthless, CASE WHEN extent IS NOT NULL THEN jsonb_build_array(ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent)) END AS box
  FROM (
  SELECT count(*) AS count,
    coalesce(sum(ST_NPoints("geom")), 0)::int8 AS vertices,
    ST_Transform(ST_SetSRID(ST_Extent(CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DLength("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END)::geometry, $1::int), 4326) AS extent,
    0 AS widthless,
    jsonb_agg("id"::text) AS found
  FROM "base"."road"
  WHERE (CASE WHEN ST_NumGeometries("geom") = 1
  AND ST_3DLength("geom") < 'Infinity'
  AND ST_NPoints("geom") > 1 THEN "geom" ELSE catalog.shape("geom") END IS NOT NULL
  AND "id" = ANY($2::text[]::int8[]))) AS selection
  $1 = 9210
  $2 = ["1","2"]
