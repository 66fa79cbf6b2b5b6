-- Removes everything of a layer that no longer exists: its triggers on any table, its tables and its records.
CREATE OR REPLACE FUNCTION tile.forget(of_layer text) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT 'changed ' || derived.name FROM tile.derived WHERE layer = of_layer LOOP
    EXECUTE format('DROP FUNCTION IF EXISTS tile.%I() CASCADE', name);
  END LOOP;
  FOR name IN
    SELECT derived.name FROM tile.derived WHERE layer = of_layer
    UNION SELECT made FROM tile.mosaic CROSS JOIN unnest(ARRAY[shown, target]) AS made WHERE layer = of_layer AND made IS NOT NULL
  LOOP
    EXECUTE format('DROP TABLE IF EXISTS tile.%I', name);
  END LOOP;
  DELETE FROM tile.derived WHERE layer = of_layer;
  DELETE FROM tile.mosaic WHERE layer = of_layer;
  DELETE FROM tile.stale WHERE layer = of_layer;
END $$;
