-- Returns the columns of a table as a history stores them: [{name, type}]. Types of the database's own become text, since
-- a column of one would stop whoever drops or alters the type.
CREATE OR REPLACE FUNCTION history.columns_of(source regclass) RETURNS jsonb LANGUAGE sql STABLE SET jit = off AS $$
  SELECT jsonb_agg(jsonb_build_object('name', attname, 'type',
    CASE WHEN t.oid < 16384 OR EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')
      THEN format('%I.%I', nspname, typname) ELSE 'text' END) ORDER BY attnum)
  FROM pg_attribute AS a JOIN catalog.base_type AS b ON b.oid = atttypid
    JOIN pg_type AS t ON t.oid = b.base JOIN pg_namespace AS n ON n.oid = typnamespace
  WHERE attrelid = source AND attnum > 0 AND NOT attisdropped
$$;
