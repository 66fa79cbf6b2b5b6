-- Returns the sources of a block: derived rows whose centre lies in it, or the four blocks above. Coincident rows come
-- once, because thousands of them would take a buffer minutes.
CREATE OR REPLACE FUNCTION tile.block_source(spec tile.mosaic, lv integer, bx integer, by integer, classes text[])
RETURNS TABLE (class text, geom geometry) LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
  size CONSTANT float8 := tile.width(lv + 3);
  west CONSTANT float8 := bx * size - 20037508.342789244;
  north CONSTANT float8 := 20037508.342789244 - by * size;
BEGIN
  IF lv = spec.top THEN
    RETURN QUERY EXECUTE format($q$SELECT DISTINCT %1$I::text, "diaba mercator" FROM tile.%2$I
      WHERE "diaba mercator" && $1 AND ($5 IS NULL OR %1$I::text = ANY ($5))
        AND tile.tile_column((ST_XMin("diaba mercator") + ST_XMax("diaba mercator")) / 2, $2 + 3) = $3
        AND tile.tile_row((ST_YMin("diaba mercator") + ST_YMax("diaba mercator")) / 2, $2 + 3) = $4$q$, spec.class, spec.source)
    USING ST_MakeEnvelope(west, north - size, west + size, north, 3857), lv, bx, by, classes;
  ELSE
    RETURN QUERY EXECUTE format($q$SELECT DISTINCT %1$I, "diaba mercator" FROM tile.%2$I
      WHERE level = $1 + 1 AND bx IN ($2 * 2, $2 * 2 + 1) AND by IN ($3 * 2, $3 * 2 + 1) AND ($4 IS NULL OR %1$I = ANY ($4))$q$,
      spec.class, spec.target)
    USING lv, bx, by, classes;
  END IF;
END $$;
