-- Returns both ends of each part of a line: a name ("1 start", "1 end", "2 start"), the point, and the piece of at most `margin` metres
-- there. `rest` is the line without that piece; NULL if nothing is left.
CREATE OR REPLACE FUNCTION quality.line_ends(line geometry, margin double precision)
RETURNS TABLE (name text, point geometry, piece geometry, rest geometry) LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2 AS $$
  WITH parts AS (SELECT path[1] AS part, geom, least(1, margin / ST_Length(geom)) AS share FROM ST_Dump(ST_Multi(line)) WHERE ST_Length(geom) > 0)
  SELECT part || side.name, side.point, ST_LineSubstring(geom, piece_from, piece_to), ST_Collect(
    CASE WHEN share < 1 THEN ST_LineSubstring(geom, rest_from, rest_to) END,
    (SELECT ST_Collect(other.geom) FROM parts AS other WHERE other.part <> parts.part))
  FROM parts CROSS JOIN LATERAL (VALUES
    (' start', ST_StartPoint(geom), 0, share, share, 1),
    (' end', ST_EndPoint(geom), 1 - share, 1, 0, 1 - share)) AS side (name, point, piece_from, piece_to, rest_from, rest_to)
$$;
