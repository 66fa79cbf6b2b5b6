import type { Layer } from '../catalog/layer.ts';
import type { Expression } from '../cql2/expression.ts';
import { type Database, DatabaseError, type Session } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { isBadValue, isForbidden, isLocked, isReference, isRefusedByTable, isTaken } from '../database/sqlstate.ts';
import { notFound, Problem } from '../errors.ts';
import { type Draft, wrongField, wrongGeometry } from './draft.ts';
import {
  deleteQuery,
  generatedQuery,
  geometryCheckQuery,
  type HeldRow,
  insertQuery,
  lockQuery,
  matchingQuery,
  updateQuery,
} from './edit-query.ts';
import { type KeyValues, parseFeatureId } from './feature-id.ts';

/** Which feature is changed. */
export interface Target {
  readonly id: string;
  /** Versions one of which it must have; undefined: any. */
  readonly versions: readonly string[] | undefined;
  /** Versions that its geometry and its values must have; undefined: any. */
  readonly parts?: { readonly shape: string | undefined; readonly values: string | undefined };
}

/** The transaction of {@link editFeatures}: whatever edits is given one, so that no edit runs outside of it. */
export interface EditSession {
  readonly session: Session;
}

/** Types of columns that a GeoJSON geometry can be put into. */
const WRITABLE = /^(GEOMETRY|(MULTI)?(POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)$/;

export function isEditable(layer: Layer): boolean {
  return refusal(layer) === undefined;
}

/** @throws Problem method-not-allowed that says why the layer cannot be edited */
export function requireEditable(layer: Layer): void {
  const problem = refusal(layer);
  if (problem) throw problem;
}

function refusal({ id, isTable, call, key, geometry }: Layer): Problem | undefined {
  const refuse = (vi: string, en: string) => new Problem('method-not-allowed', { vi, en });
  if (call) {
    return refuse(`${id} là hàm, không sửa được.`, `${id} is a function and cannot be edited.`);
  }
  if (!isTable) {
    return refuse(
      `Lớp ${id} là khung nhìn (view), không sửa được; hãy sửa bảng gốc của nó.`,
      `Layer ${id} is a view and cannot be edited; edit the table behind it.`,
    );
  }
  if (key.kind !== 'columns') {
    return refuse(
      `Lớp ${id} không có khóa chính dùng được, nên không sửa được: cần biết chắc là sửa dòng nào.`,
      `Layer ${id} has no usable primary key and cannot be edited: it must be certain which row is meant.`,
    );
  }
  if (!WRITABLE.test(geometry.type)) {
    return refuse(
      `Lớp ${id} có hình học ${geometry.type} mà GeoJSON không ghi được, nên không sửa được.`,
      `Layer ${id} has geometries of type ${geometry.type}, which GeoJSON cannot write, and cannot be edited.`,
    );
  }
  return undefined;
}

/** Names of the fields that only the database writes. */
export async function generatedFields(db: Session, layer: Layer): Promise<ReadonlySet<string>> {
  const rows = layer.isTable ? await db.query<{ name: string }>(generatedQuery(layer)) : [];
  return new Set(rows.map(({ name }) => name));
}

/**
 * Runs edits in one transaction: all of them or none.
 * @param work calls the functions below with the session that it is given
 * @throws Problem that says why the database refused, and what `work` throws
 */
export async function editFeatures<T>(db: Database, work: (session: EditSession) => Promise<T>): Promise<T> {
  try {
    return await db.transaction(async (session) => {
      // Transactions have no limit of their own: a row that somebody holds would take one connection after the other.
      await session.query(
        sql`SELECT set_config('lock_timeout', '5s', true), set_config('statement_timeout', '30s', true)`,
      );
      return work({ session });
    });
  } catch (error) {
    throw error instanceof DatabaseError ? explain(error) : error;
  }
}

/** @returns the id of the new feature, as URLs have it @throws Problem for what the table does not take */
export async function createFeature({ session }: EditSession, layer: Layer, draft: Draft): Promise<string> {
  requireEditable(layer);
  const generated = await generatedFields(session, layer);
  for (const { name } of draft.values.keys()) if (generated.has(name)) throw readOnly(name);
  await checkGeometry(session, layer, draft);
  const [row] = await session.query<{ id: string }>(insertQuery(layer, draft));
  // A trigger can swallow it.
  if (!row) throw refused();
  return row.id;
}

/** Sets what the draft names. @throws Problem not-found, precondition-failed, and for what the table does not take */
export async function patchFeature(edit: EditSession, layer: Layer, target: Target, draft: Draft): Promise<void> {
  const { session } = edit;
  const key = await lock(edit, layer, target);
  const generated = await generatedFields(session, layer);
  const values = [...draft.values].filter(([{ name }, value]) => {
    if (!isKey(layer, name)) {
      if (generated.has(name)) throw readOnly(name);
      return true;
    }
    requireSameKey(layer, key, name, value);
    return false;
  });
  await update(session, layer, key, { ...draft, values: new Map(values) });
}

/** Sets every field: those that the draft does not name to NULL. */
export async function replaceFeature(edit: EditSession, layer: Layer, target: Target, draft: Draft): Promise<void> {
  const { session } = edit;
  const key = await lock(edit, layer, target);
  const generated = await generatedFields(session, layer);
  for (const [{ name }, value] of draft.values) if (isKey(layer, name)) requireSameKey(layer, key, name, value);
  const fields = layer.fields.filter(({ name }) => !isKey(layer, name) && !generated.has(name));
  const values = new Map(fields.map((field) => [field, draft.values.get(field) ?? null]));
  await update(session, layer, key, { ...draft, geometry: draft.geometry ?? null, values });
}

/** @throws Problem not-found, precondition-failed, conflict where other rows refer to it */
export async function deleteFeature(edit: EditSession, layer: Layer, target: Target): Promise<void> {
  const key = await lock(edit, layer, target);
  await edit.session.query(deleteQuery(layer, key));
}

/**
 * Holds the features that meet a condition: nobody changes them before the transaction ends.
 * @param most so many at most
 * @returns their ids @throws Problem too-much
 */
export async function holdMatching(
  { session }: EditSession,
  layer: Layer,
  filter: Expression,
  most: number,
): Promise<string[]> {
  requireEditable(layer);
  const rows = await session.query<{ id: string }>(matchingQuery(layer, filter, most));
  if (rows.length <= most) return rows.map(({ id }) => id);
  throw tooManyEdits(most);
}

/** @param most that one transaction may have */
export function tooManyEdits(most: number): Problem {
  return new Problem('too-much', {
    vi: `Phép sửa này đụng tới nhiều hơn ${most} đối tượng; hãy chia nhỏ, hoặc thu hẹp bộ lọc. Chưa có gì bị thay đổi.`,
    en: `This edit touches more than ${most} features; split it, or narrow its filter. Nothing has been changed.`,
  });
}

async function update(session: Session, layer: Layer, key: KeyValues, draft: Draft): Promise<void> {
  await checkGeometry(session, layer, draft);
  if (draft.values.size > 0 || draft.geometry !== undefined) await session.query(updateQuery(layer, key, draft));
}

/** Holds the row to the end of the transaction: nobody changes it between the comparison and the change. */
async function lock(edit: EditSession, layer: Layer, target: Target): Promise<KeyValues> {
  const { key, row } = await hold(edit, layer, target.id);
  requireVersion(row, target);
  return key;
}

/** The version of a feature as ids tell it: that of its geometry, then that of its values. @throws Problem not-found */
export async function currentVersion(edit: EditSession, layer: Layer, id: string): Promise<string> {
  const { row } = await hold(edit, layer, id);
  return row.shape + row.values;
}

async function hold({ session }: EditSession, layer: Layer, id: string): Promise<{ key: KeyValues; row: HeldRow }> {
  requireEditable(layer);
  const key = parseFeatureId(layer, id);
  const [row] = key ? await session.query<HeldRow>(lockQuery(layer, key)).catch(noRows) : [];
  if (key && row) return { key, row };
  const shown = id.slice(0, 80);
  throw notFound({
    vi: `Lớp ${layer.id} không có đối tượng "${shown}".`,
    en: `Layer ${layer.id} has no feature "${shown}".`,
  });
}

/** @throws Problem precondition-failed */
function requireVersion(row: HeldRow, { versions, parts }: Target): void {
  if (versions && !versions.includes(row.version)) {
    throw new Problem('precondition-failed', {
      vi: 'Đối tượng đã được sửa sau lần đọc của bạn: ETag không còn khớp If-Match. Hãy đọc lại rồi sửa.',
      en: 'The feature has changed since you read it: its ETag no longer matches If-Match. Read it again, then edit.',
    });
  }
  if ((parts?.shape ?? row.shape) === row.shape && (parts?.values ?? row.values) === row.values) return;
  throw new Problem('precondition-failed', {
    vi: 'Đối tượng đã được sửa sau lần đọc của bạn: mã của nó nay mang phiên bản khác. Hãy tải lại lớp (F5 trong QGIS) rồi sửa.',
    en: 'The feature has changed since you read it: its id tells another version now. Reload the layer (F5 in QGIS), then edit.',
  });
}

/** An id that is no value of the key's type is the id of nothing. */
function noRows(error: unknown): [] {
  if (isBadValue(error)) return [];
  throw error;
}

async function checkGeometry(session: Session, layer: Layer, draft: Draft): Promise<void> {
  if (!draft.geometry) return;
  const [row] = await session.query<{ valid: boolean; reason: string; inside: boolean }>(
    geometryCheckQuery(layer, draft),
  );
  if (!row?.valid) {
    throw wrongGeometry(
      `không hợp lệ (${row?.reason}); hãy sửa rồi gửi lại`,
      `is not valid (${row?.reason}); repair it`,
    );
  }
  if (!row.inside) {
    const { srid } = layer.geometry;
    throw wrongGeometry(
      `nằm ngoài nơi EPSG:${srid} của lớp dùng được`,
      `lies outside of where EPSG:${srid}, the system of the layer, is defined`,
    );
  }
}

function isKey({ key }: Layer, name: string): boolean {
  return key.kind === 'columns' && key.columns.includes(name);
}

function requireSameKey(layer: Layer, key: KeyValues, name: string, value: unknown): void {
  const own = layer.key.kind === 'columns' ? key[layer.key.columns.indexOf(name)] : undefined;
  if (String(value) === own) return;
  throw wrongField(name, {
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

/** What the database refuses, without its words: they hold SQL and values of other rows. */
function explain(error: DatabaseError): Error {
  if (isTaken(error)) {
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
