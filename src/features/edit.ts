import type { Layer } from '../catalog/layer.ts';
import { type Database, DatabaseError, type Session } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { isForbidden, isLocked, isReference, isRefusedByTable, isUniqueViolation } from '../database/sqlstate.ts';
import type { BoundFilter } from '../filter/filter.ts';
import { CRS84 } from '../geo/crs.ts';
import { Problem } from '../lib/errors.ts';
import { changedShape, readEditedGeometry, readValues } from './change.ts';
import type { Draft } from './draft.ts';
import { deleteQuery, generatedQuery, insertFeatureQuery, matchingQuery, updateQuery } from './edit-query.ts';
import type { KeyValues } from './feature-id.ts';
import { isSameValue, wrongField } from './field-reader.ts';
import { type LockedFeature, lockFeature, otherUnit, type Target } from './locked-feature.ts';

/**
 * The transaction of {@link editFeatures}. Every edit takes one as an argument, so that none runs outside of a
 * transaction.
 */
export interface EditSession {
  readonly session: Session;
}

/** Timeout of each statement of an edit, in milliseconds. */
const STATEMENT_MS = 30_000;

export function isEditable(layer: Layer): boolean {
  return refusal(layer) === undefined;
}

/** @throws Problem method-not-allowed that says why the layer cannot be edited */
export function requireEditable(layer: Layer): void {
  const problem = refusal(layer);
  if (problem) throw problem;
}

function refusal({ id, isTable, call, key }: Layer): Problem | undefined {
  const refuse = (vi: string, en: string) => new Problem('method-not-allowed', { vi, en });
  if (call) {
    return refuse(`${id} là hàm, không sửa được.`, `${id} is a function and cannot be edited.`);
  }
  if (!isTable) {
    return refuse(
      `Lớp ${id} không phải một bảng thường (là khung nhìn, bảng phân vùng hoặc bảng ngoài), nên không sửa được; hãy sửa bảng gốc của nó.`,
      `Layer ${id} is no ordinary table (but a view, a partitioned or a foreign table) and cannot be edited; edit the table behind it.`,
    );
  }
  if (key.kind !== 'columns') {
    return refuse(
      `Lớp ${id} không có khóa chính dùng được, nên không sửa được: cần biết chắc là sửa dòng nào.`,
      `Layer ${id} has no usable primary key and cannot be edited: it must be certain which row is meant.`,
    );
  }
  return undefined;
}

/** Returns the names of the fields that only the database writes. */
export async function generatedFields(db: Session, layer: Layer): Promise<ReadonlySet<string>> {
  const rows = layer.isTable ? await db.query<{ name: string }>(generatedQuery(layer)) : [];
  return new Set(rows.map(({ name }) => name));
}

/**
 * Runs edits in one transaction: all of them or none.
 * @param author who asks for it, for the history
 * @param work calls the functions below with the session that it receives
 * @throws Problem that says why the database refused, and whatever `work` throws
 */
export async function editFeatures<T>(
  db: Database,
  author: string,
  work: (session: EditSession) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction(
      async (session) => {
        // Edits that wait for a locked row would occupy one connection after the other.
        await session.query(
          sql`SELECT set_config('lock_timeout', '5s', true), set_config('diaba.author', ${author}, true)`,
        );
        return work({ session });
      },
      { statementMs: STATEMENT_MS },
    );
  } catch (error) {
    throw error instanceof DatabaseError ? explainEditError(error) : error;
  }
}

/**
 * @returns the id of the new feature, as in URLs
 * @throws Problem if the table does not accept the feature
 */
export async function createFeature({ session }: EditSession, layer: Layer, draft: Draft): Promise<string> {
  requireEditable(layer);
  const generated = await generatedFields(session, layer);
  for (const { name } of draft.values.keys()) if (generated.has(name)) throw readOnly(name);
  const values = await readValues(session, draft.values);
  const geometry = await readEditedGeometry(session, layer, draft, []);
  const [row] = await session.query<{ id: string; within: boolean }>(insertFeatureQuery(layer, { values, geometry }));
  // A trigger can suppress the insert.
  if (!row) throw refused();
  if (!row.within) throw otherUnit(layer);
  return row.id;
}

/**
 * Sets the members of the draft that differ from what was read.
 * @throws Problem not-found, precondition-failed, or if the table does not accept the feature
 */
export async function patchFeature(
  { session }: EditSession,
  layer: Layer,
  target: Target,
  draft: Draft,
): Promise<void> {
  requireEditable(layer);
  const feature = await lockFeature(session, layer, target, draft.crs);
  const generated = await generatedFields(session, layer);
  await update(session, layer, feature, { draft, generated });
}

/** Works like {@link patchFeature}, and sets every field that the draft leaves out to NULL. */
export async function replaceFeature(
  { session }: EditSession,
  layer: Layer,
  target: Target,
  draft: Draft,
): Promise<void> {
  requireEditable(layer);
  const feature = await lockFeature(session, layer, target, draft.crs);
  const generated = await generatedFields(session, layer);
  const others = layer.fields.filter((field) => !isKeyColumn(layer, field.name) && !generated.has(field.name));
  const values = new Map([...others.map((field) => [field, null] as const), ...draft.values]);
  const whole = { ...draft, geometry: draft.geometry ?? null, values };
  await update(session, layer, feature, { draft: whole, generated });
}

