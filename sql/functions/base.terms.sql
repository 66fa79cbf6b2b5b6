-- Splits text into its folded words and numbers, for search: "Đường ĐT741" gives 'duong' 'dt' '741'. Leading zeros are
-- dropped, so that KK1 finds KK01. Text search of PostgreSQL would read "2164/QĐ-UBND" as the path of a file.
CREATE OR REPLACE FUNCTION base.terms(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT array_to_tsvector(array(
    SELECT regexp_replace(term[1], '^0+(?=[0-9])', '') FROM regexp_matches(base.fold(value), '[a-z]+|[0-9]+', 'g') AS term))
$$;
