import { CATALOG_CHANNEL } from '../../catalog/source.ts';
import { type Database, DatabaseError, type Session } from '../../database/database.ts';
import { ident, identList, join, raw, type Sql, sql } from '../../database/sql.ts';
import { Problem, type Text } from '../../lib/errors.ts';
import { readReferences, refersTo } from './journal/dependents.ts';
import {
  JOURNAL_LIMITS,
  type JournalTable,
  keyText,
  readJournalTable,
  rowDigest,
  type StepAction,
  tableDigest,
  WRITTEN,
} from './journal/journal.ts';
import { lockLayer } from './journal/lock.ts';
import type { ImportMode } from './matching/mode.ts';
import { rejected } from './problems.ts';

/** An import of the journal. */
export interface RecordedImport {
  readonly id: number;
  readonly layer: string;
  /** Name of the file. */
  readonly file: string;
  readonly mode: ImportMode;
  /** Time in ISO 8601. */
  readonly importedAt: string;
  readonly state: 'undoable' | 'too-large' | 'expired' | 'undone';
  readonly counts: { readonly inserted?: number; readonly updated?: number; readonly deleted?: number };
}

interface JournalStep {
  readonly step: number;
  readonly schema: string;
  readonly table: string;
  readonly action: StepAction;
  readonly definition: string;
  readonly count: number;
  readonly digest: string | null;
}

/** A step with the present state of its table. */
interface UndoneStep extends JournalStep, Pick<JournalTable, 'key' | 'writable' | 'updatable'> {
  readonly id: number;
}

const COLUMNS = raw(`id, layer, file, mode, imported_at AS "importedAt", state, counts`);

/** Most imports of a list. */
const LISTED = 50;

/** Returns the latest imports, the newest first. */
export function listImports(db: Database): Promise<RecordedImport[]> {
  return db.query<RecordedImport>(sql`SELECT ${COLUMNS} FROM transfer.import ORDER BY id DESC LIMIT ${LISTED}::int`);
}

/**
 * Undoes an import: the rows it wrote, changed and deleted become as they were, byte for byte.
 * @throws Problem if it cannot be undone, since rows have changed; nothing is written in that case
 */
export async function undoImport(db: Database, id: number, onWait = () => {}): Promise<RecordedImport> {
  try {
    return await db.transaction((session) => undoInside(session, id, onWait), { priority: 'background' });
  } catch (error) {
    throw error instanceof DatabaseError ? rejected(error) : error;
  }
}

async function undoInside(session: Session, id: number, onWait: () => void): Promise<RecordedImport> {
  const [named] = await session.query<RecordedImport>(
    sql`SELECT ${COLUMNS} FROM transfer.import WHERE id = ${id}::bigint`,
  );
  if (!named) throw unknownImport(id);
  await lockLayer(session, named.layer, onWait);
  // Another process may have undone it meanwhile.
  const [found = named] = await session.query<RecordedImport>(
    sql`SELECT ${COLUMNS} FROM transfer.import WHERE id = ${id}::bigint FOR UPDATE`,
  );
  if (found.state !== 'undoable') throw notUndoable(found);
  const steps = await session.query<JournalStep>(
    sql`SELECT step, "schema", "table", action, definition, count, digest::text AS digest FROM transfer.import_step WHERE import_id = ${id}::bigint ORDER BY step DESC`,
  );
  for (const step of steps) {
    const now = await readJournalTable(session, step);
    if (now?.definition !== step.definition) throw otherColumns(step);
    await session.script(`LOCK TABLE ${ident(step.schema, step.table).text} IN SHARE ROW EXCLUSIVE MODE`);
    if (step.count > 0) await undoStep(session, { ...now, ...step, id });
    else if (step.action === 'create') await dropTable(session, step);
  }
  await session.query(
    sql`UPDATE transfer.import SET state = 'undone', undone_at = clock_timestamp() WHERE id = ${id}::bigint`,
  );
  await session.query(sql`DELETE FROM transfer.import_row WHERE import_id = ${id}::bigint`);
  await session.query(sql`SELECT pg_notify(${CATALOG_CHANNEL}, ${found.layer})`);
  return { ...found, state: 'undone' };
}

