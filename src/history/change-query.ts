import type { Layer } from '../catalog/layer.ts';
import { ident, identList, join, type Query, raw, type Sql, sql, textList } from '../database/sql.ts';
import { type FeatureForm, featureText, featureVersion } from '../features/items-query.ts';
import { featureId, keyColumns, keyCondition } from '../features/row-key.ts';
import type { BoundFilter } from '../filter/filter.ts';
import {
  formerColumns,
  formerRows,
  type HistoryState,
  isAfter,
  isInFeed,
  isUpTo,
  OP,
  presentColumns,
  SEQ,
  sameKey,
  XID,
} from './history-query.ts';

/** The requested changes of a layer, with the form of its features. */
export interface ChangesQuestion {
  readonly filter?: BoundFilter | undefined;
  readonly form: FeatureForm;
  readonly limit: number;
}

/** A change as read. `was`: version before it; `version` and `feature` (GeoJSON as text): after it. null: not of the question. */
export interface HistoryRow {
  /** Numbers of the transaction and of the change in it; null for a feature of the first load and in a net change. */
  readonly place: number | null;
  readonly seq: number | null;
  readonly at: string | null;
  readonly key: readonly string[];
  /** i, u or d: what was done to the row, whoever sees it. */
  readonly op: string;
  readonly id: string | number;
  readonly was: string | null;
  readonly version: string | null;
  readonly feature: string | null;
}

/** A layer with its history, and the question about it. */
export interface HistorySource {
  readonly layer: Layer;
  readonly history: HistoryState;
  readonly question: ChangesQuestion;
}

/**
 * Selects the changes between two snapshots in the order of their transactions, up to the limit and one more. Rows are
 * {@link HistoryRow}.
 */
export function changesQuery(
  source: HistorySource,
  from: string,
  to: string,
  after: readonly [number, number] | undefined,
): Query {
  const { history, question } = source;
  const rest = after
    ? sql`tx.place >= ${after[0]}::int8 AND (tx.place, former.${SEQ}) > (${after[0]}::int8, ${after[1]}::int8)`
    : raw('TRUE');
  const page = sql`SELECT tx.place AS "diaba place", tx.at AS "diaba at", former.*
    FROM history.transaction AS tx JOIN ${formerRows(history)} AS former ON former.${XID} = tx.xid
    WHERE ${isAfter(raw('tx.xid'), from)} AND ${isUpTo(raw('tx.xid'), to)} AND ${rest}
    ORDER BY tx.place, former.${SEQ} LIMIT ${question.limit + 1}::int`;
  // The next change of the row holds what it became.
  const next = sql`later.${SEQ} > page.${SEQ}`;
  return sql`WITH page AS MATERIALIZED (${page})
    SELECT "diaba place" AS place, ${SEQ} AS seq, "diaba at" AS at, ${ownMembers(source)}, ${bothSides(source, next)}
    ORDER BY "diaba place", ${SEQ}`;
}

/** Selects the features that differ between two snapshots, in the order of the key, up to the limit and one more. */
export function netQuery(source: HistorySource, from: string, to: string, after: readonly string[] | undefined): Query {
  const { layer, history, question } = source;
  const key = identList(history.key);
  const rest = after ? keyCondition(layer, '>', after) : raw('TRUE');
  const page = sql`SELECT DISTINCT ON (${key}) * FROM ${formerRows(history)}
    WHERE ${isAfter(XID, from)} AND ${isUpTo(XID, to)} AND ${rest} ORDER BY ${key}, ${SEQ} LIMIT ${question.limit + 1}::int`;
  return sql`WITH page AS MATERIALIZED (${page})
    SELECT NULL AS place, NULL AS seq, NULL AS at, ${ownMembers(source)}, ${bothSides(source, isAfter(sql`later.${XID}`, to), true)}
    ORDER BY ${ordered(layer, 'page')}`;
}

/** Selects the features of a snapshot in the order of the key, up to the limit and one more. */
export function loadQuery(source: HistorySource, at: string, after: readonly string[] | undefined): Query {
  const { layer, question } = source;
  const rest = after ? keyCondition(layer, '>', after) : raw('TRUE');
  const order = ordered(layer, layer.table);
  const wanted = sql`${isInFeed(layer, question.filter)} AND ${rest}`;
  const part = (rows: Sql) =>
    sql`(SELECT * FROM ${rows} AS ${ident(layer.table)} WHERE ${wanted} ORDER BY ${order} LIMIT ${question.limit + 1}::int)`;
  const [unchanged, former] = rowsAt(source, at);
  return sql`SELECT NULL AS place, NULL AS seq, NULL AS at, ${textList(keyColumns(layer).map((column) => sql`${column}::text`))} AS key,
      'i' AS op, ${featureId(layer)} AS id, NULL AS was, ${featureVersion(layer)} AS version, ${featureText(layer, question.form)} AS feature
    FROM (${part(unchanged)} UNION ALL ${part(former)}) AS ${ident(layer.table)} ORDER BY ${order} LIMIT ${question.limit + 1}::int`;
}

