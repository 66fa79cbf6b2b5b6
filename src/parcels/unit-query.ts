import { type Query, raw, type Sql, sql } from '../database/sql.ts';

/** Name of a unit without its kind and without spaces, as `nameKey` of phrase/mentions writes it. */
const NAME_KEY = raw(`replace(base.fold(u.name), ' ', '')`);

/** First letters of the words of a name. */
const INITIALS = raw(`regexp_replace(base.fold(u.name), '([a-z0-9])[a-z0-9]* ?', '\\1', 'g')`);

const reference = (alias: Sql) =>
  sql`jsonb_build_object('code', ${alias}.code, 'validFrom', ${alias}.valid_from, 'validTo', ${alias}.valid_to,
    'name', ${alias}.full_name, 'parentCode', ${alias}.parent_code)`;

/** Selects the units that these keys, initials or codes name, with those before and after them. */
export function namedUnitsQuery(keys: readonly string[]): Query {
  const [n, o, c] = [raw('n'), raw('o'), raw('c')];
  return sql`SELECT u.code, u.valid_from AS "validFrom", u.valid_to AS "validTo", u.full_name AS name, u.level,
      u.parent_code AS "parentCode", names.key, names.initials,
      coalesce((SELECT jsonb_agg(DISTINCT ${reference(n)}) FROM base.unit_crosswalk w
        JOIN base.unit n ON (n.code, n.valid_from) = (w.new_code, w.new_valid_from)
        JOIN base.unit o ON (o.code, o.valid_from) = (w.old_code, w.old_valid_from)
        WHERE (o.code, o.valid_from) = (u.code, u.valid_from) OR (u.level = 'district' AND o.parent_code = u.code)), '[]') AS successors,
      coalesce((SELECT jsonb_agg(DISTINCT ${reference(o)}) FROM base.unit_crosswalk w
        JOIN base.unit o ON (o.code, o.valid_from) = (w.old_code, w.old_valid_from)
        WHERE (w.new_code, w.new_valid_from) = (u.code, u.valid_from)), '[]') AS predecessors,
      coalesce((SELECT jsonb_agg(${reference(c)} ORDER BY c.code, c.valid_from) FROM base.unit c
        WHERE u.level = 'district' AND c.parent_code = u.code AND c.level = 'commune'), '[]') AS communes
    FROM base.unit u
    CROSS JOIN LATERAL (SELECT
      CASE WHEN u.code = ANY(${keys}::text[]) THEN u.code ELSE ${NAME_KEY} END AS key,
      ${INITIALS} AS initials) AS names
    WHERE u.code = ANY(${keys}::text[]) OR ${NAME_KEY} = ANY(${keys}::text[]) OR ${INITIALS} = ANY(${keys}::text[])
    ORDER BY u.valid_to IS NULL DESC, u.valid_from DESC, u.code LIMIT 500`;
}

/** Selects full names of units, to find what was meant by a misspelt one. */
export function unitNamesQuery(): Query {
  return sql`SELECT DISTINCT full_name AS "fullName", name FROM base.unit ORDER BY 1`;
}
