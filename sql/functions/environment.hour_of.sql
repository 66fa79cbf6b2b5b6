-- Returns the end of the hour that holds a moment: hours are labelled by their end, so 09:00:01 and 10:00 give 10:00.
-- By the clock of UTC, whose arithmetic is immutable: PostgreSQL inlines it, instead of 10 µs a call.
CREATE OR REPLACE FUNCTION environment.hour_of(moment timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (date_bin(interval '1 hour', (moment AT TIME ZONE 'UTC') - interval '1 microsecond', timestamp '2000-01-01 00:00')
    + interval '1 hour') AT TIME ZONE 'UTC'
$$;
