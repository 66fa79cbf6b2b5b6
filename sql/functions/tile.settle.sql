-- Rebuilds, at the end of a transaction, the blocks that it touched. It goes layer by layer in a fixed order, so that
-- two never wait for each other.
CREATE OR REPLACE FUNCTION tile.settle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET jit = off AS $$
DECLARE
  each record;
BEGIN
  FOR each IN
    WITH mine AS (DELETE FROM tile.dirty WHERE xid = pg_current_xact_id() RETURNING layer, bx, by, class)
    SELECT layer, array_agg(bx) AS columns, array_agg(by) AS rows, array_agg(class) AS classes
    FROM (SELECT DISTINCT layer, bx, by, class FROM mine) AS block GROUP BY layer ORDER BY layer
  LOOP
    BEGIN
      -- A snapshot of the transaction's start does not show what others have committed since.
      IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN PERFORM tile.lose(each.layer);
      ELSE PERFORM tile.reduce_blocks(each.layer, each.columns, each.rows, each.classes);
      END IF;
    EXCEPTION WHEN OTHERS THEN PERFORM tile.lose(each.layer);
    END;
  END LOOP;
  RETURN NULL;
END $$;
