-- Returns the assessment of a station as a whole at a moment, from environment.assess: exceeded if any parameter is,
-- within if one was compared and none is exceeded, else not_assessed with the most telling reason. `at` is the last hour
-- that was assessed; `since` is the earliest start of what is exceeded.
CREATE OR REPLACE FUNCTION environment.summary(of_station bigint, moment timestamptz)
RETURNS TABLE (observed_at timestamptz, is_stale boolean, at timestamptz, "values" jsonb, exceeded text, compared text,
  state text, reason text, since timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT t.observed_at, t.is_stale, t.at, t.values, t.exceeded, t.compared,
    CASE WHEN t.exceeded IS NOT NULL THEN 'exceeded' WHEN t.compared IS NOT NULL THEN 'within' ELSE 'not_assessed' END,
    CASE WHEN t.compared IS NOT NULL THEN NULL WHEN t.observed_at IS NULL THEN 'no_values' WHEN t.is_stale THEN 'stale'
      ELSE t.reason END,
    t.since
  FROM (
    SELECT max(a.observed_at) AS observed_at,
      coalesce(max(a.observed_at) < environment.stale_before(moment), TRUE) AS is_stale,
      max(a.at) AS at,
      jsonb_object_agg(a.parameter, a.latest) FILTER (WHERE a.observed_at >= environment.stale_before(a.newest)) AS values,
      string_agg(DISTINCT a.parameter, ', ' ORDER BY a.parameter) FILTER (WHERE a.state = 'exceeded') AS exceeded,
      string_agg(DISTINCT a.parameter, ', ' ORDER BY a.parameter) FILTER (WHERE a.state <> 'not_assessed') AS compared,
      (array_agg(a.reason ORDER BY array_position(ARRAY['class_unknown', 'insufficient', 'stale', 'annual', 'no_limit'], a.reason)))[1] AS reason,
      min(CASE WHEN a.state = 'exceeded' THEN environment.exceeded_since(of_station, a.parameter, a.averaging, a.at) END) AS since
    FROM (SELECT each.*, max(each.observed_at) OVER () AS newest FROM environment.assess(of_station, moment) AS each) AS a) AS t
$$;