/** @throws Problem not-found, precondition-failed, or conflict if other rows refer to the feature */
export async function deleteFeature({ session }: EditSession, layer: Layer, target: Target): Promise<void> {
  requireEditable(layer);
  const { key } = await lockFeature(session, layer, target, CRS84);
  await session.query(deleteQuery(layer, key));
}

/**
 * Locks the features that match a filter until the transaction ends.
 * @param most number of features
 * @returns their ids
 * @throws Problem too-much
 */
export async function holdMatching(
  { session }: EditSession,
  layer: Layer,
  filter: BoundFilter,
  most: number,
): Promise<string[]> {
  requireEditable(layer);
  const rows = await session.query<{ id: string }>(matchingQuery(layer, filter, most));
  if (rows.length <= most) return rows.map(({ id }) => id);
  throw tooManyEdits(most);
}

/** @param most number of edits in one transaction */
export function tooManyEdits(most: number): Problem {
  return new Problem('too-much', {
    vi: `Phép sửa này đụng tới nhiều hơn ${most} đối tượng; hãy chia nhỏ, hoặc thu hẹp bộ lọc. Chưa có gì bị thay đổi.`,
    en: `This edit touches more than ${most} features; split it, or narrow its filter. Nothing has been changed.`,
  });
}

/**
 * Returns the version of a feature as in ids: that of its geometry, then that of its values.
 * @throws Problem not-found
 */
export async function currentVersion({ session }: EditSession, layer: Layer, id: string): Promise<string> {
  requireEditable(layer);
  const { version } = await lockFeature(session, layer, { id, versions: undefined }, CRS84);
  return version;
}

interface WantedRow {
  readonly draft: Draft;
  readonly generated: ReadonlySet<string>;
}

/**
 * Writes only members that differ from what was read, because a stored value may hold more than its reader could see.
 */
async function update(
  session: Session,
  layer: Layer,
  feature: LockedFeature,
  { draft, generated }: WantedRow,
): Promise<void> {
  const changed = [...draft.values].filter(([field, value]) => !isSameValue(field, value, feature.values[field.name]));
  for (const [{ name }] of changed) {
    if (isKeyColumn(layer, name)) throw otherKey(layer, feature.key, name);
    if (generated.has(name)) throw readOnly(name);
  }
  const values = await readValues(session, new Map(changed));
  const geometry = await changedShape(session, layer, feature, draft);
  if (values.size === 0 && geometry === undefined) return;
  const [row] = await session.query<{ within: boolean }>(updateQuery(layer, feature.key, { values, geometry }));
  // A trigger can suppress the update.
  if (row && !row.within) throw otherUnit(layer);
}

function isKeyColumn({ key }: Layer, name: string): boolean {
  return key.kind === 'columns' && key.columns.includes(name);
}

function otherKey(layer: Layer, key: KeyValues, name: string): Problem {
  const own = layer.key.kind === 'columns' ? key[layer.key.columns.indexOf(name)] : undefined;
  return wrongField(name, {
    vi: `là khóa, không đổi được: phải là ${own} hoặc không ghi`,
    en: `is the key and stays: it must be ${own}, or left out`,
  });
}

function readOnly(name: string): Problem {
  return wrongField(name, {
    vi: 'do cơ sở dữ liệu tự tính, không ghi được',
    en: 'is written by the database only and must be left out',
  });
}

function refused(): Problem {
  return new Problem('refused-value', {
    vi: 'Bảng không nhận: một giá trị thiếu, quá dài, ngoài khoảng cho phép hoặc trái ràng buộc của bảng. Xem /schema của lớp.',
    en: 'The table does not take it: a value is missing, too long, out of range or against a constraint of the table. See the /schema of the layer.',
  });
}

/** Translates an error of the database without its text, which holds SQL and values of other rows. */
function explainEditError(error: DatabaseError): Error {
  if (isUniqueViolation(error)) {
    return new Problem('conflict', {
      vi: 'Đã có đối tượng khác mang giá trị này (khóa hoặc ràng buộc duy nhất).',
      en: 'Another feature has this value already (a key or a unique constraint).',
    });
  }
  if (isReference(error)) {
    return new Problem('conflict', {
      vi: 'Trái khóa ngoại: giá trị trỏ tới dòng không có, hoặc còn dòng khác trỏ tới đối tượng này.',
      en: 'Against a foreign key: a value refers to a row that does not exist, or other rows refer to this feature.',
    });
  }
  if (isLocked(error)) {
    return new Problem('conflict', {
      vi: 'Đối tượng đang được người khác sửa. Hãy thử lại.',
      en: 'Somebody else is changing the feature. Try again.',
    });
  }
  if (isForbidden(error)) {
    return new Problem('forbidden', {
      vi: 'Máy chủ không có quyền ghi bảng này trong cơ sở dữ liệu.',
      en: 'The server has no right to write this table in the database.',
    });
  }
  return isRefusedByTable(error) ? refused() : error;
}
