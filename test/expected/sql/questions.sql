-- by number: GET /parcels?unit=Phú Lợi&sheet=1&number=1

SELECT u.code, u.valid_from AS "validFrom",
    u.valid_to AS "validTo",
    u.full_name AS name,
    u.level, u.parent_code AS "parentCode",
    names.key, names.initials, coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('code', n.code, 'validFrom', n.valid_from, 'validTo', n.valid_to, 'name', n.full_name, 'parentCode', n.parent_code))
  FROM base.unit_crosswalk w
  JOIN base.unit n ON (n.code, n.valid_from) = (w.new_code, w.new_valid_from)
  JOIN base.unit o ON (o.code, o.valid_from) = (w.old_code, w.old_valid_from)
  WHERE (o.code, o.valid_from) = (u.code, u.valid_from)
  OR (u.level = 'district'
  AND o.parent_code = u.code)), '[]') AS successors,
    coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('code', o.code, 'validFrom', o.valid_from, 'validTo', o.valid_to, 'name', o.full_name, 'parentCode', o.parent_code))
  FROM base.unit_crosswalk w
  JOIN base.unit o ON (o.code, o.valid_from) = (w.old_code, w.old_valid_from)
  WHERE (w.new_code, w.new_valid_from) = (u.code, u.valid_from)), '[]') AS predecessors,
    coalesce((SELECT jsonb_agg(jsonb_build_object('code', c.code, 'validFrom', c.valid_from, 'validTo', c.valid_to, 'name', c.full_name, 'parentCode', c.parent_code)
  ORDER BY c.code, c.valid_from)
  FROM base.unit c
  WHERE u.level = 'district'
  AND c.parent_code = u.code
  AND c.level = 'commune'), '[]') AS communes
  FROM base.unit u
  CROSS
  JOIN LATERAL (SELECT CASE WHEN u.code = ANY($1::text[]) THEN u.code ELSE replace(base.fold(u.name), ' ', '') END AS key,
    regexp_replace(base.fold(u.name), '([a-z0-9])[a-z0-9]* ?', '\1', 'g') AS initials) AS names
  WHERE u.code = ANY($2::text[])
  OR replace(base.fold(u.name), ' ', '') = ANY($3::text[])
  OR regexp_replace(base.fold(u.name), '([a-z0-9])[a-z0-9]* ?', '\1', 'g') = ANY($4::text[])
  ORDER BY u.valid_to IS NULL DESC, u.valid_from DESC, u.code
  LIMIT 500
  $1 = ["phuloi","phu","loi"]
  $2 = ["phuloi","phu","loi"]
  $3 = ["phuloi","phu","loi"]
  $4 = ["phuloi","phu","loi"]

