-- Folds text as people type it: no tone marks, lower case, single spaces. "Thủ Dầu Một" gives "thu dau mot".
CREATE OR REPLACE FUNCTION base.fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT btrim(regexp_replace(translate(lower(regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g')), 'đ', 'd'), '\s+', ' ', 'g'))
$$;
