-- Returns a polygon shrunk towards its centre until it has lost this area in m². A shape that does not meet the core of a
-- polygon shares less than this area with it. Only the core of a convex polygon lies inside of it: any other polygon is its own core.
CREATE OR REPLACE FUNCTION quality.core(polygon geometry, lost float8) RETURNS geometry LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN ST_Area(polygon) > lost AND ST_NPoints(polygon) <= 24 AND ST_Area(ST_ConvexHull(polygon)) <= ST_Area(polygon) * (1 + 1e-9)
    THEN ST_Scale(polygon, ST_Point(sqrt(1 - lost / ST_Area(polygon)), sqrt(1 - lost / ST_Area(polygon))), ST_Centroid(polygon))
    ELSE polygon END
$$;
