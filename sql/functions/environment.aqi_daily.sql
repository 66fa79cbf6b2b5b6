-- Returns the parts of the daily VN_AQI of an air station, the largest first. The day has the hours from 01:00 to 00:00
-- of the next day. PM10 and PM2.5 enter by their mean; SO2, NO2 and CO by their highest hour. O3 enters by the larger index of
-- its highest hour and its highest 8 hours. Each needs 75 % of the day's hours, which the text leaves open. The first
-- row is the station's index. There is none without PM10 and PM2.5. QĐ 1459/QĐ-TCMT 2019.
CREATE OR REPLACE FUNCTION environment.aqi_daily(of_station bigint, of_day date)
RETURNS TABLE (parameter text, averaging text, concentration numeric, index integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT part.parameter, part.averaging, part.concentration, part.index
  FROM (
    SELECT c.*, i.index, bool_or(c.parameter IN ('PM10', 'PM2.5')) OVER () AS has_dust
    FROM (
      SELECT scale.parameter, scale.averaging, max(a.value) AS concentration
      FROM (SELECT DISTINCT b.parameter, b.averaging FROM environment.aqi_breakpoint b) AS scale
      CROSS JOIN LATERAL environment.averages(of_station, scale.parameter, environment.averaging_hours(scale.averaging),
        environment.local_midnight(of_day) + CASE scale.averaging WHEN '24h' THEN interval '24 hours' ELSE interval '1 hour' END,
        environment.local_midnight(of_day) + interval '24 hours') AS a
      GROUP BY scale.parameter, scale.averaging
      HAVING count(a.value) >= CASE scale.averaging WHEN '24h' THEN 1 ELSE 18 END) AS c
    CROSS JOIN LATERAL (SELECT environment.aqi_of(c.parameter, c.averaging, c.concentration) AS index) AS i
    WHERE i.index IS NOT NULL) AS part
  WHERE part.has_dust AND EXISTS (SELECT FROM environment.station s WHERE s.id = of_station AND s.kind = 'air')
  ORDER BY part.index DESC, part.parameter, part.averaging;
END $$;
