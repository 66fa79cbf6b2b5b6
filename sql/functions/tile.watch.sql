-- Puts the triggers of a layer on tables, and removes its earlier ones from any table. The tables are the layer's own,
-- or those that a view reads. The triggers fire for a replication role as well.
CREATE OR REPLACE FUNCTION tile.watch(of_layer text, tables regclass[]) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  made tile.derived;
  each record;
BEGIN
  SELECT * INTO made FROM tile.derived WHERE layer = of_layer;
  EXECUTE format('DROP FUNCTION IF EXISTS tile.%I() CASCADE', 'changed ' || made.name);
  EXECUTE tile.follower(made);
  FOR each IN
    -- A table may be watched for itself and for views, and a trigger's name is unique in its table.
    SELECT name, event, referencing, format('diaba_%s_%s', left(md5(of_layer), 8), lower(event)) AS trigger
    FROM unnest(tables) AS name CROSS JOIN (VALUES
      ('INSERT', 'REFERENCING NEW TABLE AS new_rows'),
      ('UPDATE', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'),
      ('DELETE', 'REFERENCING OLD TABLE AS old_rows'),
      ('TRUNCATE', '')) AS written (event, referencing)
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION tile.%I()',
      each.trigger, each.event, each.name, each.referencing, 'changed ' || made.name);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', each.name, each.trigger);
  END LOOP;
END $$;
