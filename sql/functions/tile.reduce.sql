-- Low zooms of a layer with more polygons than a tile can hold show a mosaic, dissolved by class in blocks. A block of
-- level L is a tile of zoom L + 3 (64 to a tile), so an edit dissolves only a few hundred polygons again. The top
-- level consists of the derived rows whose centre lies in the block, and each lower level of the four blocks above. A
-- mosaic lies on the lattice of tile units of its level, with rings wound as in tiles: a tile only multiplies its
-- coordinates. It is built aside: tiles show the complete one until the next is complete.
--
-- Builds the classes (NULL: all) of one block. Shapes that are smaller than a square of 4 pixels after dissolving are
-- gathered into such squares (32 tile units; 40 at z10 and below). Along a Hilbert curve, a square is drawn where
-- the area passed amounts to one more of them (an idea of tippecanoe). Areas by class thus stay true. The first
-- starts at an offset that depends on block and class; without it, rare classes would be missing everywhere. Returns
-- the area in which something may have changed.
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
      -- On a lattice edges overlap but are split differently, on which a buffer of zero fails. Holes of a quarter of a pixel are
      -- invisible.
      SELECT class, shape AS geom, ST_Area(shape) AS area
      FROM (SELECT class, CASE WHEN $2 = ($1).top THEN tile.dissolve(ST_Collect(geom)) ELSE ST_UnaryUnion(ST_Collect(geom), $7 / 2) END AS geom
        FROM source GROUP BY class) AS whole,
        ST_Dump(whole.geom) AS part, tile.without_specks(part.geom, 16 * $7 * $7) AS shape
    ), kept AS MATERIALIZED (
      -- At most a quarter of the mean width: networks of streets would grow by a quarter at z11.
      SELECT class, ST_SimplifyPreserveTopology(geom, least(2 * $7, area / ST_Perimeter(geom) / 2)) AS geom FROM dissolved WHERE area >= $6 * $6
    ), remainder AS (
      -- The squares compensate for area that dissolving and simplifying removed or added.
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
      SELECT $2, $3, $4, class, tile.without_specks(shape, 4 * $7 * $7) FROM (
        SELECT class, geom FROM kept
        UNION ALL
        SELECT class, ST_Union(ST_MakeEnvelope(cx * $6, cy * $6, (cx + side) * $6, (cy + side) * $6, 3857), 0.001)
        FROM square WHERE side > 0 GROUP BY class) AS reduced, tile.on_lattice(geom, $7) AS shape
      RETURNING "diaba mercator" AS geom
    )
    SELECT ST_SetSRID(ST_Extent(geom)::geometry, 3857) FROM (SELECT geom FROM gone UNION ALL SELECT geom FROM came) AS touched$q$,
    format('tile.%I', spec.target), spec.class)
    INTO changed USING spec, lv, bx, by, classes, cell, unit;
  RETURN CASE WHEN changed IS NOT NULL THEN tile.area(changed, lv, lv) END;
END $$;
