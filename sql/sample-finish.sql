-- Steps that the database does better than the generator: clipping, corridors from the banks, counters, statistics.
-- Overlays have a precision of 1 mm and start from ST_Normalize. Every version of GEOS thus gives the same, and none
-- fails.

-- A region whose edge returns to a corner within a millimetre touches itself there.
UPDATE base.land_cover SET geom = ST_Multi(ST_CollectionExtract(ST_MakeValid(geom), 3)) WHERE NOT ST_IsValid(geom);
UPDATE base.unit SET geom = ST_Multi(ST_CollectionExtract(ST_MakeValid(geom), 3)) WHERE NOT ST_IsValid(geom);
UPDATE land.planning_zone SET geom = ST_Multi(ST_CollectionExtract(ST_MakeValid(geom), 3)) WHERE NOT ST_IsValid(geom);
UPDATE land.parcel SET geom = ST_Multi(ST_CollectionExtract(ST_MakeValid(geom), 3))
WHERE main_use IN ('DGT', 'SON', 'MNC') AND NOT ST_IsValid(geom);

-- Roads to be built, or widened to 76 m, are zones of their own, cut out of the others.
CREATE TEMPORARY TABLE sample_widening ON COMMIT DROP AS
SELECT name, ST_Buffer(geom, 38, 'endcap=flat quad_segs=2') AS geom
FROM base.road WHERE name IN ('Vành đai 3', 'Vành đai 4', 'Đại lộ Bình Dương', 'ĐT746')
UNION ALL SELECT name, ST_Buffer(geom, width_m::float8 / 2, 'endcap=flat quad_segs=2') FROM land.planned_road;

UPDATE land.planning_zone AS zone
SET geom = ST_Multi(ST_Normalize(ST_CollectionExtract(ST_Difference(zone.geom, road.geom, 0.001), 3)))
FROM (SELECT ST_Union(geom, 0.001) AS geom FROM sample_widening) AS road
WHERE zone.plan = 'land_use' AND ST_Intersects(zone.geom, road.geom);

INSERT INTO land.planning_zone (plan, zone_code, name, land_use_code, period, decision, geom)
SELECT 'land_use', 'DGT', 'Đất giao thông: ' || name, 'DGT', '2021-2030', 'QĐ 2164/QĐ-UBND', ST_Multi(ST_Normalize(ST_CollectionExtract(ST_Difference(w.geom,
  coalesce((SELECT ST_Union(o.geom, 0.001) FROM sample_widening o WHERE o.name COLLATE "C" < w.name), ST_GeomFromText('POLYGON EMPTY', 9210)), 0.001), 3)))
FROM sample_widening w ORDER BY name COLLATE "C";

DELETE FROM land.planning_zone WHERE ST_IsEmpty(geom);

-- Corridors are measured from the edge: the bank, the outermost rail, the land of the road (carriageway and 4 m each
-- side).
INSERT INTO environment.protection_corridor (name, kind, preset_id, distance_m, geom)
SELECT 'Hành lang bảo vệ ' || lower(left(water.name, 1)) || substr(water.name, 2), 'water', preset.id, preset.distance_m,
  ST_Multi(ST_Normalize(ST_Difference(ST_Buffer(water.geom, preset.distance_m::float8, 'quad_segs=4'), water.geom, 0.001)))
FROM base.water_body AS water
JOIN land.buffer_preset AS preset ON preset.id = CASE
  WHEN water.kind = 'reservoir' THEN 'water_lake_10'
  WHEN water.name IN ('Sông Sài Gòn', 'Sông Đồng Nai') THEN 'water_river_30'
  WHEN water.name = 'Sông Thị Tính' THEN 'water_river_20' ELSE 'water_river_15' END
ORDER BY water.id;

INSERT INTO environment.protection_corridor (name, kind, preset_id, distance_m, geom)
SELECT 'Hành lang an toàn ' || road.name, 'road', preset.id, preset.distance_m,
  ST_Multi(ST_Normalize(ST_Difference(
    ST_Buffer(road.geom, (road.width_m / 2 + 4 + preset.distance_m)::float8, 'endcap=flat quad_segs=2'),
    ST_Buffer(road.geom, (road.width_m / 2 + 4)::float8, 'endcap=flat quad_segs=2'), 0.001)))
FROM base.road AS road JOIN land.buffer_preset AS preset ON preset.id = CASE WHEN road.kind = 'provincial' THEN 'road_13' ELSE 'road_17' END
WHERE road.kind IN ('expressway', 'provincial') AND road.name IS NOT NULL
ORDER BY road.id;

INSERT INTO environment.protection_corridor (name, kind, preset_id, distance_m, geom)
SELECT 'Hành lang an toàn ' || rail.name, 'rail', preset.id, preset.distance_m,
  ST_Multi(ST_Normalize(ST_UnaryUnion(ST_Buffer(rail.geom, (8 + preset.distance_m)::float8, 'endcap=flat quad_segs=2'), 0.001)))
FROM base.railway AS rail JOIN land.buffer_preset AS preset ON preset.id = 'rail_corridor_3' WHERE rail.kind = 'rail'
ORDER BY rail.id;

INSERT INTO environment.protection_corridor (name, kind, preset_id, distance_m, geom)
SELECT 'Khoảng cách an toàn ' || site.name, 'environment', preset.id, preset.distance_m,
  ST_Multi(ST_Normalize(ST_Difference(ST_Buffer(site.geom, preset.distance_m::float8), site.geom, 0.001)))
FROM environment.waste_site AS site
JOIN land.buffer_preset AS preset ON preset.id = CASE site.kind
  WHEN 'landfill' THEN 'env_landfill_1000' WHEN 'transfer' THEN 'env_waste_transfer_20' ELSE 'env_waste_plant_500' END
WHERE site.status <> 'planned' ORDER BY site.id;

-- Ids of later rows continue where the sample ends.
SELECT setval(pg_get_serial_sequence('land.parcel', 'id'), greatest(max(id), 1)) FROM land.parcel;
SELECT setval(pg_get_serial_sequence('environment.station', 'id'), max(id)) FROM environment.station;
SELECT setval(pg_get_serial_sequence('environment.permit', 'id'), max(id)) FROM environment.permit;

ANALYZE base.unit, base.control_point, base.contour, base.waterway, base.water_body, base.place, base.road, base.railway,
  base.building, base.land_cover, land.parcel, land.parcel_use, land.parcel_alias, land.parcel_lineage, land.right_holder,
  land.planning_zone, land.planned_road, environment.station, environment.observation, environment.permit, environment.discharge,
  environment.waste_site, environment.protection_corridor;
