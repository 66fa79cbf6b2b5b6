-- Selects functions of the published schemas ($1) that return rows or bytes, one row each. EXECUTE must be granted
-- explicitly, to everyone or to the server's role. The default grant to everyone does not count.
WITH RECURSIVE own_role (oid) AS (
  SELECT oid FROM pg_roles WHERE rolname = current_user
  UNION
  SELECT m.roleid FROM pg_auth_members m JOIN own_role r ON r.oid = m.member
)
SELECT
  n.nspname AS schema,
  p.proname AS name,
  count(*) OVER (PARTITION BY p.pronamespace, p.proname)::int AS forms,
  obj_description(p.oid, 'pg_proc') AS comment,
  p.provolatile <> 'v' AS reads_only,
  p.prorettype = 'bytea'::regtype AND NOT p.proretset AS gives_bytes,
  EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = p.pronamespace AND c.relname = p.proname) AS is_hidden,
  coalesce(parameters.list, '[]') AS parameters,
  coalesce(columns.list, '[]') AS columns
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_type r ON r.oid = p.prorettype
CROSS JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object(
    'name', coalesce(a.name, ''),
    'type', format_type(a.type, NULL),
    'base', t.typname,
    'category', t.typcategory,
    'variadic', a.mode = 'v',
    'optional', a.input > p.pronargs - p.pronargdefaults
  ) ORDER BY a.position) AS list
  FROM (
    SELECT *, row_number() OVER (ORDER BY position) AS input
    FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes)
      WITH ORDINALITY AS every (type, name, mode, position)
    WHERE mode IS NULL OR mode IN ('i', 'b', 'v')
  ) AS a
  JOIN catalog.base_type b ON b.oid = a.type
  JOIN pg_type t ON t.oid = b.base
) AS parameters
CROSS JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object(
    'name', a.name,
    'type', format_type(a.type, a.typmod),
    'base', t.typname,
    'base_type', format_type(b.base, CASE WHEN b.oid <> b.base THEN b.typmod ELSE a.typmod END),
    'category', t.typcategory,
    'typmod', declared.typmod,
    'nullable', true,
    'comment', a.comment,
    'indexed', false,
    'geometry_type', upper(postgis_typmod_type(declared.typmod)),
    'srid', postgis_typmod_srid(declared.typmod)
  ) ORDER BY a.position) AS list
  FROM (
    SELECT name, type, -1 AS typmod, NULL AS comment, position
    FROM unnest(p.proallargtypes, p.proargnames, p.proargmodes) WITH ORDINALITY AS every (type, name, mode, position)
    WHERE mode IN ('o', 'b', 't')
    UNION ALL
    SELECT attname, atttypid, atttypmod, col_description(attrelid, attnum), attnum
    FROM pg_attribute WHERE attrelid = r.typrelid AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT p.proname, p.prorettype, -1, NULL, 1
    WHERE p.proretset AND p.proallargtypes IS NULL AND r.typrelid = 0
  ) AS a
  JOIN catalog.base_type b ON b.oid = a.type
  JOIN pg_type t ON t.oid = b.base
  CROSS JOIN LATERAL (
    -- For other types the modifier has other meanings.
    SELECT CASE WHEN t.typname NOT IN ('geometry', 'geography') THEN -1 WHEN b.oid <> b.base THEN b.typmod ELSE a.typmod END AS typmod
  ) AS declared
) AS columns
WHERE n.nspname = ANY ($1)
  AND p.prokind = 'f'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  AND EXISTS (
    SELECT FROM aclexplode(p.proacl) AS granted
    WHERE granted.privilege_type = 'EXECUTE'
      AND (granted.grantee = 0 OR (granted.grantee <> p.proowner AND granted.grantee IN (SELECT oid FROM own_role))))
  AND has_schema_privilege(n.oid, 'USAGE')
ORDER BY n.nspname, p.proname
