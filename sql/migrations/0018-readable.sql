-- A materialised view WITH NO DATA is no layer until it is filled, a foreign table none until its server is named right:
-- what does so is told like a change of a definition.
DO $$
BEGIN
  DROP EVENT TRIGGER IF EXISTS diaba_definition_changed;
  CREATE EVENT TRIGGER diaba_definition_changed ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'ALTER TABLE', 'CREATE VIEW', 'ALTER VIEW', 'CREATE MATERIALIZED VIEW',
      'REFRESH MATERIALIZED VIEW', 'ALTER MATERIALIZED VIEW', 'CREATE INDEX', 'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE',
      'IMPORT FOREIGN SCHEMA', 'ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING', 'SELECT INTO', 'COMMENT',
      'CREATE SCHEMA', 'GRANT', 'REVOKE', 'CREATE FUNCTION', 'ALTER FUNCTION')
    EXECUTE FUNCTION catalog.definition_changed();
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'no right to create event triggers: the catalog is compared every 30 s';
END $$;

-- Whether PROJ knows a system. Where it cannot read its text it tells so once more at the next transformation of the session,
-- whatever that is about: it is made here.
CREATE FUNCTION catalog.can_transform(srid integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  made boolean;
BEGIN
  BEGIN
    -- The embedded engine gives no row, where PostgreSQL fails.
    SELECT ST_Transform(ST_SetSRID('POINT EMPTY'::geometry, srid), CASE srid WHEN 4326 THEN 3857 ELSE 4326 END) IS NOT NULL INTO made;
  EXCEPTION WHEN OTHERS THEN
    made := FALSE;
  END;
  IF made THEN RETURN TRUE; END IF;
  BEGIN
    -- Not a constant, which would be computed once a session.
    PERFORM ST_Transform(ST_SetSRID(ST_MakePoint(106, 11 + 0 * srid), 4326), 3857);
  EXCEPTION WHEN OTHERS THEN
    NULL;
  END;
  RETURN FALSE;
END $$;