WITH hits AS MATERIALIZED (SELECT DISTINCT ON (id) id, matched, tier, place
  FROM (SELECT id, matched, CASE matched WHEN 'current' THEN scope.current ELSE scope.former END AS tier,
    place
  FROM (
  SELECT id, 'current' AS matched,
    unit_code, unit_valid_from, array_position($1::int[], "number") AS place
  FROM land.parcel
  WHERE "sheet" = ANY($2::text[])
  AND "number" = ANY($3::int[])
  UNION ALL
  SELECT parcel_id, 'former', unit_code, unit_valid_from, array_position($4::int[], "number") AS place
  FROM land.parcel_alias
  WHERE "sheet" = ANY($5::text[])
  AND "number" = ANY($6::int[])
  UNION ALL
  SELECT id, 'successor', unit_code, unit_valid_from, array_position($7::int[], "number") AS place
  FROM ( WITH RECURSIVE heir (unit_code, unit_valid_from, number, id) AS (
  SELECT parent_unit_code, parent_unit_valid_from, parent_number, child_id
  FROM land.parcel_lineage
  WHERE "parent_sheet" = ANY($8::text[])
  AND "parent_number" = ANY($9::int[]) UNION
  SELECT heir.unit_code, heir.unit_valid_from, heir.number, next.child_id
  FROM heir
  JOIN land.parcel_lineage AS next ON next.parent_id = heir.id)
  SELECT heir.id, heir.unit_code, heir.unit_valid_from, heir.number
  FROM heir
  JOIN land.parcel ON parcel.id = heir.id) AS heirs) AS found
  JOIN unnest($10::text[], $11::date[], $12::int[], $13::int[]) AS scope (code, valid_from, current, former) ON (scope.code, scope.valid_from) = (unit_code, unit_valid_from)) AS hits
  WHERE tier IS NOT NULL
  ORDER BY id, tier, matched, place), hit AS (SELECT id, matched, tier, place, count(*) OVER () AS total
  FROM hits
  WHERE tier < 2
  OR NOT EXISTS (SELECT
  FROM hits AS better
  WHERE better.tier < 2)
  ORDER BY tier, matched, place, id
  LIMIT $14::int OFFSET $15::int)
  SELECT p.id, hit.matched, hit.total, p.sheet, p.number, p.national_id AS "nationalId",
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
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $16::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC NULLS LAST, k.code) AS list
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
  ORDER BY hit.tier, hit.matched, hit.place, p.id
  $1 = [1]
  $2 = ["1"]
  $3 = [1]
  $4 = [1]
  $5 = ["1"]
  $6 = [1]
  $7 = [1]
  $8 = ["1"]
  $9 = [1]
  $10 = ["25750","25744","25741","25750"]
  $11 = ["2025-07-01","2004-01-01","2004-01-01","2004-01-01"]
  $12 = [0,0,null,null]
  $13 = [1,1,2,2]
  $14 = 20
  $15 = 0
  $16 = 4326


-- as people ask: GET /parcels?q=to 40 thua 12 phu loi

SELECT u.code, u.valid_from AS "validFrom",
    u.valid_to AS "validTo",
    u.full_name AS name,
    u.level, u.parent_code AS "parentCode",
    names.key, names.initials, coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('code', n.code, 'validFrom', n.valid_from, 'validTo', n.valid_to, 'name', n.full_name, 'parentCode', n.parent_code))
  FROM base.unit_crosswalk w
  JOIN base.unit n ON (n.code, n.valid_from) = (w.new_code, w.new_valid_from)
  JOIN base.unit o ON (o.code, o.valid_from) = (w.old_code, w.old_valid_from)
  WHERE (o.code, o.valid_from) = (u.code, u.valid_from)
  OR (u.level = 'district'
  AND o.parent_code = u.code)), '[]') AS successors,
    coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('code', o.code, 'validFrom', o.valid_from, 'validTo', o.valid_to, 'name', o.full_name, 'parentCode', o.parent_code))
  FROM base.unit_crosswalk w
  JOIN base.unit o ON (o.code, o.valid_from) = (w.old_code, w.old_valid_from)
  WHERE (w.new_code, w.new_valid_from) = (u.code, u.valid_from)), '[]') AS predecessors,
    coalesce((SELECT jsonb_agg(jsonb_build_object('code', c.code, 'validFrom', c.valid_from, 'validTo', c.valid_to, 'name', c.full_name, 'parentCode', c.parent_code)
  ORDER BY c.code, c.valid_from)
  FROM base.unit c
  WHERE u.level = 'district'
  AND c.parent_code = u.code
  AND c.level = 'commune'), '[]') AS communes
  FROM base.unit u
  CROSS
  JOIN LATERAL (SELECT CASE WHEN u.code = ANY($1::text[]) THEN u.code ELSE replace(base.fold(u.name), ' ', '') END AS key,
    regexp_replace(base.fold(u.name), '([a-z0-9])[a-z0-9]* ?', '\1', 'g') AS initials) AS names
  WHERE u.code = ANY($2::text[])
  OR replace(base.fold(u.name), ' ', '') = ANY($3::text[])
  OR regexp_replace(base.fold(u.name), '([a-z0-9])[a-z0-9]* ?', '\1', 'g') = ANY($4::text[])
  ORDER BY u.valid_to IS NULL DESC, u.valid_from DESC, u.code
  LIMIT 500
  $1 = ["phuloi","phu","loi"]
  $2 = ["phuloi","phu","loi"]
  $3 = ["phuloi","phu","loi"]
  $4 = ["phuloi","phu","loi"]

