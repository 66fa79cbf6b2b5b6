-- Returns why a station without a limit for a parameter has none: class_unknown if its regulation has limits for classes
-- and the station has no class, else no_limit.
CREATE OR REPLACE FUNCTION environment.missing_limit(of_station bigint, of_parameter text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(s.limit_class, s.water_class) IS NULL AND EXISTS (
    SELECT FROM environment.quality_limit l WHERE l.parameter = of_parameter AND l.medium = environment.medium_of(s))
    THEN 'class_unknown' ELSE 'no_limit' END
  FROM environment.station s WHERE s.id = of_station
$$;
