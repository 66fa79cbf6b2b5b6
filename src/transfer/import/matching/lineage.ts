import type { Session } from '../../../database/database.ts';
import { raw, sql } from '../../../database/sql.ts';
import { type Journal, WRITTEN } from '../journal/journal.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { cellColumn, ROW } from '../staging/staged.ts';
import { ACTION, CHANGE } from './comparison.ts';
import { SUCCESSION } from './succession.ts';

/** The layer whose splits, merges and former numbers have tables of their own. */
export const hasLineage = ({ schema, table }: ImportTarget): boolean => schema === 'land' && table === 'parcel';

/** Parents and children by their ids, with the parent's number; the parent's row is gone if it is `retired`. */
const HEIR = raw('pg_temp.import_heir');

/** Today in Vietnam. */
const TODAY = raw(`(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date`);

/** Gives new parcels their ids and lists the heirs of former ones, before any row is written. */
export async function prepareLineage(session: Session, columns: readonly PlanColumn[]): Promise<void> {
  const given = columns.findIndex(({ name }) => name === 'id');
  const id = given < 0 ? raw(`nextval(pg_get_serial_sequence('land.parcel', 'id'))`) : sql`r.${cellColumn(given)}`;
  await session.query(
    sql`UPDATE ${CHANGE} AS c SET id = ${id} FROM ${ROW} AS r WHERE r.n = c.n AND c.action = ${ACTION.insert}`,
  );
  await session.script(`CREATE TEMP TABLE import_heir ON COMMIT DROP AS
    SELECT s.event, p.id AS parent, coalesce(k.id, c.id) AS child, gone.place IS NOT NULL AS retired,
      p.unit_code, p.unit_valid_from, p.sheet, p.number
    FROM ${SUCCESSION.text} AS s JOIN land.parcel AS p ON p.tableoid = s.part AND p.ctid = s.place
    JOIN ${CHANGE.text} AS c ON c.n = s.n LEFT JOIN land.parcel AS k ON k.tableoid = c.part AND k.ctid = c.place
    LEFT JOIN ${CHANGE.text} AS gone ON gone.part = s.part AND gone.place = s.place AND gone.action = ${ACTION.delete.text}`);
}

/** Reads the former numbers of parcels that go, which pass to their heirs. They are deleted with the parcel. */
export async function readFormerNumbers(session: Session): Promise<void> {
  await session.script(`CREATE TEMP TABLE import_former ON COMMIT DROP AS
    SELECT child, unit_code, unit_valid_from, sheet, number, ${TODAY.text} AS until FROM ${HEIR.text} WHERE retired OR event = 'renumber'
    UNION ALL SELECT h.child, a.unit_code, a.unit_valid_from, a.sheet, a.number, a.until
    FROM land.parcel_alias AS a JOIN ${HEIR.text} AS h ON h.parent = a.parcel_id WHERE h.retired`);
}

/** Writes lineage and former numbers, so that the number on a certificate still finds its parcel. */
export async function writeLineage(journal: Journal): Promise<void> {
  await journal.write(
    { schema: 'land', table: 'parcel_lineage' },
    'insert',
    sql`INSERT INTO land.parcel_lineage AS ${WRITTEN} (parent_id, child_id, event, happened_on)
      SELECT parent, child, event, ${TODAY} FROM ${HEIR} WHERE event <> 'renumber' AND parent <> child ON CONFLICT DO NOTHING`,
  );
  // A parcel may have changed its key and not its number, if the key is another.
  await journal.write(
    { schema: 'land', table: 'parcel_alias' },
    'insert',
    sql`INSERT INTO land.parcel_alias AS ${WRITTEN} (parcel_id, unit_code, unit_valid_from, sheet, number, until)
      SELECT f.* FROM pg_temp.import_former AS f JOIN land.parcel AS p ON p.id = f.child
      WHERE (p.unit_code, p.unit_valid_from, p.sheet, p.number) <> (f.unit_code, f.unit_valid_from, f.sheet, f.number)`,
  );
}
