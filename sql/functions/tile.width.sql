-- Returns the width in metres of a tile of EPSG:3857 at a zoom: 2π · 6378137 / 2^zoom.
CREATE OR REPLACE FUNCTION tile.width(zoom integer) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 40075016.685578488 / 2.0 ^ zoom $$;
