-- An edit makes anew only the classes that it touches in a mosaic's blocks, and blocks have no holes that nobody can see:
-- four in five were slivers between parcels, and dissolving z8 to z10 took four times as long with them.

-- The class of a touched row; null: all classes of the block.
ALTER TABLE tile.dirty ADD COLUMN class text;

-- A polygon without holes smaller than an area.
CREATE FUNCTION tile.without_specks(geom geometry, smallest float8) RETURNS geometry LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN ST_NumInteriorRings(geom) = 0 THEN geom
    ELSE ST_MakePolygon(ST_ExteriorRing(geom), ARRAY(
      SELECT ST_ExteriorRing(ring.geom) FROM ST_DumpRings(geom) AS ring WHERE ring.path[1] > 0 AND ST_Area(ring.geom) >= smallest)) END
$$;

-- What a block is made from: derived rows whose centre lies in it, or the four blocks above. Rows that lie one on the other
-- come once: thousands of them would take a buffer minutes.
CREATE FUNCTION tile.block_source(spec tile.mosaic, lv integer, bx integer, by integer, classes text[])
RETURNS TABLE (class text, geom geometry) LANGUAGE plpgsql STABLE AS $$
DECLARE
  size CONSTANT float8 := tile.width(lv + 3);
  west CONSTANT float8 := bx * size - 20037508.342789244;
  north CONSTANT float8 := 20037508.342789244 - by * size;
BEGIN
  IF lv = spec.top THEN
    RETURN QUERY EXECUTE format($q$SELECT DISTINCT %1$I::text, "diaba mercator" FROM tile.%2$I
      WHERE "diaba mercator" && $1 AND ($5 IS NULL OR %1$I::text = ANY ($5))
        AND tile.tile_column((ST_XMin("diaba mercator") + ST_XMax("diaba mercator")) / 2, $2 + 3) = $3
        AND tile.tile_row((ST_YMin("diaba mercator") + ST_YMax("diaba mercator")) / 2, $2 + 3) = $4$q$, spec.class, spec.layer)
    USING ST_MakeEnvelope(west, north - size, west + size, north, 3857), lv, bx, by, classes;
  ELSE
    RETURN QUERY EXECUTE format($q$SELECT DISTINCT %1$I, "diaba mercator" FROM tile.%2$I
      WHERE level = $1 + 1 AND bx IN ($2 * 2, $2 * 2 + 1) AND by IN ($3 * 2, $3 * 2 + 1) AND ($4 IS NULL OR %1$I = ANY ($4))$q$,
      spec.class, spec.layer || ' mosaic')
    USING lv, bx, by, classes;
  END IF;
END $$;

DROP FUNCTION tile.reduce(tile.mosaic, integer, integer, integer);

