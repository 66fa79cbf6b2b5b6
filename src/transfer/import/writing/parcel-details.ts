import type { Session } from '../../../database/database.ts';
import { all, copyLine, ident, raw, type Sql, sql } from '../../../database/sql.ts';
import type { Text } from '../../../lib/errors.ts';
import type { SourceRow } from '../../source/row/source-row.ts';
import { type Journal, WRITTEN } from '../journal/journal.ts';
import { namedRecords } from '../matching/attributes.ts';
import type { RowMatching } from '../matching/matching.ts';
import { readArea, readUses } from '../plan/land-uses.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import type { Convert } from '../plan/value-maps.ts';
import { cellColumn, REFUSAL, ROW } from '../staging/staged.ts';
import { rightHolderKind } from './holder-kind.ts';
import { writeHolders } from './right-holders.ts';

/** Columns of a file that belong to a parcel and stand in tables of their own. */
const DETAILS = [
  ...['use_area', 'old_unit', 'old_sheet', 'old_number'],
  ...['holder_name', 'holder_organisation', 'holder_kind', 'certificate_no', 'since'],
] as const;
export type ParcelDetail = (typeof DETAILS)[number];

/** Fields of the source by what they hold; `uses` is the field of the main use. */
export type DetailFields = ReadonlyMap<ParcelDetail | 'uses', number>;

export function isParcelDetail(name: string): name is ParcelDetail {
  return (DETAILS as readonly string[]).includes(name);
}

export interface ParcelDetails {
  readonly journal: Journal;
  readonly details: DetailFields;
  /** Rows of the file, several for a parcel with several uses or holders. */
  readonly detailRows: (wanted: ReadonlySet<number>) => AsyncIterable<SourceRow>;
  /** Gives the code of a use for the text of the file. */
  readonly useCode: Convert;
  /** SQL of a table (n, id): the parcels of the rows. */
  readonly parcels: Sql;
}

const DETAIL = ident('pg_temp', 'import_detail');
const USE = ident('pg_temp', 'import_use');
const USE_AREA = ident('pg_temp', 'import_use_area');
const ALIAS = ident('pg_temp', 'import_alias');
const PARCEL = ident('pg_temp', 'import_parcel');

/**
 * Writes uses, former numbers and right holders of parcels. Uses replace those that the parcel has; numbers and holders
 * are added to them.
 * @returns sentences on what was written, and on what was not and why
 */
export async function writeParcelDetails(session: Session, given: ParcelDetails): Promise<Text[]> {
  if (!hasDetails(given)) return [];
  const { journal, details: fields } = given;
  await session.query(sql`CREATE TEMP TABLE import_parcel ON COMMIT DROP AS ${given.parcels}`);
  await stageDetails(session, given);
  return [
    ...(fields.has('uses') ? await writeUses(session, journal) : []),
    ...(fields.has('old_number') ? await writeAliases(session, journal) : []),
    ...(isHolderGiven(fields) ? await writeHolders(session, journal) : []),
  ];
}

export const hasDetails = ({ details }: Pick<ParcelDetails, 'details'>): boolean => details.size > 0;

/** Returns SQL of (n, id): the parcels that the accepted rows have become, or have changed. */
export function parcelsOf(
  target: ImportTarget,
  columns: readonly PlanColumn[],
  matching: Pick<RowMatching, 'mode' | 'key'> | undefined,
): Sql {
  const isUpdate = matching?.mode === 'update' && matching.key;
  return isUpdate ? namedRecords(target, columns, matching.key) : acceptedParcels(columns);
}

/** Returns SQL of the parcels with the geometry and the numbers of the accepted rows. */
function acceptedParcels(columns: readonly PlanColumn[]): Sql {
  const equal = columns.flatMap(({ name }, index) =>
    ['unit_code', 'sheet', 'number'].includes(name) ? [sql`p.${ident(name)} = r.${cellColumn(index)}`] : [],
  );
  const same = all([raw('p.geom ~= r.geom'), raw('p.geom = r.geom'), ...equal]);
  return sql`SELECT DISTINCT ON (r.n) r.n, p.id FROM ${ROW} AS r JOIN land.parcel AS p ON ${same}
    WHERE NOT EXISTS (SELECT FROM ${REFUSAL} AS f WHERE f.n = r.n) ORDER BY r.n, p.id DESC`;
}

const isHolderGiven = (fields: DetailFields) =>
  (['holder_name', 'holder_organisation', 'certificate_no', 'since'] as const).some((detail) => fields.has(detail));

