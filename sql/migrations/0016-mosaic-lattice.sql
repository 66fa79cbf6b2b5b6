-- A mosaic lies on the lattice of tile units of its level, with rings that run as tiles have them: a tile then only
-- multiplies its coordinates. And it is made aside: tiles show the complete one until the next is complete.

-- The table in schema tile into which blocks are made: the mosaic itself, or the one that will take its place.
ALTER TABLE tile.mosaic ADD COLUMN target text NOT NULL DEFAULT '';
UPDATE tile.mosaic SET target = layer || ' mosaic';
ALTER TABLE tile.mosaic ALTER COLUMN target DROP DEFAULT;

-- Whoever is making it: of two instances that begin, the first gives up.
ALTER TABLE tile.mosaic ADD COLUMN maker text;

-- Empties a mosaic, and the one that will take its place.
CREATE FUNCTION tile.empty_mosaic(of_layer text) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables, tile.mosaic
    WHERE layer = of_layer AND schemaname = 'tile' AND tablename IN (layer || ' mosaic', target)
  LOOP
    EXECUTE format('TRUNCATE tile.%I', name);
  END LOOP;
END $$;

-- As in 0013, but for the target.
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
        AND tile.tile_row((ST_YMin("diaba mercator") + ST_YMax("diaba mercator")) / 2, $2 + 3) = $4$q$, spec.class, spec.layer)
    USING ST_MakeEnvelope(west, north - size, west + size, north, 3857), lv, bx, by, classes;
  ELSE
    RETURN QUERY EXECUTE format($q$SELECT DISTINCT %1$I, "diaba mercator" FROM tile.%2$I
      WHERE level = $1 + 1 AND bx IN ($2 * 2, $2 * 2 + 1) AND by IN ($3 * 2, $3 * 2 + 1) AND ($4 IS NULL OR %1$I = ANY ($4))$q$,
      spec.class, spec.target)
    USING lv, bx, by, classes;
  END IF;
END $$;

-- Polygons with every corner at a whole tile unit, exterior rings clockwise (north up). What rounding makes narrower than a
-- unit goes, as in ST_AsMVTGeom, which would mend each of them in every tile (46 µs a polygon here, 4 there).
CREATE FUNCTION tile.on_lattice(geom geometry, unit float8) RETURNS SETOF geometry LANGUAGE sql IMMUTABLE AS $$
  SELECT ST_ForcePolygonCW(tile.without_idle_points(part.geom, unit))
  FROM ST_Dump(ST_ReducePrecision(
    CASE WHEN ST_IsValidReason(geom) = 'Valid Geometry' THEN geom ELSE ST_CollectionExtract(ST_MakeValid(geom), 3) END, unit)) AS part
  WHERE ST_Dimension(part.geom) = 2 AND NOT ST_IsEmpty(part.geom)
$$;

-- As in 0013, but for the lattice and the target.
-- Makes the classes (null: all) of one block. What is smaller than a square of 4 pixels (32 tile units; 5 at z10 and below)
-- after dissolving is gathered by such squares: going along a Hilbert curve, one is drawn wherever the area passed amounts
-- to one more of them (the idea is tippecanoe's), so that areas by class stay true. The first starts at an offset that
-- depends on block and class: with none, rare classes would be missing everywhere alike. Returns the area in which
-- something may have changed.
CREATE OR REPLACE FUNCTION tile.reduce(spec tile.mosaic, lv integer, bx integer, by integer, classes text[] DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql SET jit = off AS $$
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
      -- A buffer of nothing dissolves neighbours four times as fast as a union, but fails where edges lie one on the other and
      -- are cut into other pieces, as on a lattice. Holes of a quarter of a pixel are not seen.
      SELECT class, shape AS geom, ST_Area(shape) AS area
      FROM (SELECT class, CASE WHEN $2 = ($1).top THEN ST_Buffer(ST_Collect(geom), 0) ELSE ST_UnaryUnion(ST_Collect(geom), $7 / 2) END AS geom
        FROM source GROUP BY class) AS whole,
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
      SELECT $2, $3, $4, class, shape FROM (
        SELECT class, geom FROM kept
        UNION ALL
        SELECT class, ST_Union(ST_MakeEnvelope(cx * $6, cy * $6, (cx + side) * $6, (cy + side) * $6, 3857))
        FROM square WHERE side > 0 GROUP BY class) AS reduced, tile.on_lattice(geom, $7) AS shape
      RETURNING "diaba mercator" AS geom
    )
    SELECT ST_SetSRID(ST_Extent(geom)::geometry, 3857) FROM (SELECT geom FROM gone UNION ALL SELECT geom FROM came) AS touched$q$,
    format('tile.%I', spec.target), spec.class)
    INTO changed USING spec, lv, bx, by, classes, cell, unit;
  RETURN CASE WHEN changed IS NOT NULL THEN tile.area(changed, lv, lv) END;
END $$;

-- As in 0013, but that the specification is read once nobody can put another table in the mosaic's place.
CREATE OR REPLACE FUNCTION tile.reduce_blocks(of_layer text, columns integer[], rows integer[], classes text[])
RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  spec tile.mosaic;
  areas jsonb := '[]';
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('diaba mosaic ' || of_layer, 0));
  SELECT * INTO spec FROM tile.mosaic WHERE layer = of_layer;
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
