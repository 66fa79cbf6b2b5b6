-- Says when a definition changes, so that the catalog is swapped without a restart. Event triggers want a superuser and
-- do not fire on the embedded engine; where there are none, definitions are compared every 30 s instead.
CREATE FUNCTION catalog.definition_changed() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY diaba_catalog;
END $$;

DO $$
BEGIN
  CREATE EVENT TRIGGER diaba_definition_changed ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'ALTER TABLE', 'CREATE VIEW', 'ALTER VIEW', 'CREATE MATERIALIZED VIEW',
      'CREATE INDEX', 'CREATE FOREIGN TABLE', 'IMPORT FOREIGN SCHEMA', 'SELECT INTO', 'COMMENT', 'CREATE SCHEMA', 'GRANT', 'REVOKE')
    EXECUTE FUNCTION catalog.definition_changed();
  CREATE EVENT TRIGGER diaba_definition_dropped ON sql_drop EXECUTE FUNCTION catalog.definition_changed();
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'no right to create event triggers: the catalog is compared every 30 s';
END $$;
