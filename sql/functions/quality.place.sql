-- Returns the place of a finding as tiles can show it, in EPSG:9210: the geometry, or a point on it if it is an area below 1 m² or
-- narrower than 0.2 m. Tiles drop such areas, and the overlap of two parcels is often a sliver.
CREATE OR REPLACE FUNCTION quality.place(found geometry) RETURNS geometry LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN ST_Dimension(found) = 2 AND (ST_Area(there) < 1 OR ST_Area(there) < 0.1 * ST_Perimeter(there)) THEN ST_PointOnSurface(catalog.sound(there)) ELSE there END
  FROM (SELECT ST_Transform(found, 9210) AS there) AS transformed
$$;
