-- Selects every table or view with a geometry or geography column in the published schemas ($1), one row each.
SELECT
  n.nspname AS schema,
  c.relname AS table,
  c.relkind AS kind,
  c.reltuples::float8 AS row_estimate,
  obj_description(c.oid, 'pg_class') AS comment,
  has_schema_privilege(n.oid, 'USAGE') AS usable,
  has_table_privilege(c.oid, 'SELECT') AS readable,
  c.relispopulated AS filled,
  parts.several AS spread,
  parts.foreign AS foreign,
  EXISTS (SELECT FROM access.restricted_layer WHERE layer = n.nspname || '.' || c.relname) AS restricted,
  (
    SELECT jsonb_agg(jsonb_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'base', t.typname,
      'base_type', format_type(b.base, CASE WHEN b.oid <> b.base THEN b.typmod ELSE a.atttypmod END),
      'category', t.typcategory,
      'typmod', CASE WHEN b.oid <> b.base THEN b.typmod ELSE a.atttypmod END,
      -- A NOT NULL column may still hold NULL in an inheriting table, in a foreign table, and with an unvalidated
      -- constraint (PostgreSQL 18).
      'nullable', NOT a.attnotnull OR parts.several AND c.relkind = 'r' OR parts.foreign OR unproven.columns @> ARRAY[a.attnum],
      'comment', col_description(c.oid, a.attnum),
      'indexed', EXISTS (
        SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
        WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND am.amname IN ('gist', 'spgist', 'brin') AND i.indpred IS NULL)
    ) ORDER BY a.attnum)
    FROM pg_attribute a
    JOIN catalog.base_type b ON b.oid = a.atttypid
    JOIN pg_type t ON t.oid = b.base
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  ) AS columns,
  (
    -- The primary key, else the shortest unique index over columns that are never null.
    SELECT jsonb_agg(a.attname ORDER BY k.position)
    FROM (
      SELECT i.indexrelid, i.indkey, i.indnkeyatts FROM pg_index i
      WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        -- The index of a table with inheriting tables covers only its own rows.
        AND NOT (parts.several AND c.relkind = 'r') AND NOT unproven.columns && i.indkey::int2[]
        AND NOT EXISTS (
          SELECT FROM unnest(i.indkey::int2[]) AS key (attnum)
          JOIN pg_attribute ka ON ka.attrelid = c.oid AND ka.attnum = key.attnum WHERE NOT ka.attnotnull)
      ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1
    ) AS best
    CROSS JOIN LATERAL unnest(best.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE k.position <= best.indnkeyatts
  ) AS key
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  -- The tables that hold its rows: itself, and those below it.
  WITH RECURSIVE part AS (
    SELECT c.oid AS oid
    UNION SELECT inhrelid FROM pg_inherits JOIN part ON inhparent = part.oid)
  SELECT c.relkind = 'p' OR count(*) > 1 AS several, bool_or(relkind = 'f') AS foreign
  FROM part JOIN pg_class of_part USING (oid)
) AS parts
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(key), '{}') AS columns FROM pg_constraint CROSS JOIN unnest(conkey) AS key
  WHERE conrelid = c.oid AND contype = 'n' AND NOT convalidated
) AS unproven
WHERE n.nspname = ANY ($1)
  AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
  AND NOT c.relispartition
  AND EXISTS (
    SELECT FROM pg_attribute a
    JOIN catalog.base_type b ON b.oid = a.atttypid
    JOIN pg_type t ON t.oid = b.base
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND t.typname IN ('geometry', 'geography'))
ORDER BY n.nspname, c.relname