async function stageDetails(session: Session, { details: fields, detailRows, useCode }: ParcelDetails): Promise<void> {
  await session.script(`CREATE TEMP TABLE import_detail (n bigint, uses jsonb, old_unit text, old_sheet text, old_number text,
      holder_name text, holder_kind text, certificate_no text, since text) ON COMMIT DROP`);
  async function* lines(): AsyncGenerator<string> {
    for await (const { number, values } of detailRows(new Set(fields.values()))) {
      const read = (name: ParcelDetail | 'uses') => values[fields.get(name) ?? -1]?.trim() || null;
      const organisation = read('holder_organisation');
      const name = read('holder_name') ?? organisation;
      const kind = name === null ? null : rightHolderKind(read('holder_kind'), name, read('holder_name') === null);
      const uses = JSON.stringify(rowUses(read('uses'), read('use_area'), useCode));
      yield copyLine([
        ...[number, uses, read('old_unit'), read('old_sheet'), read('old_number')],
        ...[name, kind, read('certificate_no'), read('since')],
      ]);
    }
  }
  const columns = 'n uses old_unit old_sheet old_number holder_name holder_kind certificate_no since'.split(' ');
  await session.copy({ schema: 'pg_temp', table: 'import_detail', columns }, lines());
}

/** Returns the uses of a row. An area in a column of its own belongs to the only use of the row. */
function rowUses(text: string | null, area: string | null, useCode: Convert): { code: string; area: number | null }[] {
  if (text === null) return [];
  const uses = readUses(useCode(text));
  const only = uses.length === 1 && area !== null ? readArea(area) : undefined;
  return uses.map((use) => ({ code: useCode(use.code).trim(), area: use.area ?? only ?? null }));
}

async function writeUses(session: Session, journal: Journal): Promise<Text[]> {
  await session.script(`CREATE TEMP TABLE import_use ON COMMIT DROP AS
    SELECT p.id, u.code, CASE WHEN count(*) = count(u.area) THEN round(sum(u.area), 1) END AS area
    FROM pg_temp.import_detail AS d JOIN pg_temp.import_parcel AS p USING (n)
    CROSS JOIN LATERAL jsonb_to_recordset(d.uses) AS u (code text, area numeric)
    GROUP BY p.id, u.code`);
  const unknown = await session.query<{ code: string }>(
    sql`DELETE FROM ${USE} AS u WHERE NOT EXISTS (SELECT FROM land.land_use_type AS t WHERE t.code = u.code) RETURNING u.code`,
  );
  // The area of a parcel's only use is that of the parcel. If one of several is not known, the others say nothing on it.
  // If the file has no areas of several uses, those that the parcel has stay.
  await session.script(`CREATE TEMP TABLE import_use_area ON COMMIT DROP AS
    SELECT u.id, u.code, CASE WHEN count(*) OVER of_parcel = 1 THEN coalesce(u.area, p.legal_area_m2)
      WHEN count(u.area) OVER of_parcel = count(*) OVER of_parcel THEN u.area
      WHEN count(u.area) OVER of_parcel = 0 AND count(o.area_m2) OVER of_parcel = count(*) OVER of_parcel
        AND (SELECT count(*) FROM land.parcel_use WHERE parcel_id = u.id) = count(*) OVER of_parcel THEN o.area_m2 END AS area
    FROM pg_temp.import_use AS u JOIN land.parcel AS p USING (id)
    LEFT JOIN land.parcel_use AS o ON o.parcel_id = u.id AND o.code = u.code WINDOW of_parcel AS (PARTITION BY u.id)`);
  const table = { schema: 'land', table: 'parcel_use' };
  const isNew = sql`NOT EXISTS (SELECT FROM land.parcel_use AS o WHERE (o.parcel_id, o.code) = (u.id, u.code))`;
  // A use that stays as it is, is not written.
  await journal.write(
    table,
    'delete',
    sql`DELETE FROM land.parcel_use AS ${WRITTEN} WHERE parcel_id IN (SELECT id FROM ${USE_AREA}) AND NOT EXISTS (SELECT FROM ${USE_AREA} AS u
      WHERE u.id = ${WRITTEN}.parcel_id AND u.code = ${WRITTEN}.code AND u.area IS NOT DISTINCT FROM ${WRITTEN}.area_m2)`,
    sql`${WRITTEN}::text`,
  );
  await journal.write(
    table,
    'insert',
    sql`INSERT INTO land.parcel_use AS ${WRITTEN} (parcel_id, code, area_m2) SELECT id, code, area FROM ${USE_AREA} AS u WHERE ${isNew}`,
  );
  const [row] = await session.query<WrittenUses>(sql`SELECT count(*) AS count, count(DISTINCT id) AS parcels,
    count(DISTINCT id) FILTER (WHERE area IS NULL) AS bare FROM ${USE_AREA}`);
  return useNotes(
    row ?? { count: 0, parcels: 0, bare: 0 },
    unknown.map(({ code }) => code),
  );
}

