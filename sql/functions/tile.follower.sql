-- Returns the trigger function of a layer, built from its row of tile.derived. It keeps the derived rows in step with
-- the table, and writes the change log. Each layer has its own function, because its statements are then planned once a
-- session. One function for all layers would plan them for every write (0.5 ms instead of 1.2 for one parcel, 0.3
-- instead of 0.85 for one road).
--
-- It runs as its owner, so that writers of the layer need no privileges on schema tile. Its settings are those of the
-- server's session. All writers derive rows with them, because texts of values and keys depend on them. JIT compilation
-- takes seconds for statements of milliseconds.
CREATE OR REPLACE FUNCTION tile.follower(made tile.derived) RETURNS text LANGUAGE plpgsql STABLE SET jit = off AS $function$
DECLARE
  -- A remaining older row is replaced.
  assignments CONSTANT text := (SELECT string_agg(format('%1$I = EXCLUDED.%1$I', attname), ', ') FROM pg_attribute
    WHERE attrelid = to_regclass(format('tile.%I', made.name)) AND attnum > 0 AND attname <> 'diaba key' AND NOT attisdropped);
  whole CONSTANT text := $body$PERFORM tile.announce(%1$L, NULL);$body$;
  -- Up to 5000 rows of a statement are followed one by one; more are announced as a change of the whole layer. 22 is
  -- MAX_ZOOM.
  row_by_row CONSTANT text := $body$
      IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE tile.%2$I; PERFORM tile.empty_mosaic(%1$L); PERFORM tile.announce(%1$L, NULL); RETURN NULL;
      END IF;
      IF written > 5000 THEN PERFORM tile.lose(%1$L); RETURN NULL; END IF;
      SELECT NULL::tile.%2$I[] AS rows INTO gone;
      came := gone;
      IF TG_OP <> 'INSERT' THEN
        WITH d AS (DELETE FROM tile.%2$I AS t USING old_rows AS source WHERE t."diaba key" = %3$s RETURNING t) SELECT array_agg(d.t) AS rows INTO gone FROM d;
      END IF;
      IF TG_OP <> 'DELETE' THEN
        WITH i AS (INSERT INTO tile.%2$I AS t %4$s ON CONFLICT ("diaba key") DO UPDATE SET %5$s RETURNING t) SELECT array_agg(i.t) AS rows INTO came FROM i;
      END IF;
      -- The old and new areas of the rows that tiles show differently.
      SELECT jsonb_agg(tile.area(side.shape, side.zoom, 22)) INTO areas
      FROM unnest(gone.rows) AS o FULL JOIN unnest(came.rows) AS n ON o."diaba key" = n."diaba key"
      CROSS JOIN LATERAL (VALUES (o."diaba mercator", o."diaba zoom"), (n."diaba mercator", n."diaba zoom")) AS side (shape, zoom)
      WHERE o IS DISTINCT FROM n AND side.shape IS NOT NULL;
      IF areas IS NOT NULL THEN PERFORM tile.announce(%1$L, areas); END IF;$body$;
  blocks CONSTANT text := $body$
      INSERT INTO tile.dirty (layer, bx, by, class)
      SELECT DISTINCT %1$L, tile.tile_column((ST_XMin(shape) + ST_XMax(shape)) / 2, %3$s), tile.tile_row((ST_YMin(shape) + ST_YMax(shape)) / 2, %3$s), class
      FROM unnest(gone.rows) AS o FULL JOIN unnest(came.rows) AS n ON o."diaba key" = n."diaba key"
      CROSS JOIN LATERAL (VALUES (o."diaba mercator", o.%2$I::text), (n."diaba mercator", n.%2$I::text)) AS side (shape, class)
      WHERE (o.%2$I, o."diaba mercator") IS DISTINCT FROM (n.%2$I, n."diaba mercator") AND shape IS NOT NULL;$body$;
BEGIN
  RETURN format($body$
    CREATE OR REPLACE FUNCTION tile.%2$I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET jit = off
    SET DateStyle = 'ISO, MDY' SET IntervalStyle = 'postgres' SET TimeZone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = '1' AS $diaba$
    DECLARE
      written integer := 1;
      -- Records, not arrays of the rows' type: once that table is dropped, the type would stop the function before its handler.
      gone record; came record; areas jsonb;
    BEGIN
      CASE TG_OP
        WHEN 'TRUNCATE' THEN NULL;
        WHEN 'DELETE' THEN SELECT count(*) INTO written FROM (SELECT FROM old_rows LIMIT 5001) AS few;
        ELSE SELECT count(*) INTO written FROM (SELECT FROM new_rows LIMIT 5001) AS few;
      END CASE;
      IF written = 0 THEN RETURN NULL; END IF;
      %3$s
      RETURN NULL;
    -- An error must never make the writer fail: the layer is rebuilt instead.
    EXCEPTION WHEN OTHERS THEN PERFORM tile.lose(%1$L); RETURN NULL;
    END $diaba$
    $body$,
    made.layer, 'changed ' || made.name,
    CASE WHEN made.key IS NULL THEN format(whole, made.layer) ELSE format(row_by_row, made.layer, made.name, made.key, made.rows, assignments) END
      || CASE WHEN made.class IS NULL THEN '' ELSE format(blocks, made.layer, made.class, made.top + 3) END);
END $function$;

-- Existing layers use this text from now on, and retain their derived rows.
DO $$
DECLARE
  made tile.derived;
BEGIN
  FOR made IN SELECT * FROM tile.derived WHERE fingerprint <> 'former' AND (key IS NULL OR to_regclass(format('tile.%I', name)) IS NOT NULL) LOOP
    EXECUTE tile.follower(made);
  END LOOP;
END $$;
