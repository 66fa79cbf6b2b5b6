-- Returns the moment at which a day begins in Việt Nam (UTC+7).
CREATE OR REPLACE FUNCTION environment.local_midnight(of_day date) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (of_day::timestamp - interval '7 hours') AT TIME ZONE 'UTC'
$$;
