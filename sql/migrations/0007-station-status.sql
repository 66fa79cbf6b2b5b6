-- VN_AQI of one parameter (QĐ 1459/QĐ-TCMT 2019): (Ihi-Ilo)/(BPhi-BPlo)*(C-BPlo)+Ilo, rounded; beyond the last
-- breakpoint the last index stands.
CREATE FUNCTION environment.aqi_of(of_parameter text, of_averaging text, concentration numeric) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT coalesce(
    (SELECT round((hi.index - lo.index) / (hi.concentration - lo.concentration) * (aqi_of.concentration - lo.concentration) + lo.index)
      FROM environment.aqi_breakpoint lo
      CROSS JOIN LATERAL (
        SELECT index, concentration FROM environment.aqi_breakpoint
        WHERE parameter = of_parameter AND averaging = of_averaging AND index > lo.index ORDER BY index LIMIT 1) AS hi
      WHERE lo.parameter = of_parameter AND lo.averaging = of_averaging
        AND aqi_of.concentration >= lo.concentration AND aqi_of.concentration < hi.concentration),
    (SELECT max(index) FROM environment.aqi_breakpoint WHERE parameter = of_parameter AND averaging = of_averaging))::integer
$$;

-- Nowcast of hourly PM over the 12 hours to `until`: weights w^(i-1), w = max(0.5, Cmin/Cmax), at least two of the last
-- three hours; null where there are not. QĐ 1459/QĐ-TCMT 2019.
CREATE FUNCTION environment.nowcast(of_station bigint, of_parameter text, until timestamptz) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN count(*) FILTER (WHERE hours < 3) >= 2 THEN sum(power(w, hours) * value) / sum(power(w, hours)) END
  FROM (
    SELECT value, hours, greatest(0.5, coalesce(min(value) OVER () / nullif(max(value) OVER (), 0), 1)) AS w
    FROM (
      SELECT value, round(extract(epoch FROM until - observed_at) / 3600) AS hours FROM environment.observation
      WHERE station_id = of_station AND parameter = of_parameter
        AND observed_at > until - interval '12 hours' AND observed_at <= until) AS hourly) AS weighted
$$;

-- The latest values of each station, its hourly VN_AQI and what exceeds its limits: hourly ones of QCVN 05 for air,
-- those of its class of QCVN 08 for river water.
CREATE VIEW environment.station_status AS
SELECT s.id, s.code, s.name, s.kind, latest.observed_at, aqi.index AS aqi, aqi.parameter AS aqi_parameter,
  class.label_vi AS aqi_class_vi, class.label_en AS aqi_class_en, class.colour AS aqi_colour,
  latest.values, exceeded.list AS exceeded, s.geom
FROM environment.station s
LEFT JOIN LATERAL (
  SELECT max(o.observed_at) AS observed_at, jsonb_object_agg(o.parameter, o.value) AS values
  FROM environment.observation o
  WHERE o.station_id = s.id AND o.observed_at = (
    SELECT max(n.observed_at) FROM environment.parameter p
    CROSS JOIN LATERAL (
      SELECT observed_at FROM environment.observation n
      WHERE n.station_id = s.id AND n.parameter = p.code ORDER BY observed_at DESC LIMIT 1) AS n)
) AS latest ON TRUE
LEFT JOIN LATERAL (
  -- PM10 or PM2.5 is required; the station's index is the largest.
  SELECT parameter, index FROM (
    SELECT parameter, environment.aqi_of(parameter, averaging, CASE WHEN parameter IN ('PM10', 'PM2.5')
      THEN environment.nowcast(s.id, parameter, latest.observed_at) ELSE (latest.values ->> parameter)::numeric END) AS index
    FROM (SELECT DISTINCT parameter, averaging FROM environment.aqi_breakpoint WHERE averaging <> '8h') AS scale) AS each
  WHERE index IS NOT NULL AND s.kind = 'air' AND latest.values ?| ARRAY['PM10', 'PM2.5']
  ORDER BY index DESC, parameter LIMIT 1
) AS aqi ON TRUE
LEFT JOIN environment.aqi_class class ON aqi.index BETWEEN class.from_index AND class.to_index
LEFT JOIN LATERAL (
  SELECT string_agg(l.parameter, ', ' ORDER BY l.parameter) AS list
  FROM environment.quality_limit l
  WHERE ((s.kind = 'air' AND l.medium = 'air' AND l.averaging = '1h')
      OR (s.kind = 'surface_water' AND l.medium = 'river' AND l.class = s.water_class))
    AND ((latest.values ->> l.parameter)::numeric > l.maximum OR (latest.values ->> l.parameter)::numeric < l.minimum)
) AS exceeded ON TRUE;
COMMENT ON VIEW environment.station_status IS 'Trạm quan trắc: số liệu mới nhất, VN_AQI / Station: latest values, VN_AQI';