WITH hits AS MATERIALIZED (SELECT DISTINCT ON (id) id, matched, tier, place
  FROM (SELECT id, matched, CASE matched WHEN 'current' THEN scope.current ELSE scope.former END AS tier,
    place
  FROM (
  SELECT id, 'current' AS matched,
    unit_code, unit_valid_from, array_position($1::int[], "number") AS place
  FROM land.parcel
  WHERE "sheet" = ANY($2::text[])
  AND "number" = ANY($3::int[])
  UNION ALL
  SELECT parcel_id, 'former', unit_code, unit_valid_from, array_position($4::int[], "number") AS place
  FROM land.parcel_alias
  WHERE "sheet" = ANY($5::text[])
  AND "number" = ANY($6::int[])
  UNION ALL
  SELECT id, 'successor', unit_code, unit_valid_from, array_position($7::int[], "number") AS place
  FROM ( WITH RECURSIVE heir (unit_code, unit_valid_from, number, id) AS (
  SELECT parent_unit_code, parent_unit_valid_from, parent_number, child_id
  FROM land.parcel_lineage
  WHERE "parent_sheet" = ANY($8::text[])
  AND "parent_number" = ANY($9::int[]) UNION
  SELECT heir.unit_code, heir.unit_valid_from, heir.number, next.child_id
  FROM heir
  JOIN land.parcel_lineage AS next ON next.parent_id = heir.id)
  SELECT heir.id, heir.unit_code, heir.unit_valid_from, heir.number
  FROM heir
  JOIN land.parcel ON parcel.id = heir.id) AS heirs) AS found
  JOIN unnest($10::text[], $11::date[], $12::int[], $13::int[]) AS scope (code, valid_from, current, former) ON (scope.code, scope.valid_from) = (unit_code, unit_valid_from)) AS hits
  WHERE tier IS NOT NULL
  ORDER BY id, tier, matched, place), hit AS (SELECT id, matched, tier, place, count(*) OVER () AS total
  FROM hits
  WHERE tier < 2
  OR NOT EXISTS (SELECT
  FROM hits AS better
  WHERE better.tier < 2)
  ORDER BY tier, matched, place, id
  LIMIT $14::int OFFSET $15::int)
  SELECT p.id, hit.matched, hit.total, p.sheet, p.number, p.national_id AS "nationalId",
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
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $16::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC NULLS LAST, k.code) AS list
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
  ORDER BY hit.tier, hit.matched, hit.place, p.id
  $1 = [12]
  $2 = ["40"]
  $3 = [12]
  $4 = [12]
  $5 = ["40"]
  $6 = [12]
  $7 = [12]
  $8 = ["40"]
  $9 = [12]
  $10 = ["25750","25744","25741","25750"]
  $11 = ["2025-07-01","2004-01-01","2004-01-01","2004-01-01"]
  $12 = [0,0,null,null]
  $13 = [1,1,2,2]
  $14 = 20
  $15 = 0
  $16 = 4326


-- none: GET /parcels?q=to 9999 thua 12 phu loi

