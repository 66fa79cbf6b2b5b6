-- What a domain, or a domain over a domain, comes down to: itself for every other type.
CREATE VIEW catalog.base_type (oid, base, typmod) AS
  WITH RECURSIVE unwrapped (oid, base, typmod) AS (
    SELECT oid, oid, -1 FROM pg_type WHERE typtype <> 'd'
    UNION ALL
    SELECT d.oid, b.base, CASE WHEN b.typmod = -1 THEN d.typtypmod ELSE b.typmod END
    FROM pg_type d JOIN unwrapped b ON b.oid = d.typbasetype WHERE d.typtype = 'd'
  )
  SELECT oid, base, typmod FROM unwrapped;

-- Functions are layers as well: what changes them is told like what changes tables.
DO $$
BEGIN
  DROP EVENT TRIGGER IF EXISTS diaba_definition_changed;
  CREATE EVENT TRIGGER diaba_definition_changed ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'ALTER TABLE', 'CREATE VIEW', 'ALTER VIEW', 'CREATE MATERIALIZED VIEW',
      'CREATE INDEX', 'CREATE FOREIGN TABLE', 'IMPORT FOREIGN SCHEMA', 'SELECT INTO', 'COMMENT', 'CREATE SCHEMA', 'GRANT', 'REVOKE',
      'CREATE FUNCTION', 'ALTER FUNCTION')
    EXECUTE FUNCTION catalog.definition_changed();
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'no right to create event triggers: the catalog is compared every 30 s';
END $$;

-- A column of a function's answer keeps its coordinate system through a domain only.
CREATE DOMAIN land.parcel_shape AS geometry(MultiPolygon, 9210);

-- 1 000 m: what QCVN 01:2021/BXD asks between a landfill and dwellings.
CREATE FUNCTION land.parcel_near_waste(within_m double precision DEFAULT 1000)
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
COMMENT ON FUNCTION land.parcel_near_waste IS 'Thửa đất gần cơ sở xử lý chất thải / Parcels near waste sites';
-- By default everyone may execute a function; what is published has been granted in so many words.
GRANT EXECUTE ON FUNCTION land.parcel_near_waste TO PUBLIC;
