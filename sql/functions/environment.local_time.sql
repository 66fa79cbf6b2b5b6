-- Returns the time of the clock in Việt Nam (UTC+7 without summer time).
CREATE OR REPLACE FUNCTION environment.local_time(moment timestamptz) RETURNS timestamp
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (moment AT TIME ZONE 'UTC') + interval '7 hours'
$$;