SELECT u.code, u.valid_from AS "validFrom",
    u.valid_to AS "validTo",
    u.full_name AS name,
    u.level, u.parent_code AS "parentCode",
    names.key, names.initials, coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('code', n.code, 'validFrom', n.valid_from, 'validTo', n.valid_to, 'name', n.full_name, 'parentCode', n.parent_code))
  FROM base.unit_crosswalk w
  JOIN base.unit n ON (n.code, n.valid_from) = (w.new_code, w.new_valid_from)
  JOIN base.unit o ON (o.code, o.valid_from) = (w.old_code, w.old_valid_from)
  WHERE (o.code, o.valid_from) = (u.code, u.valid_from)
  OR (u.level = 'district'
  AND o.parent_code = u.code)), '[]') AS successors,
    coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('code', o.code, 'validFrom', o.valid_from, 'validTo', o.valid_to, 'name', o.full_name, 'parentCode', o.parent_code))
  FROM base.unit_crosswalk w
  JOIN base.unit o ON (o.code, o.valid_from) = (w.old_code, w.old_valid_from)
  WHERE (w.new_code, w.new_valid_from) = (u.code, u.valid_from)), '[]') AS predecessors,
    coalesce((SELECT jsonb_agg(jsonb_build_object('code', c.code, 'validFrom', c.valid_from, 'validTo', c.valid_to, 'name', c.full_name, 'parentCode', c.parent_code)
  ORDER BY c.code, c.valid_from)
  FROM base.unit c
  WHERE u.level = 'district'
  AND c.parent_code = u.code
  AND c.level = 'commune'), '[]') AS communes
  FROM base.unit u
  CROSS
  JOIN LATERAL (SELECT CASE WHEN u.code = ANY($1::text[]) THEN u.code ELSE replace(base.fold(u.name), ' ', '') END AS key,
    regexp_replace(base.fold(u.name), '([a-z0-9])[a-z0-9]* ?', '\1', 'g') AS initials) AS names
  WHERE u.code = ANY($2::text[])
  OR replace(base.fold(u.name), ' ', '') = ANY($3::text[])
  OR regexp_replace(base.fold(u.name), '([a-z0-9])[a-z0-9]* ?', '\1', 'g') = ANY($4::text[])
  ORDER BY u.valid_to IS NULL DESC, u.valid_from DESC, u.code
  LIMIT 500
  $1 = ["phuloi","phu","loi"]
  $2 = ["phuloi","phu","loi"]
  $3 = ["phuloi","phu","loi"]
  $4 = ["phuloi","phu","loi"]

WITH hits AS MATERIALIZED (SELECT DISTINCT ON (id) id, matched, tier, place
  FROM (SELECT id, matched, CASE matched WHEN 'current' THEN scope.current ELSE scope.former END AS tier,
    place
  FROM (
  SELECT id, 'current' AS matched,
    unit_code, unit_valid_from, array_position($1::int[], "number") AS place
  FROM land.parcel
  WHERE "sheet" = ANY($2::text[])
  AND "number" = ANY($3::int[])
  UNION ALL
  SELECT parcel_id, 'former', unit_code, unit_valid_from, array_position($4::int[], "number") AS place
  FROM land.parcel_alias
  WHERE "sheet" = ANY($5::text[])
  AND "number" = ANY($6::int[])
  UNION ALL
  SELECT id, 'successor', unit_code, unit_valid_from, array_position($7::int[], "number") AS place
  FROM ( WITH RECURSIVE heir (unit_code, unit_valid_from, number, id) AS (
  SELECT parent_unit_code, parent_unit_valid_from, parent_number, child_id
  FROM land.parcel_lineage
  WHERE "parent_sheet" = ANY($8::text[])
  AND "parent_number" = ANY($9::int[]) UNION
  SELECT heir.unit_code, heir.unit_valid_from, heir.number, next.child_id
  FROM heir
  JOIN land.parcel_lineage AS next ON next.parent_id = heir.id)
  SELECT heir.id, heir.unit_code, heir.unit_valid_from, heir.number
  FROM heir
  JOIN land.parcel ON parcel.id = heir.id) AS heirs) AS found
  JOIN unnest($10::text[], $11::date[], $12::int[], $13::int[]) AS scope (code, valid_from, current, former) ON (scope.code, scope.valid_from) = (unit_code, unit_valid_from)) AS hits
  WHERE tier IS NOT NULL
  ORDER BY id, tier, matched, place), hit AS (SELECT id, matched, tier, place, count(*) OVER () AS total
  FROM hits
  WHERE tier < 2
  OR NOT EXISTS (SELECT
  FROM hits AS better
  WHERE better.tier < 2)
  ORDER BY tier, matched, place, id
  LIMIT $14::int OFFSET $15::int)
  SELECT p.id, hit.matched, hit.total, p.sheet, p.number, p.national_id AS "nationalId",
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
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $16::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC NULLS LAST, k.code) AS list
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
  ORDER BY hit.tier, hit.matched, hit.place, p.id
  $1 = [12]
  $2 = ["9999"]
  $3 = [12]
  $4 = [12]
  $5 = ["9999"]
  $6 = [12]
  $7 = [12]
  $8 = ["9999"]
  $9 = [12]
  $10 = ["25750","25744","25741","25750"]
  $11 = ["2025-07-01","2004-01-01","2004-01-01","2004-01-01"]
  $12 = [0,0,null,null]
  $13 = [1,1,2,2]
  $14 = 20
  $15 = 0
  $16 = 4326

