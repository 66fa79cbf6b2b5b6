-- Returns the first hour of the unbroken run of exceeded averages that ends at an hour; NULL if that hour does not
-- exceed. An hour that is not assessed breaks the run. It looks back 92 days, in steps, since most runs are short.
CREATE OR REPLACE FUNCTION environment.exceeded_since(of_station bigint, of_parameter text, of_averaging text, until timestamptz)
RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  days integer;
  beginning timestamptz;
BEGIN
  FOREACH days IN ARRAY ARRAY[2, 14, 92] LOOP
    SELECT min(run.at) INTO beginning
    FROM (
      SELECT j.at, bool_and(j.state = 'exceeded') OVER (ORDER BY j.at DESC) AS is_unbroken
      FROM environment.judged(of_station, of_parameter, of_averaging, until - days * interval '1 day', until) AS j) AS run
    WHERE run.is_unbroken;
    EXIT WHEN beginning IS NULL OR beginning > until - days * interval '1 day';
  END LOOP;
  RETURN beginning;
END $$;
