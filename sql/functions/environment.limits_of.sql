-- Returns the limits that a station is held to: those of its medium and of its class, each until the next one replaces
-- it. `part` is 'day' (06:00 to 21:00) or 'night' for limits of a part of the day. A limit without an averaging period
-- is held against the mean of an hour. A later regulation replaces an earlier one.
CREATE OR REPLACE FUNCTION environment.limits_of(of_station bigint)
RETURNS TABLE (parameter text, averaging text, part text, regulation text, class text, minimum numeric, maximum numeric,
  status text, starts timestamptz, ends timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT l.parameter, period.averaging, period.part, l.regulation, l.class, l.minimum, l.maximum, l.status,
    environment.local_midnight(l.valid_from),
    environment.local_midnight(lead(l.valid_from) OVER (
      PARTITION BY l.parameter, period.averaging, period.part ORDER BY l.valid_from, l.regulation, l.class))
  FROM environment.station s
  JOIN environment.quality_limit l ON l.medium = environment.medium_of(s) AND l.class IN ('', coalesce(s.limit_class, s.water_class))
  CROSS JOIN LATERAL (SELECT
    CASE WHEN l.averaging IN ('', 'day', 'night') THEN '1h' ELSE l.averaging END AS averaging,
    CASE WHEN l.averaging IN ('day', 'night') THEN l.averaging ELSE '' END AS part) AS period
  WHERE s.id = of_station AND (l.minimum IS NOT NULL OR l.maximum IS NOT NULL)
$$;