async function undoStep(session: Session, step: UndoneStep): Promise<void> {
  if (step.action === 'create') return dropTable(session, step);
  if (step.action === 'delete') return restoreDeleted(session, step);
  await session.script(`DROP TABLE IF EXISTS pg_temp.import_undo`);
  await findRows(session, step);
  if (step.action === 'insert') await deleteInserted(session, step);
  else await restoreUpdated(session, step);
}

/** Drops a table that the import created. */
async function dropTable(session: Session, step: JournalStep): Promise<void> {
  const name = ident(step.schema, step.table);
  const [now] = await session.query<{ count: number; digest: string | null }>(tableDigest(step));
  if (now?.count !== step.count || now.digest !== step.digest)
    throw changedSince(step, Math.abs((now?.count ?? 0) - step.count));
  await session.script(`DROP TABLE ${name.text}`);
}

/**
 * Lists the rows that a step left, by their place.
 * @throws Problem if one is gone or differs
 */
async function findRows(session: Session, step: UndoneStep): Promise<void> {
  const identity = step.key.length ? keyText(WRITTEN, step.key) : sql`${rowDigest(WRITTEN)}::text`;
  // Without a key, equal rows are paired one by one.
  await session.query(sql`CREATE TEMP TABLE import_undo ON COMMIT DROP AS
    SELECT t.part, t.place, t.digest IS NOT DISTINCT FROM j.after AS is_same, j.identity, j.before
    FROM (SELECT coalesce(key, after::text) AS identity, after, before, row_number() OVER (PARTITION BY coalesce(key, after::text)) AS copy
      FROM transfer.import_row WHERE import_id = ${raw(String(Number(step.id)))} AND step = ${raw(String(Number(step.step)))}) AS j
    LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY identity) AS copy
      FROM (SELECT ${WRITTEN}.tableoid AS part, ${WRITTEN}.ctid AS place, ${identity} AS identity, ${rowDigest(WRITTEN)} AS digest
        FROM ${ident(step.schema, step.table)} AS ${WRITTEN}) AS each) AS t
    ON t.identity = j.identity AND t.copy = j.copy`);
  const [changed] = await session.query<{ count: number; keys: string[] | null }>(sql`SELECT count(*) AS count,
    json_agg(identity ORDER BY identity) FILTER (WHERE number <= 5) AS keys
    FROM (SELECT identity, row_number() OVER (ORDER BY identity) AS number FROM import_undo WHERE NOT is_same OR place IS NULL) AS each`);
  if (changed?.count) throw changedSince(step, changed.count, step.key.length ? (changed.keys ?? []) : []);
}

const AT_PLACE = sql`u.part = ${WRITTEN}.tableoid AND u.place = ${WRITTEN}.ctid`;

async function deleteInserted(session: Session, step: UndoneStep): Promise<void> {
  const name = ident(step.schema, step.table);
  const selected = sql`SELECT ${WRITTEN}.* FROM ${name} AS ${WRITTEN} JOIN pg_temp.import_undo AS u ON ${AT_PLACE}`;
  for (const reference of await readReferences(session, step)) {
    const from = ident(reference.schema, reference.table);
    const [row] = await session.query<{ count: number }>(
      sql`SELECT count(*) AS count FROM ${from} AS d WHERE ${refersTo(reference, selected)}`,
    );
    if (row?.count) throw referredSince(step, `${reference.schema}.${reference.table}`, row.count);
  }
  await session.query(sql`DELETE FROM ${name} AS ${WRITTEN} USING pg_temp.import_undo AS u WHERE ${AT_PLACE}`);
}

/** Returns the row that a text stands for, in columns. `OFFSET 0`, or else each column would read the text anew. */
function restoredRows(step: UndoneStep, texts: Sql): Sql {
  return sql`(SELECT *, before::${ident(step.schema, step.table)} AS old FROM (${texts}) AS texts OFFSET 0)`;
}

