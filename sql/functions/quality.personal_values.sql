-- Returns how many values of columns of a layer are personal data, by kind (NULL: none), and how many were looked at: those of some 2000
-- rows, since a share of 5 % needs no more. Empty values do not count.
CREATE OR REPLACE FUNCTION quality.personal_values(layer text, names text[])
RETURNS TABLE (name text, kind text, several bigint, looked_at bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  most CONSTANT integer := 2000;
  relation regclass := format('%I.%I', split_part(layer, '.', 1), substr(layer, strpos(layer, '.') + 1))::regclass;
  part text;
BEGIN
  -- Views cannot be sampled, and a table that nobody has analysed has no estimate.
  SELECT CASE WHEN relkind IN ('r', 'p', 'm') AND reltuples > most
    THEN format('%s AS t TABLESAMPLE BERNOULLI (%s) REPEATABLE (1)', relation, 100 * most / reltuples)
    ELSE format('(SELECT * FROM %s LIMIT %s) AS t', relation, 10 * most) END INTO part FROM pg_class WHERE oid = relation;
  RETURN QUERY EXECUTE format($query$
    SELECT pair.name, recognised.kind, count(*), sum(count(*)) OVER (PARTITION BY pair.name)::bigint
    FROM %s CROSS JOIN LATERAL (VALUES %s) AS pair (name, value) CROSS JOIN LATERAL (SELECT catalog.personal_kind(pair.value) AS kind) AS recognised
    WHERE pair.value ~ '\S' GROUP BY 1, 2 $query$, part, (SELECT string_agg(format('(%L, t.%I::text)', each, each), ', ') FROM unnest(names) AS each));
END $$;
