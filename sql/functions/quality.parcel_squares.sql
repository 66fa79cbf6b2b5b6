-- Returns the squares of 800 m that parcels meet, or that lie within 101 m of one, each with its least parcel. The corner of a gap
-- may lie in a square that no parcel meets.
CREATE OR REPLACE FUNCTION quality.parcel_squares() RETURNS TABLE (id bigint, square geometry) LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 4000 SET jit = off AS $$
  SELECT min(first), ST_MakeEnvelope(800 * i, 800 * j, 800 * i + 800, 800 * j + 800, srid) FROM (
    SELECT min(parcel.id) AS first, ST_SRID(geom) AS srid, floor((ST_XMin(geom) - 101) / 800)::int AS west, floor((ST_XMax(geom) + 101) / 800)::int AS east,
      floor((ST_YMin(geom) - 101) / 800)::int AS south, floor((ST_YMax(geom) + 101) / 800)::int AS north
    FROM land.parcel
    -- A box of half the province is a wrong coordinate, and millions of squares.
    WHERE NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN' AND ST_XMax(geom) - ST_XMin(geom) < 50000 AND ST_YMax(geom) - ST_YMin(geom) < 50000
    GROUP BY 2, 3, 4, 5, 6) AS box
  CROSS JOIN generate_series(west, east) AS i CROSS JOIN generate_series(south, north) AS j
  GROUP BY i, j, srid
$$;