/** A line of a digest: the features of a unit; `unit` is null where rows name none. */
export interface DigestRow {
  readonly unit: string | null;
  readonly count: number;
  /** Sum of the features' hashes modulo 2^64, a decimal number. */
  readonly hash: string;
}

/** 2^64. */
const MODULUS = raw('18446744073709551616');

/** Selects the digest of a snapshot by unit. Rows are {@link DigestRow}. */
export function digestQuery(source: HistorySource, at: string): Query {
  const { layer, question } = source;
  const [unchanged, former] = rowsAt(source, at);
  const unit = layer.fields.some(({ name }) => name === 'unit_code') ? raw('unit_code::text') : raw('NULL::text');
  const id = sql`to_json(${featureId(layer)}) #>> '{}'`;
  const hash = sql`('x' || left(md5((${id}) || ' ' || ${featureVersion(layer)}), 16))::bit(64)::int8`;
  return sql`SELECT ${unit} AS unit, count(*) AS count, mod(mod(sum(${hash}), ${MODULUS}) + ${MODULUS}, ${MODULUS})::text AS hash
    FROM (SELECT * FROM ${unchanged} AS unchanged UNION ALL SELECT * FROM ${former} AS former) AS ${ident(layer.table)}
    WHERE ${isInFeed(layer, question.filter)} GROUP BY 1 ORDER BY 1`;
}

/** Returns the rows of a snapshot in two parts: those that no later transaction has changed, and those that one has. */
function rowsAt({ layer, history }: HistorySource, at: string): readonly [Sql, Sql] {
  const later = isAfter(sql`later.${XID}`, at);
  const key = identList(history.key);
  const unchanged = sql`(SELECT ${presentColumns(layer, 'present')} FROM ${ident(layer.schema, layer.table)} AS present
    WHERE NOT EXISTS (SELECT FROM ${formerRows(history)} AS later WHERE ${sameKey(history, 'later', 'present')} AND ${later}))`;
  const former = sql`(SELECT ${formerColumns(layer, history, 'changed')} FROM (
    SELECT DISTINCT ON (${key}) later.* FROM ${formerRows(history)} AS later WHERE ${later} ORDER BY ${key}, ${SEQ}) AS changed
    WHERE ${OP} <> 'i')`;
  return [unchanged, former];
}

/** Returns the key columns of an alias. Without it, ORDER BY would take a member of the answer of the same name. */
function ordered({ key }: Layer, alias: string): Sql {
  return join(
    (key.kind === 'columns' ? key.columns : []).map((name) => ident(alias, name)),
    ', ',
  );
}

function ownMembers({ layer }: HistorySource): Sql {
  const key = keyColumns(layer).map((column) => sql`page.${column}::text`);
  return sql`${textList(key)} AS key, ${OP}::text AS op, ${featureId(layer)} AS id`;
}

/**
 * Returns the versions before and after each row of `page`, and FROM.
 * @param isLater condition on `later`, a later change of the row
 */
function bothSides({ layer, history, question }: HistorySource, isLater: Sql, isNet = false): Sql {
  const wanted = isInFeed(layer, question.filter);
  const table = ident(layer.table);
  const was = sql`SELECT ${featureVersion(layer)} AS version
    FROM (SELECT ${formerColumns(layer, history, 'page')}) AS ${table} WHERE page.${OP} <> 'i' AND ${wanted}`;
  const rows = sql`SELECT * FROM (
      (SELECT 0 AS "diaba rank", later.${OP}, ${formerColumns(layer, history, 'later')} FROM ${formerRows(history)} AS later
        WHERE ${sameKey(history, 'later', 'page')} AND ${isLater} ORDER BY later.${SEQ} LIMIT 1)
      UNION ALL
      (SELECT 1, 'u', ${presentColumns(layer, 'present')} FROM ${ident(layer.schema, layer.table)} AS present WHERE ${sameKey(history, 'present', 'page')})
      ORDER BY 1 LIMIT 1) AS next WHERE ${OP} <> 'i'`;
  const exists = isNet ? raw('TRUE') : sql`page.${OP} <> 'd'`;
  const becomes = sql`SELECT ${featureVersion(layer)} AS version, ${featureText(layer, question.form)} AS feature
    FROM (${rows}) AS ${table} WHERE ${exists} AND ${wanted}`;
  return sql`was.version AS was, becomes.version, CASE WHEN was.version IS DISTINCT FROM becomes.version THEN becomes.feature END AS feature
    FROM page LEFT JOIN LATERAL (${was}) AS was ON TRUE LEFT JOIN LATERAL (${becomes}) AS becomes ON TRUE`;
}
