-- Builds classes (NULL: all) of blocks of the top level, and everything below them. Concurrent builders of a block of
-- the bottom level wait for each other. If two read each other's blocks before either committed, the last would undo
-- the first. A builder of a whole mosaic locks the whole. The specification is read under the lock, when no other table
-- can replace it.
CREATE OR REPLACE FUNCTION tile.reduce_blocks(of_layer text, columns integer[], rows integer[], classes text[])
RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  spec tile.mosaic;
  areas jsonb := '[]';
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('diaba mosaic ' || of_layer, 0));
  SELECT * INTO spec FROM tile.mosaic WHERE layer = of_layer;
  -- In a fixed order, so that two never wait for each other.
  PERFORM pg_advisory_xact_lock(hashtextextended(format('diaba mosaic %s %s %s', of_layer, bx, by), 0))
  FROM (SELECT DISTINCT c >> (spec.top - spec.bottom) AS bx, r >> (spec.top - spec.bottom) AS by FROM unnest(columns, rows) AS b (c, r)
    ORDER BY bx, by) AS bottom;
  FOR lv IN REVERSE spec.top .. spec.bottom LOOP
    SELECT areas || coalesce(jsonb_agg(area), '[]') INTO areas FROM (
      SELECT tile.reduce(spec, lv, bx, by, CASE WHEN bool_and(class IS NOT NULL) THEN array_agg(DISTINCT class) END) AS area
      FROM (SELECT c >> (spec.top - lv) AS bx, r >> (spec.top - lv) AS by, class FROM unnest(columns, rows, classes) AS b (c, r, class)) AS block
      GROUP BY bx, by) AS made
    WHERE area IS NOT NULL;
  END LOOP;
  IF areas <> '[]' THEN PERFORM tile.announce(of_layer, areas); END IF;
END $$;
