-- Returns the averages of environment.averages, each held against the limit of its hour: exceeded, within, or
-- not_assessed without an average or a limit. Everything that says that a station exceeds a limit comes from here.
CREATE OR REPLACE FUNCTION environment.judged(
  of_station bigint, of_parameter text, of_averaging text, first timestamptz, last timestamptz)
RETURNS TABLE (at timestamptz, value numeric, count bigint, regulation text, class text, minimum numeric, maximum numeric,
  limit_status text, state text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT a.at, a.value, a.count, l.regulation, l.class, l.minimum, l.maximum, l.status,
    CASE WHEN a.value IS NULL OR l.regulation IS NULL THEN 'not_assessed'
      WHEN a.value > l.maximum OR a.value < l.minimum THEN 'exceeded' ELSE 'within' END
  FROM environment.averages(of_station, of_parameter, environment.averaging_hours(of_averaging), first, last) AS a
  LEFT JOIN environment.limits_of(of_station) AS l
    ON l.parameter = of_parameter AND l.averaging = of_averaging AND a.at > l.starts AND (l.ends IS NULL OR a.at <= l.ends)
    AND (l.part = '' OR (l.part = 'day') = (extract(hour FROM environment.local_time(a.at)) BETWEEN 7 AND 21))
  ORDER BY a.at
$$;
