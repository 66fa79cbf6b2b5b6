-- Returns the mean of each hour in (after, until] that has at least 75 % of its values. Values count that were measured
-- with status 00 and are possible. Sound levels come as power (10^(L/10)), whose mean is that of sound.
CREATE OR REPLACE FUNCTION environment.hourly(of_station bigint, of_parameter text, after timestamptz, until timestamptz)
RETURNS TABLE (hour timestamptz, amount numeric)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT environment.hour_of(o.observed_at), avg(CASE WHEN p.unit = 'dBA' THEN power(10::numeric, o.value / 10) ELSE o.value END)
  FROM environment.station s
  JOIN environment.observation o ON o.station_id = s.id
  JOIN environment.parameter p ON p.code = o.parameter
  WHERE s.id = of_station AND o.parameter = of_parameter AND o.observed_at > after AND o.observed_at <= until AND o.status = '00'
    AND o.value > '-Infinity' AND o.value < 'Infinity'
    AND (p.lowest IS NULL OR o.value >= p.lowest) AND (p.highest IS NULL OR o.value <= p.highest)
  GROUP BY environment.hour_of(o.observed_at), s.interval_minutes
  HAVING count(*) * s.interval_minutes >= 45
$$;
