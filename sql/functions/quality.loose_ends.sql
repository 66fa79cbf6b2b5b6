-- Returns the ends of lines that meet no line although one is near: from 0.1 m, which rounding explains, to `tolerance` metres away.
-- An end farther from all others is a dead end, and one that meets a line is right, however near others are.
--
-- A line can miss itself too, so its own pieces are compared but for the last metres before the end. `is_past`: the end has crossed
-- the other line.
CREATE OR REPLACE FUNCTION quality.loose_ends(lines regclass, tolerance double precision)
RETURNS TABLE (id bigint, end_name text, point geometry, other_id bigint, distance double precision, is_past boolean) LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY EXECUTE format($query$
    -- Most ends meet another line, which the index finds.
    WITH lone AS MATERIALIZED (
      SELECT own.id, line_end.* FROM %1$s AS own CROSS JOIN LATERAL quality.line_ends(catalog.shape(own.geom), 4 * $1) AS line_end
      WHERE NOT EXISTS (SELECT FROM %1$s AS met WHERE met.id <> own.id AND met.geom && ST_Expand(point, 0.1) AND ST_Distance(met.geom, point) <= 0.1))
    SELECT * FROM (
      SELECT DISTINCT ON (lone.id, lone.name) lone.id::bigint, lone.name, point, other.id::bigint, ST_Distance(point, line) AS distance,
        ST_Intersects(piece, line)
      FROM lone JOIN %1$s AS other ON other.geom && ST_Expand(point, $1)
      CROSS JOIN LATERAL (SELECT CASE WHEN other.id = lone.id THEN rest ELSE other.geom END AS line) AS compared
      WHERE line IS NOT NULL ORDER BY lone.id, lone.name, ST_Distance(point, line), other.id) AS nearest
    WHERE distance > 0.1 AND distance <= $1 $query$, lines) USING tolerance;
END $$;
