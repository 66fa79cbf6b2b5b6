-- Dissolving leaves points in a mosaic that are not quite on the line between their neighbours, half of all at z10, a tenth at
-- z13. Left out when a block is made, they need not be looked for in every tile (9 % of the time of a tile's SQL).

-- The same without points within a thousandth of a tile unit of the line; as it is, where that would make it invalid (one
-- in a hundred: rings that touch): dissolving it would take a second. ST_IsValid would tell every writer by a notice.
CREATE FUNCTION tile.without_idle_points(geom geometry, unit float8) RETURNS geometry LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  plain CONSTANT geometry := ST_Simplify(geom, unit / 1000, true);
BEGIN
  RETURN CASE WHEN ST_IsValidReason(plain) = 'Valid Geometry' THEN plain ELSE geom END;
END $$;

-- As in 0009, but for the points.
-- Makes one block. What is smaller than a square of 4 pixels (32 tile units; 5 at z10 and below) after dissolving is gathered by such squares:
-- going along a Hilbert curve, one is drawn wherever the area passed amounts to one more of them (the idea is
-- tippecanoe's), so that areas by class stay true. The first starts at an offset that depends on block and class: with
-- none, rare classes would be missing everywhere alike. Returns the area in which something may have changed.
CREATE OR REPLACE FUNCTION tile.reduce(spec tile.mosaic, lv integer, bx integer, by integer) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  unit CONSTANT float8 := tile.width(lv) / 4096;
  -- At z10 and below one tile shows half a province.
  cell CONSTANT float8 := CASE WHEN lv > 10 THEN 32 ELSE 40 END * unit;
  size CONSTANT float8 := tile.width(lv + 3);
  west CONSTANT float8 := bx * size - 20037508.342789244;
  north CONSTANT float8 := 20037508.342789244 - by * size;
  block CONSTANT geometry := ST_MakeEnvelope(west, north - size, west + size, north, 3857);
  target CONSTANT text := format('tile.%I', spec.layer || ' mosaic');
  source text;
  changed geometry;
BEGIN
  IF lv = spec.top THEN
    source := format($q$SELECT %1$I AS class, "diaba mercator" AS geom FROM tile.%2$I AS t
      WHERE "diaba mercator" && $4 AND tile.tile_column((ST_XMin("diaba mercator") + ST_XMax("diaba mercator")) / 2, $1 + 3) = $2
        AND tile.tile_row((ST_YMin("diaba mercator") + ST_YMax("diaba mercator")) / 2, $1 + 3) = $3$q$, spec.class, spec.layer);
  ELSE
    source := format($q$SELECT %1$I AS class, "diaba mercator" AS geom FROM %2$s
      WHERE level = $1 + 1 AND bx IN ($2 * 2, $2 * 2 + 1) AND by IN ($3 * 2, $3 * 2 + 1)$q$, spec.class, target);
  END IF;
  -- A buffer of nothing dissolves neighbours twice as fast as ST_Union (93 against 210 ms for 2 241 parcels).
  EXECUTE format($q$
    WITH gone AS (
      DELETE FROM %2$s WHERE level = $1 AND bx = $2 AND by = $3 RETURNING "diaba mercator" AS geom
    ), source AS MATERIALIZED (
      -- Rows that lie one on the other are drawn once; thousands of them would take a buffer minutes.
      SELECT DISTINCT class, geom FROM (%1$s) AS stacked
    ), dissolved AS MATERIALIZED (
      SELECT class, part.geom, ST_Area(part.geom) AS area
      FROM (SELECT class, ST_Buffer(ST_Collect(geom), 0) AS geom FROM source GROUP BY class) AS whole, ST_Dump(whole.geom) AS part
    ), kept AS MATERIALIZED (
      SELECT class, ST_SimplifyPreserveTopology(geom, 2 * $6) AS geom FROM dissolved WHERE area >= $5 * $5
    ), remainder AS (
      -- What dissolving and simplifying took or added is made up for by the squares.
      SELECT class, greatest(0, (SELECT sum(ST_Area(geom)) FROM source WHERE source.class = small.class)
        - coalesce((SELECT sum(ST_Area(geom)) FROM kept WHERE kept.class = small.class), 0)) / sum(area) AS scale
      FROM dissolved AS small WHERE area < $5 * $5 GROUP BY class
    ), small AS (
      SELECT class, floor(ST_X(centre) / $5) AS cx, floor(ST_Y(centre) / $5) AS cy, sum(area * scale) AS area
      FROM (SELECT class, area, ST_Centroid(geom) AS centre FROM dissolved WHERE area < $5 * $5) AS s JOIN remainder USING (class) GROUP BY 1, 2, 3
    ), passed AS (
      SELECT class, cx, cy, area, sum(area) OVER (PARTITION BY class ORDER BY ST_MakePoint(cx, cy))
        + $5 * $5 * (hashtext(class || $2 || ':' || $3) & 1048575) / 1048576 AS sum
      FROM small
    ), square AS (
      SELECT class, cx, cy, sqrt(floor(sum / ($5 * $5)) - floor((sum - area) / ($5 * $5))) AS side FROM passed
    ), came AS (
      INSERT INTO %2$s (level, bx, by, %3$I, "diaba mercator")
      SELECT $1, $2, $3, class, tile.without_idle_points(geom, $6) FROM (
        SELECT class, geom FROM kept
        UNION ALL
        SELECT class, (ST_Dump(ST_Union(ST_MakeEnvelope(cx * $5, cy * $5, (cx + side) * $5, (cy + side) * $5, 3857)))).geom
        FROM square WHERE side > 0 GROUP BY class) AS reduced
      RETURNING "diaba mercator" AS geom
    )
    SELECT ST_SetSRID(ST_Extent(geom)::geometry, 3857) FROM (SELECT geom FROM gone UNION ALL SELECT geom FROM came) AS touched$q$,
    source, target, spec.class)
    INTO changed USING lv, bx, by, block, cell, unit;
  RETURN CASE WHEN changed IS NOT NULL THEN tile.area(changed, lv, lv) END;
END $$;

DO $$
DECLARE
  each record;
BEGIN
  FOR each IN SELECT layer FROM tile.mosaic LOOP
    EXECUTE format('UPDATE tile.%I SET "diaba mercator" = tile.without_idle_points("diaba mercator", tile.width(level) / 4096)',
      each.layer || ' mosaic');
  END LOOP;
END $$;
