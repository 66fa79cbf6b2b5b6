-- Returns polygons with every corner at a whole tile unit, exterior rings clockwise (north up). Parts that rounding
-- leaves narrower than a unit are dropped, as by ST_AsMVTGeom. That would repair each polygon in every tile (4 µs a
-- polygon instead of 46 here).
--
-- GEOS counts in tile units, where corners are whole numbers. In metres a corner differs from itself by the last digit, and
-- ST_ReducePrecision fails (GEOS 3.11 and 3.14: "side location conflict"); the embedded engine loses that error. The points are
-- rounded before ST_MakeValid, because valid networks of streets with many holes fail otherwise.
CREATE OR REPLACE FUNCTION tile.on_lattice(geom geometry, unit float8) RETURNS SETOF geometry LANGUAGE sql IMMUTABLE AS $$
  SELECT ST_ForcePolygonCW(tile.without_idle_points(ST_Scale(part.geom, unit, unit), unit))
  FROM ST_Dump(ST_ReducePrecision(ST_CollectionExtract(ST_MakeValid(ST_SnapToGrid(ST_Scale(geom, 1 / unit, 1 / unit), 1)), 3), 1)) AS part
  WHERE ST_Dimension(part.geom) = 2 AND NOT ST_IsEmpty(part.geom)
$$;
