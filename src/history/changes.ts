import type { Layer } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { invalidParameter, notFound, Problem } from '../lib/errors.ts';
import {
  type ChangesQuestion,
  changesQuery,
  type DigestRow,
  digestQuery,
  type HistoryRow,
  type HistorySource,
  loadQuery,
  netQuery,
} from './change-query.ts';
import { type HistoryState, stateQuery, wholeQuery } from './history-query.ts';
import { type FeedPlace, questionDigest, readToken, rightsOf, type TokenScope, writeToken } from './token.ts';

/** The changes that a client asks for. */
export interface ChangesRequest extends ChangesQuestion {
  readonly accessClass: string;
  /** The client's place; undefined: it has nothing yet. */
  readonly token: string | undefined;
  /** Name of the parameter with the token. */
  readonly parameter: string;
  /** True for one action a feature instead of every version. */
  readonly isNet: boolean;
}

export interface FeedChange {
  readonly op: 'insert' | 'update' | 'delete';
  readonly id: string | number;
  /** Numbers of the transaction, in the order of commits, and of the change; null in the first load and in a net change. */
  readonly tx: number | null;
  readonly seq: number | null;
  /** ISO 8601, of the commit. */
  readonly at: string | null;
  /** Set if the row itself was changed otherwise: it has come into what the client asks for, or left it. */
  readonly reason: 'entered' | 'left' | undefined;
  /** Versions before and after; null: the feature was not there, or is not there any more. */
  readonly was: string | null;
  readonly becomes: string | null;
  /** GeoJSON as text; null for a delete. */
  readonly feature: string | null;
}

export interface FeedPage {
  readonly changes: readonly FeedChange[];
  /** The token to go on with. */
  readonly token: string;
  /** True if more of the answer follows at once; false: the client is up to date. */
  readonly hasMore: boolean;
  /** True if the client has a whole state after these changes. False: a transaction or a load goes on. */
  readonly isComplete: boolean;
  /** ISO 8601: tokens that were given since then are valid. */
  readonly since: string;
}

/** A page as read, and the place where it ends. */
interface ReadChanges {
  readonly rows: readonly HistoryRow[];
  readonly place: FeedPlace;
  readonly isComplete: boolean;
}

/**
 * Reads the next changes of a layer.
 * @param layer as the client may see it
 * @throws Problem not-found if the layer has no history; invalid-parameter for a token of another question. A token that
 * no longer leads to the present is gone.
 */
export async function readChanges(
  db: Database,
  layer: Layer,
  request: ChangesRequest,
  options: QueryOptions,
): Promise<FeedPage> {
  const { history, scope, place: start } = await openFeed(db, layer, request, options);
  const read = await readFrom(db, { layer, history, question: request }, start, { ...options, isNet: request.isNet });
  await requireWhole(db, layer, start?.at ?? history.snapshot, options);
  return {
    changes: read.rows.flatMap((row) => changeOf(row, request.isNet)),
    token: writeToken(scope, read.place),
    hasMore: read.place.kind !== 'end',
    isComplete: read.isComplete,
    since: history.since,
  };
}

export interface Digest {
  /** Token of the state. */
  readonly token: string;
  readonly units: readonly DigestRow[];
}

/**
 * Computes the digest of a state, by unit.
 * @throws as {@link readChanges}
 */
export async function readDigest(
  db: Database,
  layer: Layer,
  request: ChangesRequest,
  options: QueryOptions,
): Promise<Digest> {
  const { history, scope, place } = await openFeed(db, layer, request, options);
  if (place && place.kind !== 'end') throw wrongToken(request.parameter);
  const at = place?.at ?? history.snapshot;
  const units = await db.query<DigestRow>(digestQuery({ layer, history, question: request }, at), options);
  await requireWhole(db, layer, at, options);
  return { token: writeToken(scope, { kind: 'end', at }), units };
}

/** A layer's history, and the place in it at which a client stands; undefined: it has nothing yet. */
interface OpenFeed {
  readonly history: HistoryState;
  readonly scope: TokenScope;
  readonly place: FeedPlace | undefined;
}

/** @throws as {@link readChanges} */
async function openFeed(db: Database, layer: Layer, request: ChangesRequest, options: QueryOptions): Promise<OpenFeed> {
  const history = await readState(db, layer, options);
  const scope = tokenScope(layer, history, request);
  const { token, parameter } = request;
  return { history, scope, place: token === undefined ? undefined : requireFeedPlace(scope, token, parameter) };
}

interface ReadOptions extends QueryOptions {
  readonly isNet: boolean;
}

async function readFrom(
  db: Database,
  source: HistorySource,
  start: FeedPlace | undefined,
  { isNet, ...options }: ReadOptions,
): Promise<ReadChanges> {
  const { limit } = source.question;
  const snapshot = source.history.snapshot;
  if (start === undefined || start.kind === 'load') {
    const { at, after } = start ?? { at: snapshot, after: null };
    const rows = await db.query<HistoryRow>(loadQuery(source, at, after ?? undefined), options);
    return ofKeys(rows, limit, (key) => (key ? { kind: 'load', at, after: key } : { kind: 'end', at }));
  }
  const { at } = start;
  const to = start.kind === 'end' ? snapshot : start.to;
  if (start.kind === 'net' || (start.kind === 'end' && isNet)) {
    const after = start.kind === 'net' ? start.after : undefined;
    const rows = await db.query<HistoryRow>(netQuery(source, at, to, after), options);
    return ofKeys(rows, limit, (key) => (key ? { kind: 'net', at, to, after: key } : { kind: 'end', at: to }));
  }
  const after = start.kind === 'each' ? start.after : undefined;
  return ofTransactions(await db.query<HistoryRow>(changesQuery(source, at, to, after), options), limit, at, to);
}