SELECT l.event, l.happened_on AS "happenedOn",
    jsonb_build_object('code', u.code, 'validFrom', u.valid_from, 'name', u.full_name) AS unit,
    l.parent_sheet AS sheet,
    l.parent_number AS number,
    jsonb_agg(DISTINCT jsonb_build_object('id', p.id, 'sheet', coalesce(p.sheet, gone.parent_sheet), 'number', coalesce(p.number, gone.parent_number))) AS children,
    coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('sheet', o.parent_sheet, 'number', o.parent_number))
  FROM land.parcel_lineage o
  WHERE l.event = 'merge'
  AND o.child_id = min(l.child_id)
  AND o.parent_id <> l.parent_id), '[]') AS "mergedWith"
  FROM land.parcel_lineage l
  JOIN base.unit u ON (u.code, u.valid_from) = (l.parent_unit_code, l.parent_unit_valid_from)
  LEFT
  JOIN land.parcel p ON p.id = l.child_id
  LEFT
  JOIN land.parcel_lineage gone ON gone.parent_id = l.child_id
  WHERE l.parent_sheet = ANY($1::text[])
  AND l.parent_number = ANY($2::int[])
  AND EXISTS (SELECT
  FROM unnest($3::text[], $4::date[], $5::int[], $6::int[]) AS scope (code, valid_from, current, former)
  WHERE (scope.code, scope.valid_from) = (l.parent_unit_code, l.parent_unit_valid_from)
  AND scope.former IS NOT NULL)
  GROUP BY l.parent_id, l.event, l.happened_on, u.code, u.valid_from, u.full_name, l.parent_sheet, l.parent_number
  ORDER BY l.happened_on, l.parent_id
  LIMIT 20
  $1 = ["9999"]
  $2 = [12]
  $3 = ["25750","25744","25741","25750"]
  $4 = ["2025-07-01","2004-01-01","2004-01-01","2004-01-01"]
  $5 = [0,0,null,null]
  $6 = [1,1,2,2]

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

