-- Ends the history of a table, which may be gone, and deletes its former rows.
CREATE OR REPLACE FUNCTION history.forget(of_relation text) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  made history.layer;
BEGIN
  DELETE FROM history.layer WHERE relation = of_relation RETURNING * INTO made;
  EXECUTE format('DROP FUNCTION IF EXISTS history.%I() CASCADE', made.name);
  EXECUTE format('DROP TABLE IF EXISTS history.%I', made.name);
  DELETE FROM history.gap WHERE relation = of_relation;
END $$;
