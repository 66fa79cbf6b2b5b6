-- Returns a row for each hour from `first` to `last`: the mean of the hours that end there, and how many of them have
-- one. A mean of fewer than 75 % of its hours is NULL. Means have six decimals.
CREATE OR REPLACE FUNCTION environment.averages(
  of_station bigint, of_parameter text, of_hours integer, first timestamptz, last timestamptz)
RETURNS TABLE (at timestamptz, value numeric, count bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT m.at, CASE WHEN m.present * 4 >= of_hours * 3
    THEN trim_scale(round(CASE WHEN p.unit = 'dBA' THEN 10 * log(m.mean) ELSE m.mean END, 6)) END, m.present
  FROM (
    SELECT each.at, avg(h.amount) OVER w AS mean, count(h.amount) OVER w AS present
    FROM generate_series(first - (of_hours - 1) * interval '1 hour', last, interval '1 hour') AS each (at)
    LEFT JOIN environment.hourly(of_station, of_parameter, first - of_hours * interval '1 hour', last) AS h ON h.hour = each.at
    WINDOW w AS (ORDER BY each.at ROWS BETWEEN coalesce(of_hours - 1, 0) PRECEDING AND CURRENT ROW)) AS m
  JOIN environment.parameter p ON p.code = of_parameter
  WHERE m.at >= first
  ORDER BY m.at
$$;
