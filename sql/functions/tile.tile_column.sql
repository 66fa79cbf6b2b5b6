-- Returns the column of the tile at a zoom that contains a coordinate.
CREATE OR REPLACE FUNCTION tile.tile_column(x float8, zoom integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT floor((x + 20037508.342789244) / tile.width(zoom))::integer
$$;
