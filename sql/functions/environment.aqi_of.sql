-- Returns VN_AQI of one parameter (QĐ 1459/QĐ-TCMT 2019): (Ihi-Ilo)/(BPhi-BPlo)*(C-BPlo)+Ilo, rounded. Beyond the last
-- breakpoint it is the last index.
CREATE OR REPLACE FUNCTION environment.aqi_of(of_parameter text, of_averaging text, concentration numeric) RETURNS integer
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
