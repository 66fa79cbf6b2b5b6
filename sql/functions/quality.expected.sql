-- Returns the amount that a complete database has: a row of the aspect comes before one of any, then a row of the unit
-- before one of every unit. NULL without a row.
CREATE OR REPLACE FUNCTION quality.expected(of_rule text, in_unit text, of_aspect text) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT amount FROM quality.expectation
  WHERE rule = of_rule AND unit_code IN ('', in_unit) AND aspect IN ('', of_aspect)
  ORDER BY aspect = '', unit_code = '' LIMIT 1
$$;
