-- Returns what is known of each parameter of a station at a moment: its latest value, and a row for each averaging
-- period with a limit (one row without a limit). The average is that of the last hour with enough values. Nothing
-- compared is never within: `reason` tells why a row is not assessed. Values older than 3 hours are stale.
-- In PL/pgSQL with a generic plan, so that a session plans it once. PostgreSQL prefers a plan for each station, and then
-- plans for 5 ms what runs for 2.
CREATE OR REPLACE FUNCTION environment.assess(of_station bigint, moment timestamptz)
RETURNS TABLE (parameter text, observed_at timestamptz, latest numeric, averaging text, regulation text, class text,
  minimum numeric, maximum numeric, limit_status text, at timestamptz, value numeric, count bigint, state text, reason text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT seen.parameter, seen.observed_at, seen.value, period.averaging, j.regulation, j.class, j.minimum, j.maximum,
    j.limit_status, seen.at, j.value, j.count,
    CASE WHEN why.reason IS NULL THEN j.state ELSE 'not_assessed' END, why.reason
  FROM (
    SELECT p.code AS parameter, o.observed_at, o.value, CASE WHEN environment.hour_of(o.observed_at) <= moment OR EXISTS (
        SELECT FROM environment.hourly(of_station, p.code, environment.hour_of(o.observed_at) - interval '1 hour', moment))
      THEN environment.hour_of(o.observed_at) ELSE environment.hour_of(o.observed_at) - interval '1 hour' END AS at
    FROM environment.parameter p
    CROSS JOIN LATERAL (
      SELECT n.observed_at, n.value FROM environment.observation n
      WHERE n.station_id = of_station AND n.parameter = p.code AND n.observed_at <= moment AND n.status = '00'
      ORDER BY n.observed_at DESC LIMIT 1) AS o
    -- A fence: with `at` as a plain column, PostgreSQL inlines the functions that take it.
    OFFSET 0) AS seen
  LEFT JOIN (SELECT DISTINCT l.parameter, l.averaging FROM environment.limits_of(of_station) AS l) AS period
    ON period.parameter = seen.parameter
  LEFT JOIN LATERAL environment.judged(of_station, seen.parameter, period.averaging, seen.at, seen.at) AS j
    ON environment.averaging_hours(period.averaging) IS NOT NULL
  CROSS JOIN LATERAL (SELECT CASE
    WHEN seen.observed_at < environment.stale_before(moment) THEN 'stale'
    WHEN period.averaging IS NULL THEN environment.missing_limit(of_station, seen.parameter)
    WHEN environment.averaging_hours(period.averaging) IS NULL THEN 'annual'
    WHEN j.regulation IS NULL THEN 'no_limit'
    WHEN j.value IS NULL THEN 'insufficient' END AS reason) AS why;
END $$;
