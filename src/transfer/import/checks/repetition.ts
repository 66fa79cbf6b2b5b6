import type { Session } from '../../../database/database.ts';
import { all, ident, raw, type Sql, sql } from '../../../database/sql.ts';
import { Problem } from '../../../lib/errors.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { cellColumn, REFUSAL, ROW } from '../staging/staged.ts';

/** Rows that are looked up first. One that the table lacks shows that the file is new. */
const FIRST_LOOKED_UP = 20;

/**
 * Refuses a file that the table has already: each accepted row with the same geometry and values, to the last bit.
 * @throws Problem if nothing in the file is new
 */
export async function refuseRepetition(
  session: Session,
  target: ImportTarget,
  columns: readonly PlanColumn[],
): Promise<void> {
  const known = knownRow(target, columns);
  const accepted = sql`${ROW} AS r WHERE NOT EXISTS (SELECT FROM ${REFUSAL} AS f WHERE f.n = r.n)`;
  const countNew = async (limit: Sql) => {
    const [row] = await session.query<{ count: number; fresh: number }>(
      sql`SELECT count(*) AS count, count(*) FILTER (WHERE NOT ${known}) AS fresh FROM (SELECT * FROM ${accepted} ORDER BY n ${limit}) AS r`,
    );
    return row ?? { count: 0, fresh: 0 };
  };
  const first = await countNew(sql`LIMIT ${FIRST_LOOKED_UP}::int`);
  if (first.count === 0 || first.fresh > 0) return;
  const { count, fresh } = await countNew(raw(''));
  if (fresh === 0) throw repeated(target, count);
}

/** True if the table has a row with the geometry and the values of `r`. A row without a geometry is never known. */
function knownRow({ schema, table, geometry }: ImportTarget, columns: readonly PlanColumn[]): Sql {
  const stored = sql`o.${ident(geometry.name)}::geometry`;
  // As text, since types such as json have no equality.
  const equal = columns.map(({ name, notNull, fallback }, index) => {
    const value =
      notNull && fallback ? sql`coalesce(${cellColumn(index)}, ${raw(fallback)})` : sql`r.${cellColumn(index)}`;
    return sql`o.${ident(name)}::text IS NOT DISTINCT FROM (${value})::text`;
  });
  // `~=` compares boxes by the index, `=` every bit.
  const same = all([sql`${stored} ~= r.geom`, sql`${stored} = r.geom`, ...equal]);
  return sql`EXISTS (SELECT FROM ${ident(schema, table)} AS o WHERE ${same})`;
}

function repeated({ schema, table }: ImportTarget, count: number): Problem {
  return new Problem('conflict', {
    vi: `Lớp ${schema}.${table} đã có đủ ${count} đối tượng này, cùng hình học và giá trị: tệp đã được nhập rồi. Nếu vẫn muốn nhập lần nữa, dùng --again.`,
    en: `Layer ${schema}.${table} has all ${count} features already, with the same geometry and values: the file was imported before. Use --again to import it once more.`,
  });
}
