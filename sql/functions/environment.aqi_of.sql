-- Returns VN_AQI of one parameter (QĐ 1459/QĐ-TCMT 2019): (Ihi-Ilo)/(BPhi-BPlo)*(C-BPlo)+Ilo, rounded half up. Beyond the
-- last breakpoint it is the last index, 500. A scale that ends earlier (O3 over 8 hours, 400 µg/m³) gives NULL beyond
-- its end, and so does a concentration below 0.
CREATE OR REPLACE FUNCTION environment.aqi_of(of_parameter text, of_averaging text, concentration numeric) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN hi.index IS NOT NULL
      THEN round((hi.index - lo.index) / (hi.concentration - lo.concentration) * (aqi_of.concentration - lo.concentration) + lo.index)
    WHEN lo.index = 500 OR lo.concentration = aqi_of.concentration THEN lo.index END::integer
  FROM (
    SELECT b.index, b.concentration FROM environment.aqi_breakpoint b
    WHERE b.parameter = of_parameter AND b.averaging = of_averaging AND b.concentration <= aqi_of.concentration
    ORDER BY b.index DESC LIMIT 1) AS lo
  LEFT JOIN LATERAL (
    SELECT b.index, b.concentration FROM environment.aqi_breakpoint b
    WHERE b.parameter = of_parameter AND b.averaging = of_averaging AND b.index > lo.index ORDER BY b.index LIMIT 1) AS hi ON TRUE
$$;