/** Cuts a page in the order of the key. */
function ofKeys(
  rows: readonly HistoryRow[],
  limit: number,
  placeAfter: (key: readonly string[] | undefined) => FeedPlace,
): ReadChanges {
  const shown = rows.slice(0, limit);
  const hasMore = rows.length > limit;
  return { rows: shown, place: placeAfter(hasMore ? shown.at(-1)?.key : undefined), isComplete: !hasMore };
}

/** Cuts a page between transactions. One that is longer than a page is cut all the same, and goes on on the next page. */
function ofTransactions(rows: readonly HistoryRow[], limit: number, at: string, to: string): ReadChanges {
  if (rows.length <= limit) return { rows, place: { kind: 'end', at: to }, isComplete: true };
  const cut = rows[limit]?.place;
  const first = rows.findIndex(({ place }) => place === cut);
  const shown = rows.slice(0, first > 0 ? first : limit);
  const last = shown.at(-1);
  const after = [Number(last?.place), Number(last?.seq)] as const;
  return { rows: shown, place: { kind: 'each', at, to, after }, isComplete: first > 0 };
}

/** Returns the change as the client sees it; none if what it sees is unchanged. */
function changeOf({ id, place, seq, at, op, was, version, feature }: HistoryRow, isNet: boolean): FeedChange[] {
  if (was === version) return [];
  const kind = was === null ? 'insert' : version === null ? 'delete' : 'update';
  const isEntering = kind === 'insert' && op !== 'i';
  const isLeaving = kind === 'delete' && op !== 'd' && !isNet;
  const reason = isEntering ? 'entered' : isLeaving ? 'left' : undefined;
  return [{ op: kind, id, tx: place, seq, at, reason, was, becomes: version, feature }];
}

/**
 * Reads the state of a layer's history.
 * @throws Problem not-found if it has none, overloaded while its columns are being renewed
 */
async function readState(db: Database, layer: Layer, options: QueryOptions): Promise<HistoryState> {
  // A role that may not read the schema serves no history.
  const [history] =
    layer.key.kind === 'columns'
      ? await db.query<HistoryState>(stateQuery(layer), options).catch((error) => {
          if (isForbidden(error)) return [];
          throw error;
        })
      : [];
  const names = new Set(history?.columns.map(({ name }) => name));
  const keyNames = layer.key.kind === 'columns' ? layer.key.columns : [];
  if (!history || JSON.stringify(history.key) !== JSON.stringify(keyNames)) throw noHistory(layer);
  if (layer.fields.every(({ name }) => names.has(name))) return history;
  throw new Problem('overloaded', {
    vi: `Cột của lớp ${layer.id} vừa thay đổi, lịch sử đang được cập nhật. Hãy thử lại sau vài giây.`,
    en: `The columns of layer ${layer.id} have just changed, and its history is being renewed. Try again in some seconds.`,
  });
}

function tokenScope(layer: Layer, { database, secret }: HistoryState, request: ChangesRequest): TokenScope {
  const { accessClass, filter, form } = request;
  return { database, secret, rights: rightsOf(layer, accessClass), question: questionDigest(filter, form.crs.uri) };
}

function requireFeedPlace(scope: TokenScope, token: string, parameter: string): FeedPlace {
  const place = readToken(scope, token);
  if (typeof place !== 'string') return place;
  if (place === 'other-rights') {
    throw gone({
      vi: 'Quyền của khóa hoặc các trường của lớp đã thay đổi từ khi cấp thẻ này.',
      en: 'The rights of the key, or the fields of the layer, have changed since this token was given.',
    });
  }
  if (place === 'other-database') {
    throw gone({
      vi: 'Thẻ này của một cơ sở dữ liệu khác, hoặc cấp trước khi phục hồi cơ sở dữ liệu.',
      en: 'This token is of another database, or was given before the database was restored.',
    });
  }
  throw wrongToken(parameter);
}

function wrongToken(parameter: string): Problem {
  return invalidParameter(parameter, {
    vi: 'thẻ lấy ở liên kết "next" hoặc "delta" của /changes, cùng bộ lọc và hệ tọa độ',
    en: 'the token of a "next" or "delta" link of /changes, with the same filter and coordinate system',
  });
}

/** @throws Problem gone if a change since the snapshot is missing, or may be */
async function requireWhole(db: Database, layer: Layer, snapshot: string, options: QueryOptions): Promise<void> {
  const [row] = await db.query<{ whole: boolean }>(wholeQuery(layer, snapshot), options);
  if (row?.whole) return;
  throw gone({
    vi: 'Lịch sử từ lúc cấp thẻ này không còn đủ: đã quá hạn lưu, hoặc định nghĩa của bảng đã thay đổi.',
    en: 'The history since this token is no longer whole: it has expired, or the definition of the table has changed.',
  });
}

function gone({ vi, en }: { vi: string; en: string }): Problem {
  return new Problem('gone', {
    vi: `${vi} Hãy tải lại toàn bộ: cùng địa chỉ, không có thẻ.`,
    en: `${en} Load everything again: the same address without a token.`,
  });
}

function noHistory({ id }: Layer): Problem {
  return notFound({
    vi: `Lớp ${id} không có lịch sử: phải là bảng có khóa chính, được xem khóa, và lịch sử được bật (DIABA_HISTORY_DAYS).`,
    en: `Layer ${id} has no history: it takes a table whose key you may see, and the history switched on (DIABA_HISTORY_DAYS).`,
  });
}
