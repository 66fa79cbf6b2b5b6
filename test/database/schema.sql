-- Every object of the schemas of the program except those of extensions and of the derivation of tiles: one line a property,
-- in an order and in words that PostgreSQL 15 and 18 share.
WITH namespace AS (
  SELECT oid, nspname AS name, nspowner, nspacl FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\_%' AND nspname NOT IN ('information_schema', 'public')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_namespace.oid AND deptype = 'e')
), relation AS (
  SELECT c.oid, c.relkind, c.relowner, c.relacl, format('%s.%s', n.name, c.relname) AS name
  FROM pg_class AS c JOIN namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND position(' ' IN c.relname) = 0
    AND NOT (n.name = 'tile' AND c.relname LIKE '%.%')
    -- What an identity column counts by.
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'i')
), function AS (
  SELECT p.*, format('%s.%s(%s)', n.name, p.proname, pg_get_function_arguments(p.oid)) AS name
  FROM pg_proc AS p JOIN namespace AS n ON n.oid = p.pronamespace WHERE position(' ' IN p.proname) = 0
), granted (name, owner, acl) AS (
  SELECT 'schema ' || name, nspowner, nspacl FROM namespace
  UNION ALL SELECT 'relation ' || name, relowner, relacl FROM relation
  UNION ALL SELECT 'function ' || name, proowner, proacl FROM function
  UNION ALL SELECT 'default privileges in ' || n.name || ' on ' || defaclobjtype::text, defaclrole, defaclacl
    FROM pg_default_acl JOIN namespace AS n ON n.oid = defaclnamespace
), commented (name, text) AS (
  SELECT 'schema ' || name, obj_description(oid, 'pg_namespace') FROM namespace
  UNION ALL SELECT 'relation ' || name, obj_description(oid, 'pg_class') FROM relation
  UNION ALL SELECT 'function ' || name, obj_description(oid, 'pg_proc') FROM function
)
SELECT object, rank, line FROM (
  SELECT 'relation ' || r.name AS object, 0 AS rank,
    CASE r.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'sequence' END AS line
  FROM relation AS r
  UNION ALL
  SELECT 'relation ' || r.name, 1000 + a.attnum,
    concat_ws(' ', 'column', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
      CASE WHEN a.attidentity <> '' THEN 'IDENTITY ' || a.attidentity::text END,
      CASE WHEN a.attgenerated <> '' THEN 'GENERATED' WHEN d.oid IS NOT NULL THEN 'DEFAULT' END, pg_get_expr(d.adbin, d.adrelid),
      '-- ' || col_description(r.oid, a.attnum))
  FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef AS d ON d.adrelid = r.oid AND d.adnum = a.attnum
  WHERE r.relkind <> 'S'
  UNION ALL
  -- NOT NULL stands with the column: since PostgreSQL 18 it is a constraint as well.
  SELECT 'relation ' || r.name, 3000, format('constraint %s %s', c.conname, pg_get_constraintdef(c.oid))
  FROM relation AS r JOIN pg_constraint AS c ON c.conrelid = r.oid WHERE c.contype NOT IN ('n', 't')
  UNION ALL
  SELECT 'relation ' || r.name, 3001, 'index ' || pg_get_indexdef(i.indexrelid) FROM relation AS r JOIN pg_index AS i ON i.indrelid = r.oid
  UNION ALL
  SELECT 'relation ' || r.name, 3002, concat(CASE t.tgenabled WHEN 'A' THEN 'always ' WHEN 'D' THEN 'disabled ' END, pg_get_triggerdef(t.oid))
  FROM relation AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal AND t.tgname NOT LIKE 'diaba\_%'
  UNION ALL
  -- PostgreSQL 15 says of which relation a column is even where there is but one.
  SELECT 'relation ' || r.name, 3003, regexp_replace(pg_get_viewdef(r.oid), '^( SELECT|   ) \w+\.(\w+,?)$', '\1 \2', 'gn') FROM relation AS r WHERE r.relkind IN ('v', 'm')
  UNION ALL
  SELECT 'function ' || f.name, 0, concat_ws(' ', 'returns', pg_get_function_result(f.oid), 'language', l.lanname,
    CASE f.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END, CASE WHEN f.proisstrict THEN 'strict' END,
    CASE f.proparallel WHEN 's' THEN 'parallel safe' END, CASE WHEN f.prosecdef THEN 'security definer' END,
    'set ' || array_to_string(f.proconfig, ', '), 'body', md5(f.prosrc))
  FROM function AS f JOIN pg_language AS l ON l.oid = f.prolang
  UNION ALL
  SELECT format('domain %s.%s', n.name, t.typname), 0, concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'NOT NULL' END, t.typdefault)
  FROM pg_type AS t JOIN namespace AS n ON n.oid = t.typnamespace WHERE t.typtype = 'd'
  UNION ALL
  SELECT 'event trigger ' || e.evtname, 0, concat_ws(' ', e.evtevent, e.evtfoid::regproc::text, e.evtenabled, array_to_string(e.evttags, ', '))
  FROM pg_event_trigger AS e
  UNION ALL
  SELECT g.name, 4000, format('grant %s to %s', string_agg(privilege_type, ', ' ORDER BY privilege_type), coalesce(nullif(grantee, 0)::regrole::text, 'PUBLIC'))
  FROM granted AS g, aclexplode(g.acl) WHERE grantee <> g.owner GROUP BY g.name, grantee
  UNION ALL
  SELECT name, 4001, '-- ' || text FROM commented WHERE text IS NOT NULL
) AS described
ORDER BY object COLLATE "C", rank, line COLLATE "C"
