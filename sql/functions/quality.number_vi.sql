-- Returns a number as Vietnamese text: 2.159,6. Digits after the comma are those that it has, without zeros at the end.
CREATE OR REPLACE FUNCTION quality.number_vi(given numeric) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT rtrim(translate(to_char(trim_scale(given), 'FM999,999,999,999,990.999999'), ',.', '.,'), ',')
$$;