WITH hits AS MATERIALIZED (SELECT DISTINCT ON (id) id, matched, tier, place
  FROM (SELECT id, matched, CASE matched WHEN 'current' THEN scope.current ELSE scope.former END AS tier,
    place
  FROM (
  SELECT id, 'current' AS matched,
    unit_code, unit_valid_from, array_position($1::int[], "number") AS place
  FROM land.parcel
  WHERE "sheet" = ANY($2::text[])
  AND "number" = ANY($3::int[])
  UNION ALL
  SELECT parcel_id, 'former', unit_code, unit_valid_from, array_position($4::int[], "number") AS place
  FROM land.parcel_alias
  WHERE "sheet" = ANY($5::text[])
  AND "number" = ANY($6::int[])
  UNION ALL
  SELECT id, 'successor', unit_code, unit_valid_from, array_position($7::int[], "number") AS place
  FROM ( WITH RECURSIVE heir (unit_code, unit_valid_from, number, id) AS (
  SELECT parent_unit_code, parent_unit_valid_from, parent_number, child_id
  FROM land.parcel_lineage
  WHERE "parent_sheet" = ANY($8::text[])
  AND "parent_number" = ANY($9::int[]) UNION
  SELECT heir.unit_code, heir.unit_valid_from, heir.number, next.child_id
  FROM heir
  JOIN land.parcel_lineage AS next ON next.parent_id = heir.id)
  SELECT heir.id, heir.unit_code, heir.unit_valid_from, heir.number
  FROM heir
  JOIN land.parcel ON parcel.id = heir.id) AS heirs) AS found
  JOIN unnest($10::text[], $11::date[], $12::int[], $13::int[]) AS scope (code, valid_from, current, former) ON (scope.code, scope.valid_from) = (unit_code, unit_valid_from)) AS hits
  WHERE tier IS NOT NULL
  ORDER BY id, tier, matched, place), hit AS (SELECT id, matched, tier, place, count(*) OVER () AS total
  FROM hits
  WHERE tier < 2
  OR NOT EXISTS (SELECT
  FROM hits AS better
  WHERE better.tier < 2)
  ORDER BY tier, matched, place, id
  LIMIT $14::int OFFSET $15::int)
  SELECT p.id, hit.matched, hit.total, p.sheet, p.number, p.national_id AS "nationalId",
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
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $16::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC NULLS LAST, k.code) AS list
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
  ORDER BY hit.tier, hit.matched, hit.place, p.id
  $1 = [9999]
  $2 = ["12"]
  $3 = [9999]
  $4 = [9999]
  $5 = ["12"]
  $6 = [9999]
  $7 = [9999]
  $8 = ["12"]
  $9 = [9999]
  $10 = ["25750","25744","25741","25750"]
  $11 = ["2025-07-01","2004-01-01","2004-01-01","2004-01-01"]
  $12 = [0,0,null,null]
  $13 = [1,1,2,2]
  $14 = 1
  $15 = 0
  $16 = 4326

WITH hits AS MATERIALIZED (SELECT DISTINCT ON (id) id, matched, tier, place
  FROM (SELECT id, matched, (matched <> 'current')::int AS tier,
    place
  FROM (
  SELECT id, 'current' AS matched,
    unit_code, unit_valid_from, array_position($1::int[], "number") AS place
  FROM land.parcel
  WHERE "sheet" = ANY($2::text[])
  AND "number" = ANY($3::int[])
  UNION ALL
  SELECT parcel_id, 'former', unit_code, unit_valid_from, array_position($4::int[], "number") AS place
  FROM land.parcel_alias
  WHERE "sheet" = ANY($5::text[])
  AND "number" = ANY($6::int[])
  UNION ALL
  SELECT id, 'successor', unit_code, unit_valid_from, array_position($7::int[], "number") AS place
  FROM ( WITH RECURSIVE heir (unit_code, unit_valid_from, number, id) AS (
  SELECT parent_unit_code, parent_unit_valid_from, parent_number, child_id
  FROM land.parcel_lineage
  WHERE "parent_sheet" = ANY($8::text[])
  AND "parent_number" = ANY($9::int[]) UNION
  SELECT heir.unit_code, heir.unit_valid_from, heir.number, next.child_id
  FROM heir
  JOIN land.parcel_lineage AS next ON next.parent_id = heir.id)
  SELECT heir.id, heir.unit_code, heir.unit_valid_from, heir.number
  FROM heir
  JOIN land.parcel ON parcel.id = heir.id) AS heirs) AS found) AS hits
  WHERE tier IS NOT NULL
  ORDER BY id, tier, matched, place), hit AS (SELECT id, matched, tier, place, count(*) OVER () AS total
  FROM hits
  WHERE tier < 2
  OR NOT EXISTS (SELECT
  FROM hits AS better
  WHERE better.tier < 2)
  ORDER BY tier, matched, place, id
  LIMIT $10::int OFFSET $11::int)
  SELECT p.id, hit.matched, hit.total, p.sheet, p.number, p.national_id AS "nationalId",
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
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $12::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC NULLS LAST, k.code) AS list
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
  ORDER BY hit.tier, hit.matched, hit.place, p.id
  $1 = [12]
  $2 = ["9999"]
  $3 = [12]
  $4 = [12]
  $5 = ["9999"]
  $6 = [12]
  $7 = [12]
  $8 = ["9999"]
  $9 = [12]
  $10 = 1
  $11 = 0
  $12 = 4326

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

