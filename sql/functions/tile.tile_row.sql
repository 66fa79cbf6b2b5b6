-- Returns the row, from the north, of the tile at a zoom that contains a coordinate.
CREATE OR REPLACE FUNCTION tile.tile_row(y float8, zoom integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT floor((20037508.342789244 - y) / tile.width(zoom))::integer
$$;
