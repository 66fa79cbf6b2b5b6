-- Returns the Nowcast of hourly PM over the 12 hours to `until`: weights w^(i-1), w = max(0.5, Cmin/Cmax). It needs at
-- least two of the last three hours, and is NULL otherwise. QĐ 1459/QĐ-TCMT 2019.
CREATE OR REPLACE FUNCTION environment.nowcast(of_station bigint, of_parameter text, until timestamptz) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN count(*) FILTER (WHERE hours < 3) >= 2 THEN sum(power(w, hours) * value) / sum(power(w, hours)) END
  FROM (
    SELECT value, hours, greatest(0.5, coalesce(min(value) OVER () / nullif(max(value) OVER (), 0), 1)) AS w
    FROM (
      SELECT value, round(extract(epoch FROM until - observed_at) / 3600) AS hours FROM environment.observation
      WHERE station_id = of_station AND parameter = of_parameter
        AND observed_at > until - interval '12 hours' AND observed_at <= until) AS hourly) AS weighted
$$;