WITH hits AS MATERIALIZED (SELECT DISTINCT ON (id) id, matched, tier, place
  FROM (SELECT id, 'current' AS matched,
    0 AS tier,
    1 AS place
  FROM land.parcel
  WHERE geom && ST_Transform(ST_SetSRID(ST_MakePoint($1::float8, $2::float8), $3::int), 9210)
  AND ST_Intersects(CASE WHEN ST_NumGeometries(geom) = 1
  AND ST_3DPerimeter(geom) < 'Infinity'
  AND ST_NPoints(geom) > 1 THEN geom ELSE catalog.shape(geom) END, ST_Transform(ST_SetSRID(ST_MakePoint($4::float8, $5::float8), $6::int), 9210))) AS hits
  WHERE tier IS NOT NULL
  ORDER BY id, tier, matched, place), hit AS (SELECT id, matched, tier, place, count(*) OVER () AS total
  FROM hits
  WHERE tier < 2
  OR NOT EXISTS (SELECT
  FROM hits AS better
  WHERE better.tier < 2)
  ORDER BY tier, matched, place, id
  LIMIT $7::int OFFSET $8::int)
  SELECT p.id, hit.matched, hit.total, p.sheet, p.number, p.national_id AS "nationalId",
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
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $9::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC NULLS LAST, k.code) AS list
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
  ORDER BY hit.tier, hit.matched, hit.place, p.id
  $1 = 601347
  $2 = 1215609
  $3 = 9210
  $4 = 601347
  $5 = 1215609
  $6 = 9210
  $7 = 20
  $8 = 0
  $9 = 4326


-- by id: GET /parcels/7

WITH hits AS MATERIALIZED (SELECT DISTINCT ON (id) id, matched, tier, place
  FROM (SELECT id, 'current' AS matched,
    0 AS tier,
    1 AS place
  FROM land.parcel
  WHERE id = $1::bigint) AS hits
  WHERE tier IS NOT NULL
  ORDER BY id, tier, matched, place), hit AS (SELECT id, matched, tier, place, count(*) OVER () AS total
  FROM hits
  WHERE tier < 2
  OR NOT EXISTS (SELECT
  FROM hits AS better
  WHERE better.tier < 2)
  ORDER BY tier, matched, place, id
  LIMIT $2::int OFFSET $3::int)
  SELECT p.id, hit.matched, hit.total, p.sheet, p.number, p.national_id AS "nationalId",
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
  AND ST_NPoints(p.geom) > 1 THEN p.geom ELSE catalog.shape(p.geom) END, $4::int) AS geom OFFSET 0) AS g
  JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
  JOIN land.land_use_type t ON t.code = p.main_use
  LEFT
  JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour, 'areaM2', pu.area_m2)
  ORDER BY pu.area_m2 DESC NULLS LAST, k.code) AS list
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
  ORDER BY hit.tier, hit.matched, hit.place, p.id
  $1 = 7
  $2 = 1
  $3 = 0
  $4 = 4326


-- around a place: POST /processes/buffer/execution

SELECT (detail).valid, (detail).reason, ST_X((detail).location) AS x,
    ST_Y((detail).location) AS y,
    jsonb_build_array(ST_XMin(ST_Transform(geom, 4326)), ST_YMin(ST_Transform(geom, 4326)), ST_XMax(ST_Transform(geom, 4326)), ST_YMax(ST_Transform(geom, 4326))) AS box
  FROM (SELECT geom, ST_IsValidDetail(geom) AS detail
  FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON($1::text), $2::int) AS geom) AS given) AS checked
  $1 = "{\"type\":\"Point\",\"coordinates\":[106.6806,10.9876]}"
  $2 = 4326

