-- Returns the validity of a distance rule today: superseded from the day at which its validity ends, else as recorded.
CREATE OR REPLACE FUNCTION land.rule_validity(rule land.buffer_preset) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN rule.valid_to <= environment.local_time(now())::date THEN 'superseded' ELSE rule.validity END
$$;
