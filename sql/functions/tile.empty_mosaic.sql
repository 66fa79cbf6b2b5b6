-- Empties a mosaic, and the one that will replace it.
CREATE OR REPLACE FUNCTION tile.empty_mosaic(of_layer text) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables, tile.mosaic
    WHERE layer = of_layer AND schemaname = 'tile' AND tablename IN (shown, target)
  LOOP
    EXECUTE format('TRUNCATE tile.%I', name);
  END LOOP;
END $$;