async function restoreUpdated(session: Session, step: UndoneStep): Promise<void> {
  const values = step.updatable.map((name) => sql`${ident(name)} = (u.old).${ident(name)}`);
  await requireSame(
    session,
    step,
    sql`UPDATE ${ident(step.schema, step.table)} AS ${WRITTEN} SET ${join(values, ', ')}
    FROM ${restoredRows(step, sql`SELECT part, place, before FROM pg_temp.import_undo`)} AS u WHERE ${AT_PLACE}`,
  );
}

async function restoreDeleted(session: Session, step: UndoneStep): Promise<void> {
  const values = step.writable.map((name) => sql`(u.old).${ident(name)}`);
  await requireSame(
    session,
    step,
    sql`INSERT INTO ${ident(step.schema, step.table)} AS ${WRITTEN} (${identList(step.writable)})
    OVERRIDING SYSTEM VALUE SELECT ${join(values, ', ')} FROM ${restoredRows(step, recordedTexts(step))} AS u`,
  );
}

function recordedTexts({ id, step }: UndoneStep): Sql {
  return sql`SELECT before FROM transfer.import_row WHERE import_id = ${id}::bigint AND step = ${step}::smallint`;
}

/** Runs a statement that restores rows. @throws Problem if a trigger of the table altered one */
async function requireSame(session: Session, step: UndoneStep, restore: Sql): Promise<void> {
  const [row] = await session.query<{
    count: number;
  }>(sql`WITH restored AS (${restore} RETURNING ${WRITTEN}::text AS text)
    SELECT count(*) AS count FROM (${recordedTexts(step)} EXCEPT ALL SELECT text FROM restored) AS altered`);
  if (row?.count) throw alteredByTable(step, row.count);
}

function unknownImport(id: number): Problem {
  return new Problem('not-found', {
    vi: `Không có lần nhập số ${id}. Xem danh sách: import --list.`,
    en: `There is no import ${id}. See the list: import --list.`,
  });
}

function notUndoable({ id, state }: RecordedImport): Problem {
  const { days, rows } = JOURNAL_LIMITS;
  const why: Readonly<Record<string, Text>> = {
    undone: { vi: 'nó đã được hoàn tác', en: 'it has been undone already' },
    expired: { vi: `nó đã quá ${days} ngày`, en: `it is older than ${days} days` },
    'too-large': { vi: `nó có hơn ${rows} dòng`, en: `it has more than ${rows} rows` },
  };
  return new Problem('conflict', {
    vi: `Không hoàn tác được lần nhập số ${id}: ${why[state]?.vi}.`,
    en: `Import ${id} cannot be undone: ${why[state]?.en}.`,
  });
}

function otherColumns({ schema, table }: JournalStep): Problem {
  return new Problem('conflict', {
    vi: `Không hoàn tác được: bảng ${schema}.${table} đã bị xóa hoặc đổi cột từ lúc nhập.`,
    en: `It cannot be undone: table ${schema}.${table} was dropped, or its columns were changed, since the import.`,
  });
}

function changedSince({ schema, table }: JournalStep, count: number, keys: readonly string[] = []): Problem {
  const list = keys.length ? ` (${keys.join(', ')})` : '';
  return new Problem('conflict', {
    vi: `Không hoàn tác được: ${count} dòng của ${schema}.${table}${list} đã bị sửa hoặc xóa từ lúc nhập. Hãy hoàn tác các lần nhập sau trước, hoặc sửa bằng tay.`,
    en: `It cannot be undone: ${count} rows of ${schema}.${table}${list} were changed or deleted since the import. Undo later imports first, or mend the rows by hand.`,
  });
}

function referredSince({ schema, table }: JournalStep, from: string, count: number): Problem {
  return new Problem('conflict', {
    vi: `Không hoàn tác được: ${count} dòng của ${from} trỏ tới các dòng đã nhập vào ${schema}.${table}.`,
    en: `It cannot be undone: ${count} rows of ${from} refer to the rows imported into ${schema}.${table}.`,
  });
}

function alteredByTable({ schema, table }: JournalStep, count: number): Problem {
  return new Problem('conflict', {
    vi: `Không hoàn tác được: bảng ${schema}.${table} tự sửa ${count} dòng được trả lại.`,
    en: `It cannot be undone: table ${schema}.${table} alters ${count} of the rows put back.`,
  });
}
