-- Returns the hours of an averaging period; NULL for periods that are not assessed, such as a year.
CREATE OR REPLACE FUNCTION environment.averaging_hours(of_averaging text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE of_averaging WHEN '1h' THEN 1 WHEN '8h' THEN 8 WHEN '24h' THEN 24 END
$$;