INSERT INTO result.job (id, process, inputs, execution, access_class, key_id, restricted_layers, expires_at)
  SELECT $1, $2, $3::json, $4::json, $5, $6, $7::text[], clock_timestamp() + make_interval(days => $8::int)
  WHERE (SELECT count(*)
  FROM result.job
  WHERE status = 'accepted') < $9::int
  RETURNING id
  $1 = "<id>"
  $2 = "buffer"
  $3 = <a long value>
  $4 = "{\"outputs\":[\"job\",\"buffer\",\"bbox\",\"units\",\"layers\",\"zones\",\"coverage\",\"featuresTruncated\",\"notes\",\"links\"],\"form\":\"document\"}"
  $5 = "public"
  $6 = null
  $7 = []
  $8 = 30
  $9 = 20

UPDATE result.job
  SET status = 'successful', progress = 100, finished_at = clock_timestamp(), updated_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(days => $1::int), "values" = $2::json
  WHERE id = $3
  AND worker = $4
  AND status = 'running'
  RETURNING id
  $1 = 30
  $2 = <a long value>
  $3 = "<id>"
  $4 = "<id>"


-- cut: POST /processes/buffer/execution

SELECT (detail).valid, (detail).reason, ST_X((detail).location) AS x,
    ST_Y((detail).location) AS y,
    jsonb_build_array(ST_XMin(ST_Transform(geom, 4326)), ST_YMin(ST_Transform(geom, 4326)), ST_XMax(ST_Transform(geom, 4326)), ST_YMax(ST_Transform(geom, 4326))) AS box
  FROM (SELECT geom, ST_IsValidDetail(geom) AS detail
  FROM (SELECT ST_SetSRID(ST_GeomFromGeoJSON($1::text), $2::int) AS geom) AS given) AS checked
  $1 = "{\"type\":\"Point\",\"coordinates\":[106.6806,10.9876]}"
  $2 = 4326

INSERT INTO result.job (id, process, inputs, execution, access_class, key_id, restricted_layers, expires_at)
  SELECT $1, $2, $3::json, $4::json, $5, $6, $7::text[], clock_timestamp() + make_interval(days => $8::int)
  WHERE (SELECT count(*)
  FROM result.job
  WHERE status = 'accepted') < $9::int
  RETURNING id
  $1 = "<id>"
  $2 = "buffer"
  $3 = <a long value>
  $4 = "{\"outputs\":[\"job\",\"buffer\",\"bbox\",\"units\",\"layers\",\"zones\",\"coverage\",\"featuresTruncated\",\"notes\",\"links\"],\"form\":\"document\"}"
  $5 = "public"
  $6 = null
  $7 = []
  $8 = 30
  $9 = 20

UPDATE result.job
  SET status = 'successful', progress = 100, finished_at = clock_timestamp(), updated_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(days => $1::int), "values" = $2::json
  WHERE id = $3
  AND worker = $4
  AND status = 'running'
  RETURNING id
  $1 = 30
  $2 = <a long value>
  $3 = "<id>"
  $4 = "<id>"


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

INSERT INTO result.job (id, process, inputs, execution, access_class, key_id, restricted_layers, expires_at)
  SELECT $1, $2, $3::json, $4::json, $5, $6, $7::text[], clock_timestamp() + make_interval(days => $8::int)
  WHERE (SELECT count(*)
  FROM result.job
  WHERE status = 'accepted') < $9::int
  RETURNING id
  $1 = "<id>"
  $2 = "buffer"
  $3 = <a long value>
  $4 = "{\"outputs\":[\"job\",\"buffer\",\"bbox\",\"units\",\"layers\",\"zones\",\"coverage\",\"featuresTruncated\",\"notes\",\"links\"],\"form\":\"document\"}"
  $5 = "public"
  $6 = null
  $7 = []
  $8 = 30
  $9 = 20

UPDATE result.job
  SET status = 'successful', progress = 100, finished_at = clock_timestamp(), updated_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(days => $1::int), "values" = $2::json
  WHERE id = $3
  AND worker = $4
  AND status = 'running'
  RETURNING id
  $1 = 30
  $2 = <a long value>
  $3 = "<id>"
  $4 = "<id>"
