-- Returns the Nowcast of hourly PM over the 12 hours to `until`: sum(w^(i-1) c_i) / sum(w^(i-1)), w = max(1/2, Cmin/Cmax),
-- c1 the latest hour. A missing hour has no weight. It is NULL without two of the last three hours. QĐ 1459/QĐ-TCMT 2019,
-- whose form for w = 1/2 has no denominator: it differs by 1/4096 with all hours, and would fall with missing ones.
CREATE OR REPLACE FUNCTION environment.nowcast(of_station bigint, of_parameter text, until timestamptz) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN count(*) FILTER (WHERE hours < 3) >= 2 THEN sum(power(w, hours) * amount) / sum(power(w, hours)) END
  FROM (
    SELECT amount, hours, greatest(0.5, coalesce(min(amount) OVER () / nullif(max(amount) OVER (), 0), 1)) AS w
    FROM (
      SELECT amount, round(extract(epoch FROM until - hour) / 3600) AS hours
      FROM environment.hourly(of_station, of_parameter, until - interval '12 hours', until)) AS hourly) AS weighted
$$;
