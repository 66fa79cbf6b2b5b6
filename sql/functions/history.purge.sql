-- Deletes what was replaced or removed before a time.
CREATE OR REPLACE FUNCTION history.purge(before timestamptz) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  made history.layer;
  newest xid8;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('diaba history purge', 0));
  FOR made IN SELECT * FROM history.layer WHERE to_regclass(format('history.%I', name)) IS NOT NULL LOOP
    EXECUTE format('WITH gone AS (DELETE FROM history.%I WHERE "diaba xid" IN (SELECT xid FROM history.transaction WHERE at < $1) RETURNING "diaba xid" AS xid)
      SELECT xid FROM gone ORDER BY xid DESC LIMIT 1', made.name) INTO newest USING before;
    IF newest IS NOT NULL THEN
      DELETE FROM history.gap WHERE relation = made.relation AND kind = 'purge' AND xid <= newest;
      INSERT INTO history.gap (relation, kind, xid, at) VALUES (made.relation, 'purge', newest, before);
    END IF;
  END LOOP;
  DELETE FROM history.transaction WHERE at < before;
END $$;