interface WrittenUses {
  readonly count: number;
  readonly parcels: number;
  /** Parcels whose uses have no areas. */
  readonly bare: number;
}

function useNotes(written: WrittenUses, unknown: readonly string[]): Text[] {
  const codes = [...new Set(unknown)].sort().slice(0, 20).join(', ');
  return [
    {
      vi: `Đã ghi ${written.count} mục đích sử dụng của ${written.parcels} thửa${written.bare ? `; ${written.bare} thửa không có diện tích từng mục đích` : ''}.`,
      en: `${written.count} uses of ${written.parcels} parcels were written${written.bare ? `; ${written.bare} parcels have no areas of their uses` : ''}.`,
    },
    ...(unknown.length
      ? [
          {
            vi: `${unknown.length} mục đích có mã không có trong land.land_use_type, không ghi: ${codes}.`,
            en: `${unknown.length} uses have a code that land.land_use_type lacks and were not written: ${codes}.`,
          },
        ]
      : []),
  ];
}

/** A former unit is the present one unless the file names another, in force or not. */
async function writeAliases(session: Session, journal: Journal): Promise<Text[]> {
  await session.query(sql`CREATE TEMP TABLE import_alias ON COMMIT DROP AS
    SELECT DISTINCT p.id, coalesce(unit.code, parcel.unit_code) AS code, coalesce(unit.valid_from, parcel.unit_valid_from) AS valid_from,
      d.old_sheet AS sheet, CASE WHEN d.old_number ~ '^0*[1-9]\\d{0,8}(\\.0+)?$' THEN d.old_number::numeric::int END AS number,
      d.old_unit IS NOT NULL AND unit.code IS NULL AS is_lost
    FROM ${DETAIL} AS d JOIN ${PARCEL} AS p USING (n) JOIN land.parcel AS parcel ON parcel.id = p.id
    LEFT JOIN LATERAL (SELECT code, valid_from FROM base.unit WHERE code = d.old_unit ORDER BY valid_from LIMIT 1) AS unit ON TRUE
    WHERE d.old_number IS NOT NULL OR d.old_sheet IS NOT NULL`);
  const isWhole = raw('(sheet IS NOT NULL AND number IS NOT NULL AND NOT is_lost)');
  const written = await journal.write(
    { schema: 'land', table: 'parcel_alias' },
    'insert',
    sql`INSERT INTO land.parcel_alias AS ${WRITTEN} (parcel_id, unit_code, unit_valid_from, sheet, number)
      SELECT a.id, a.code, a.valid_from, a.sheet, a.number FROM ${ALIAS} AS a JOIN land.parcel AS p ON p.id = a.id
      WHERE ${raw('a.sheet IS NOT NULL AND a.number IS NOT NULL AND NOT a.is_lost')}
        AND (p.unit_code, p.unit_valid_from, p.sheet, p.number) <> (a.code, a.valid_from, a.sheet, a.number)
        AND NOT EXISTS (SELECT FROM land.parcel_alias AS o
          WHERE (o.parcel_id, o.unit_code, o.unit_valid_from, o.sheet, o.number) = (a.id, a.code, a.valid_from, a.sheet, a.number))`,
  );
  const [row] = await session.query<{ refused: number }>(
    sql`SELECT count(*) AS refused FROM ${ALIAS} WHERE NOT ${isWhole}`,
  );
  const refused = row?.refused ?? 0;
  return [
    { vi: `Đã ghi ${written} số tờ, số thửa cũ.`, en: `${written} former numbers were written.` },
    ...(refused
      ? [
          {
            vi: `${refused} số cũ không ghi được: thiếu số tờ, số thửa không phải số nguyên, hoặc không có đơn vị cũ.`,
            en: `${refused} former numbers were not written: the sheet is missing, the number is not whole, or its unit is unknown.`,
          },
        ]
      : []),
  ];
}
