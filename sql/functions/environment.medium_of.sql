-- Returns the medium whose limits a station is held to: its own, or that of its kind.
CREATE OR REPLACE FUNCTION environment.medium_of(s environment.station) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(s.limit_medium, CASE s.kind WHEN 'surface_water' THEN 'river' WHEN 'stack' THEN 'emission' ELSE s.kind END)
$$;
