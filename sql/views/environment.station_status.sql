-- The latest values of each station, its hourly VN_AQI, and the limits that it exceeds. A station is exceeded, within the
-- limits of what was compared, or not assessed, with the reason. It is one of these by environment.assess alone, as in
-- every other answer. Values older than 3 hours are stale: they have no VN_AQI and are not assessed.
CREATE OR REPLACE VIEW environment.station_status AS
SELECT s.id, s.code, s.name, s.kind, found.observed_at, aqi.index AS aqi, aqi.parameter AS aqi_parameter,
  class.label_vi AS aqi_class_vi, class.label_en AS aqi_class_en, class.colour AS aqi_colour,
  found.values, found.exceeded, s.geom,
  state.code AS assessment, state.vi AS assessment_vi, state.en AS assessment_en, found.compared,
  why.code AS reason, why.vi AS reason_vi, why.en AS reason_en, found.since, found.is_stale
FROM environment.station s
CROSS JOIN LATERAL environment.summary(s.id, now()) AS found
LEFT JOIN LATERAL (
  SELECT part.index, part.parameter FROM environment.aqi_hourly(s.id, found.at) AS part LIMIT 1) AS aqi
  ON s.kind = 'air' AND NOT found.is_stale
LEFT JOIN environment.aqi_class class ON aqi.index BETWEEN class.from_index AND class.to_index
JOIN environment.assessment_state AS state ON state.code = found.state
LEFT JOIN environment.assessment_reason AS why ON why.code = found.reason;
