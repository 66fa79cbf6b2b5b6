-- What the triggers of a layer do is made from its row here, by a function of SQL (tile.follower). What belongs to a mosaic
-- stands in its own row, and no longer in names that end in ' mosaic'.

-- By which its table and its trigger function are called in schema tile.
ALTER TABLE tile.derived ADD COLUMN name text NOT NULL DEFAULT '';
UPDATE tile.derived SET name = layer;
ALTER TABLE tile.derived ALTER COLUMN name DROP DEFAULT;
-- SQL of the key of a row of the layer, and of the derived rows of those that a statement has written; null: there are none, and
-- every change is one of the whole layer.
ALTER TABLE tile.derived ADD COLUMN key text, ADD COLUMN rows text;
-- The field by which low zooms dissolve the rows, and the last of those zooms; null: they show the rows.
ALTER TABLE tile.derived ADD COLUMN class text, ADD COLUMN top smallint;

-- In schema tile: the table of the rows that it is made from, and the one that is shown; null: none is complete.
ALTER TABLE tile.mosaic ADD COLUMN source text NOT NULL DEFAULT '', ADD COLUMN shown text;
-- Of the derived rows that the one which is shown was made from; null: former ones.
ALTER TABLE tile.mosaic ADD COLUMN fingerprint text;
ALTER TABLE tile.mosaic ALTER COLUMN source DROP DEFAULT;
GRANT SELECT ON tile.mosaic TO PUBLIC;

-- The complete ones are shown until new ones are. A layer can be called "land.parcel mosaic", and none "mosaic land.parcel".
DO $$
DECLARE
  each record;
BEGIN
  FOR each IN SELECT layer, layer || ' mosaic' AS former, layer || ' next' AS next, 'mosaic ' || layer AS name FROM tile.mosaic LOOP
    EXECUTE format('DROP TABLE IF EXISTS tile.%I', each.next);
    EXECUTE format('ALTER TABLE IF EXISTS tile.%I RENAME TO %I', each.former, each.name);
    UPDATE tile.mosaic SET source = each.layer, target = each.name, maker = NULL,
      shown = CASE WHEN EXISTS (SELECT FROM tile.derived WHERE layer = each.former) THEN each.name END
    WHERE layer = each.layer;
    DELETE FROM tile.derived WHERE layer = each.former;
  END LOOP;
  -- With them go their triggers. The next start makes those of today, and the derived rows anew.
  FOR each IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'tile'::regnamespace AND proname LIKE '% changed' LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', each.name);
  END LOOP;
  FOR each IN UPDATE tile.derived SET fingerprint = 'former' RETURNING layer LOOP
    PERFORM tile.announce(each.layer, NULL);
  END LOOP;
END $$;
