-- Returns the parts of the hourly VN_AQI of an air station at an hour, the largest first. PM10 and PM2.5 enter by their
-- Nowcast, the gases by the mean of the hour. The first row is the station's index. There is none without PM10 and
-- PM2.5. QĐ 1459/QĐ-TCMT 2019.
CREATE OR REPLACE FUNCTION environment.aqi_hourly(of_station bigint, of_hour timestamptz)
RETURNS TABLE (parameter text, averaging text, concentration numeric, index integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT part.parameter, part.averaging, trim_scale(round(part.concentration, 6)), part.index
  FROM (
    SELECT c.*, i.index, bool_or(c.averaging = 'nowcast') OVER () AS has_dust
    FROM (
      SELECT scale.parameter, 'nowcast' AS averaging, scale.averaging AS scale,
        environment.nowcast(of_station, scale.parameter, of_hour) AS concentration
      FROM (VALUES ('PM10', '24h'), ('PM2.5', '24h')) AS scale (parameter, averaging)
      UNION ALL
      SELECT gas.parameter, '1h', '1h', h.amount
      FROM unnest(ARRAY['O3', 'CO', 'SO2', 'NO2']) AS gas (parameter)
      CROSS JOIN LATERAL environment.hourly(of_station, gas.parameter, of_hour - interval '1 hour', of_hour) AS h
      -- A fence, so that the Nowcast is computed once.
      OFFSET 0) AS c
    CROSS JOIN LATERAL (SELECT environment.aqi_of(c.parameter, c.scale, c.concentration) AS index OFFSET 0) AS i
    WHERE i.index IS NOT NULL) AS part
  WHERE part.has_dust AND EXISTS (SELECT FROM environment.station s WHERE s.id = of_station AND s.kind = 'air')
  ORDER BY part.index DESC, part.parameter;
END $$;
