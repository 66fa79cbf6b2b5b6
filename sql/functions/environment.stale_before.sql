-- Returns the moment before which values are stale at another: three hours earlier. By the clock of UTC, so that it is
-- inlined.
CREATE OR REPLACE FUNCTION environment.stale_before(moment timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((moment AT TIME ZONE 'UTC') - interval '3 hours') AT TIME ZONE 'UTC'
$$;
