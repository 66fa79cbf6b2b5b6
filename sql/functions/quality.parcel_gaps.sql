-- Returns the places in and around a square that no parcel covers, as whole runs and checks of edits see them: up to 100 m long and
-- wide, and amid parcels. Those that reach beyond 100 m from the square are left out, since they may go on there.
-- Parcels are widened by 5 mm, and gaps by as much. Corners of neighbours that are rounded leave slits of a millimetre, hundreds of
-- metres long. They would join gaps to others and to the open land. GEOS in WebAssembly loses the statement in ST_Union, but
-- not in the buffer of a collection. The cost is that of 500 parcels; PostgreSQL uses several cores for it.
CREATE OR REPLACE FUNCTION quality.parcel_gaps(square geometry) RETURNS SETOF geometry LANGUAGE sql STABLE STRICT PARALLEL SAFE COST 4000000 ROWS 1 AS $$
  SELECT ST_Buffer(part.geom, 0.005, 'join=mitre')
  FROM (
    SELECT ST_Collect(catalog.sound(geom)) AS parcels FROM land.parcel
    WHERE geom && ST_Expand(square, 101) AND NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN') AS near
  CROSS JOIN ST_Expand(square, 100) AS around
  CROSS JOIN LATERAL ST_Dump(ST_Difference(around, ST_Buffer(parcels, 0.005, 'join=mitre'))) AS part
  -- What reaches the edge goes on beyond it. Operators on boxes would round these to 6 cm.
  WHERE ST_XMin(part.geom) - 0.001 > ST_XMin(around) AND ST_XMax(part.geom) + 0.001 < ST_XMax(around)
    AND ST_YMin(part.geom) - 0.001 > ST_YMin(around) AND ST_YMax(part.geom) + 0.001 < ST_YMax(around)
    AND ST_XMax(part.geom) - ST_XMin(part.geom) <= 100 AND ST_YMax(part.geom) - ST_YMin(part.geom) <= 100
$$;
