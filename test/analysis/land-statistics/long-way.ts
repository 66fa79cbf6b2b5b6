/** Land statistics the long way: from single rows of the tables, by exact integers, without the program's own SQL. */

import { readStatisticsDefinition } from '../../../src/analysis/land-statistics/definition.ts';
import type { Database } from '../../../src/database/database.ts';
import { readReference } from '../../../src/database/reference.ts';
import { sql } from '../../../src/database/sql.ts';
import { groupBy } from '../../../src/lib/group.ts';

/** Part of a parcel; `tenths` of m². */
export interface Part {
  readonly parcel: number;
  readonly unit: string;
  readonly use: string;
  readonly subject: string | null;
  readonly tenths: number;
}

/** Returns the parts of all parcels of a commune. */
export async function partsOf(db: Database, unit: string): Promise<Part[]> {
  const parcels = await db.query<{ id: number; use: string; area: string }>(sql`
    SELECT id, main_use AS use, measured_area_m2::text AS area FROM land.parcel
    WHERE unit_code = ${unit} AND unit_valid_from = (SELECT valid_from FROM base.unit WHERE code = ${unit} AND valid_to IS NULL)`);
  const uses = await db.query<{ id: number; use: string; area: string | null }>(
    sql`SELECT parcel_id AS id, code AS use, area_m2::text AS area FROM land.parcel_use ORDER BY code`,
  );
  const holders = await db.query<{ id: number; kind: string; subject: string | null }>(
    sql`SELECT parcel_id AS id, holder_kind AS kind, subject_code AS subject FROM land.right_holder`,
  );
  const usesOf = groupBy(uses, ({ id }) => id);
  const holdersOf = groupBy(holders, ({ id }) => id);
  return parcels.flatMap(({ id, use, area }) => {
    const subjects = (holdersOf.get(id) ?? []).map(
      ({ kind, subject }) => subject ?? (kind === 'household' ? 'CNV' : null),
    );
    const isOne = subjects.length > 0 && subjects.every((each) => each === subjects[0]);
    const subject = isOne ? (subjects[0] ?? null) : null;
    return shares(tenths(area), usesOf.get(id) ?? [{ use, area: '1' }]).map((share) => ({
      parcel: id,
      unit,
      subject,
      ...share,
    }));
  });
}

function tenths(area: string): number {
  return Math.round(Number(area) * 10);
}

/** Divides whole tenths in proportion to the areas of uses; the running total is rounded half up. */
function shares(
  whole: number,
  uses: readonly { use: string; area: string | null }[],
): { use: string; tenths: number }[] {
  const isUnknown = uses.some(({ area }) => area === null);
  const weights = uses.map(({ area }) => (isUnknown || area === null ? 0n : BigInt(tenths(area))));
  const total = weights.reduce((sum, each) => sum + each, 0n);
  const parts = total === 0n ? weights.map(() => 1n) : weights;
  const sum = total === 0n ? BigInt(parts.length) : total;
  let [until, given] = [0n, 0n];
  return uses.map(({ use }, index) => {
    until += parts[index] as bigint;
    const upTo = (2n * BigInt(whole) * until + sum) / (2n * sum);
    const own = upTo - given;
    given = upTo;
    return { use, tenths: Number(own) };
  });
}

const { uses: rows, rowOf } = readStatisticsDefinition();
const groupOf = new Map(readReference('land_use_type').map(({ code = '', parent_code: parent }) => [code, parent]));

/** Returns true if a row of the forms counts a code of the data. @param row null: the whole unit */
export function counts(row: string | null, isOutside: boolean, code: string): boolean {
  if (row === null) return true;
  if (isOutside) return row === code;
  for (
    let own: string | null | undefined = formRowOf(code);
    own;
    own = rows.find((each) => each.code === own)?.parent
  ) {
    if (own === row) return true;
  }
  return false;
}

/** A row with parts, used as a code, counts in itself; an unknown code in its group. */
function formRowOf(code: string): string | undefined {
  if (rows.some((each) => each.code === code)) return code;
  return rowOf.get(code) ?? groupOf.get(code);
}
