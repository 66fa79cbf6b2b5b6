-- Returns the box of a geometry, rounded outwards to whole metres, with the zooms at which it is visible.
CREATE OR REPLACE FUNCTION tile.area(shape geometry, first_zoom integer, last_zoom integer) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_array(floor(ST_XMin(shape)), floor(ST_YMin(shape)), ceil(ST_XMax(shape)), ceil(ST_YMax(shape)), first_zoom, last_zoom)
$$;
