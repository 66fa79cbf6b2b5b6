-- Announces a changed definition, so that the catalog is reloaded without a restart. Event triggers require a
-- superuser, and do not fire on the embedded engine. Without them, definitions are compared every 30 s.
CREATE OR REPLACE FUNCTION catalog.definition_changed() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY diaba_catalog;
END $$;

-- Functions are layers as well. A materialized view WITH NO DATA is no layer until it is filled, and a foreign table
-- none until its server is named correctly. Such changes are announced like those of a definition.
DO $$
BEGIN
  DROP EVENT TRIGGER IF EXISTS diaba_definition_changed;
  CREATE EVENT TRIGGER diaba_definition_changed ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'ALTER TABLE', 'CREATE VIEW', 'ALTER VIEW', 'CREATE MATERIALIZED VIEW',
      'REFRESH MATERIALIZED VIEW', 'ALTER MATERIALIZED VIEW', 'CREATE INDEX', 'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE',
      'IMPORT FOREIGN SCHEMA', 'ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING', 'SELECT INTO', 'COMMENT',
      'CREATE SCHEMA', 'GRANT', 'REVOKE', 'CREATE FUNCTION', 'ALTER FUNCTION')
    EXECUTE FUNCTION catalog.definition_changed();
  DROP EVENT TRIGGER IF EXISTS diaba_definition_dropped;
  CREATE EVENT TRIGGER diaba_definition_dropped ON sql_drop EXECUTE FUNCTION catalog.definition_changed();
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'no right to create event triggers: the catalog is compared every 30 s';
END $$;
