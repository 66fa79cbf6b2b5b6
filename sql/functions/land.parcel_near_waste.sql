-- 1 000 m is the distance that QCVN 01:2021/BXD requires between a landfill and dwellings.
CREATE OR REPLACE FUNCTION land.parcel_near_waste(within_m double precision DEFAULT 1000)
  RETURNS TABLE (
    id bigint, unit_code text, sheet text, number integer, main_use text, waste_site text, distance_m numeric, geom land.parcel_shape)
  LANGUAGE sql STABLE AS $$
  SELECT p.id, p.unit_code, p.sheet, p.number, p.main_use, near.name, round(near.distance::numeric, 1), p.geom
  FROM land.parcel AS p
  JOIN (
    SELECT DISTINCT ON (p.id) p.id, w.name, ST_Distance(p.geom, w.geom) AS distance
    FROM environment.waste_site AS w JOIN land.parcel AS p ON ST_DWithin(p.geom, w.geom, within_m)
    ORDER BY p.id, distance) AS near ON near.id = p.id
$$;