-- Makes the classes (null: all) of one block. What is smaller than a square of 4 pixels (32 tile units; 5 at z10 and below)
-- after dissolving is gathered by such squares: going along a Hilbert curve, one is drawn wherever the area passed amounts
-- to one more of them (the idea is tippecanoe's), so that areas by class stay true. The first starts at an offset that
-- depends on block and class: with none, rare classes would be missing everywhere alike. Returns the area in which
-- something may have changed.
CREATE FUNCTION tile.reduce(spec tile.mosaic, lv integer, bx integer, by integer, classes text[] DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  unit CONSTANT float8 := tile.width(lv) / 4096;
  -- At z10 and below one tile shows half a province.
  cell CONSTANT float8 := CASE WHEN lv > 10 THEN 32 ELSE 40 END * unit;
  changed geometry;
BEGIN
  EXECUTE format($q$
    WITH gone AS (
      DELETE FROM %1$s WHERE level = $2 AND bx = $3 AND by = $4 AND ($5 IS NULL OR %2$I = ANY ($5)) RETURNING "diaba mercator" AS geom
    ), source AS MATERIALIZED (
      SELECT class, geom FROM tile.block_source($1, $2, $3, $4, $5)
    ), dissolved AS MATERIALIZED (
      -- A buffer of nothing dissolves neighbours four times as fast as ST_Union. Holes of a quarter of a pixel are not seen.
      SELECT class, shape AS geom, ST_Area(shape) AS area
      FROM (SELECT class, ST_Buffer(ST_Collect(geom), 0) AS geom FROM source GROUP BY class) AS whole,
        ST_Dump(whole.geom) AS part, tile.without_specks(part.geom, 16 * $7 * $7) AS shape
    ), kept AS MATERIALIZED (
      SELECT class, ST_SimplifyPreserveTopology(geom, 2 * $7) AS geom FROM dissolved WHERE area >= $6 * $6
    ), remainder AS (
      -- What dissolving and simplifying took or added is made up for by the squares.
      SELECT class, greatest(0, (SELECT sum(ST_Area(geom)) FROM source WHERE source.class = small.class)
        - coalesce((SELECT sum(ST_Area(geom)) FROM kept WHERE kept.class = small.class), 0)) / sum(area) AS scale
      FROM dissolved AS small WHERE area < $6 * $6 GROUP BY class
    ), small AS (
      SELECT class, floor(ST_X(centre) / $6) AS cx, floor(ST_Y(centre) / $6) AS cy, sum(area * scale) AS area
      FROM (SELECT class, area, ST_Centroid(geom) AS centre FROM dissolved WHERE area < $6 * $6) AS s JOIN remainder USING (class) GROUP BY 1, 2, 3
    ), passed AS (
      SELECT class, cx, cy, area, sum(area) OVER (PARTITION BY class ORDER BY ST_MakePoint(cx, cy))
        + $6 * $6 * (hashtext(class || $3 || ':' || $4) & 1048575) / 1048576 AS sum
      FROM small
    ), square AS (
      SELECT class, cx, cy, sqrt(floor(sum / ($6 * $6)) - floor((sum - area) / ($6 * $6))) AS side FROM passed
    ), came AS (
      INSERT INTO %1$s (level, bx, by, %2$I, "diaba mercator")
      SELECT $2, $3, $4, class, tile.without_idle_points(geom, $7) FROM (
        SELECT class, geom FROM kept
        UNION ALL
        SELECT class, (ST_Dump(ST_Union(ST_MakeEnvelope(cx * $6, cy * $6, (cx + side) * $6, (cy + side) * $6, 3857)))).geom
        FROM square WHERE side > 0 GROUP BY class) AS reduced
      RETURNING "diaba mercator" AS geom
    )
    SELECT ST_SetSRID(ST_Extent(geom)::geometry, 3857) FROM (SELECT geom FROM gone UNION ALL SELECT geom FROM came) AS touched$q$,
    format('tile.%I', spec.layer || ' mosaic'), spec.class)
    INTO changed USING spec, lv, bx, by, classes, cell, unit;
  RETURN CASE WHEN changed IS NOT NULL THEN tile.area(changed, lv, lv) END;
END $$;

DROP FUNCTION tile.reduce_blocks(text, integer[], integer[]);

-- Makes classes (null: all) of blocks of the top level, and all that is made from them. Whoever comes second to a block of
-- the bottom level waits: of two that read each other's blocks before either committed, the last would undo the first. Who
-- makes a whole mosaic locks it as such.
CREATE FUNCTION tile.reduce_blocks(of_layer text, columns integer[], rows integer[], classes text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  spec tile.mosaic;
  areas jsonb := '[]';
BEGIN
  SELECT * INTO spec FROM tile.mosaic WHERE layer = of_layer;
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('diaba mosaic ' || of_layer, 0));
  -- In one order, so that two never wait for each other.
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

-- As in 0009, but for the classes.
CREATE OR REPLACE FUNCTION tile.settle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  each record;
BEGIN
  FOR each IN
    WITH mine AS (DELETE FROM tile.dirty WHERE xid = pg_current_xact_id() RETURNING layer, bx, by, class)
    SELECT layer, array_agg(bx) AS columns, array_agg(by) AS rows, array_agg(class) AS classes
    FROM (SELECT DISTINCT layer, bx, by, class FROM mine) AS block GROUP BY layer ORDER BY layer
  LOOP
    BEGIN
      -- A snapshot of the transaction's beginning does not show what others have committed since.
      IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN PERFORM tile.lose(each.layer);
      ELSE PERFORM tile.reduce_blocks(each.layer, each.columns, each.rows, each.classes);
      END IF;
    EXCEPTION WHEN OTHERS THEN PERFORM tile.lose(each.layer);
    END;
  END LOOP;
  RETURN NULL;
END $$;
