-- The latest values of each station, its hourly VN_AQI, and its exceeded limits. These are hourly ones of QCVN 05 for
-- air, and those of its class of QCVN 08 for river water.
--
-- A station without any value compared with a limit is not one without exceeded limits: it is not assessed. 46 of the
-- 81 stations of the sample are not, since ground water, waste water, stacks and noise have no limits here.
CREATE OR REPLACE VIEW environment.station_status AS
SELECT s.id, s.code, s.name, s.kind, latest.observed_at, aqi.index AS aqi, aqi.parameter AS aqi_parameter,
  class.label_vi AS aqi_class_vi, class.label_en AS aqi_class_en, class.colour AS aqi_colour,
  latest.values, compared.exceeded, s.geom,
  state.code AS assessment, state.vi AS assessment_vi, state.en AS assessment_en, compared.parameters AS compared
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
  -- The station's values that have a limit, and those beyond it.
  SELECT string_agg(parameter, ', ' ORDER BY parameter) AS parameters,
    string_agg(parameter, ', ' ORDER BY parameter) FILTER (WHERE is_beyond) AS exceeded
  FROM (
    SELECT l.parameter, bool_or(coalesce(value > l.maximum, FALSE) OR coalesce(value < l.minimum, FALSE)) AS is_beyond
    FROM environment.quality_limit l CROSS JOIN LATERAL (SELECT (latest.values ->> l.parameter)::numeric AS value) AS measured
    WHERE value IS NOT NULL AND (l.maximum IS NOT NULL OR l.minimum IS NOT NULL)
      AND ((s.kind = 'air' AND l.medium = 'air' AND l.averaging = '1h')
        OR (s.kind = 'surface_water' AND l.medium = 'river' AND l.class = s.water_class))
    GROUP BY l.parameter) AS limited
) AS compared ON TRUE
JOIN (VALUES
  ('exceeded', 'Vượt quy chuẩn', 'Over the limit'),
  ('within', 'Không vượt quy chuẩn ở các thông số đã so sánh', 'Within the limits of what was compared'),
  ('not_assessed', 'Chưa đánh giá', 'Not assessed')) AS state (code, vi, en)
  ON state.code = CASE WHEN compared.exceeded IS NOT NULL THEN 'exceeded' WHEN compared.parameters IS NOT NULL THEN 'within' ELSE 'not_assessed' END;
