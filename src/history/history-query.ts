import type { Layer } from '../catalog/layer.ts';
import { isInUnits } from '../catalog/units.ts';
import { all, ident, join, type Query, raw, type Sql, sql } from '../database/sql.ts';
import type { BoundFilter } from '../filter/filter.ts';

/** The history of a layer, as it stands when it is read. */
export interface HistoryState {
  /** Name of its table in schema `history`. */
  readonly name: string;
  /** Columns of the table's key. */
  readonly key: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Snapshot of this read: xmin:xmax:xip,… */
  readonly snapshot: string;
  /** Identity of the database and its timeline, in which numbers of transactions have their meaning. */
  readonly database: string;
  readonly secret: string;
  /** ISO 8601: each later state can be read. */
  readonly since: string;
}

/**
 * Selects the history of a layer: one {@link HistoryState} or none.
 */
export function stateQuery({ id }: Layer): Query {
  return sql`SELECT name, key, columns, pg_current_snapshot()::text AS snapshot,
      system || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '-' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS database,
      (SELECT secret FROM history.secret) AS secret,
      (SELECT max(at) FROM history.gap WHERE gap.relation = layer.relation AND kind <> 'definition') AS since
    FROM history.layer WHERE relation = ${id} AND history.is_written(layer) AND system = history.system()`;
}

/** Tests if the history since a snapshot is whole: `{whole}`. */
export function wholeQuery({ id }: Layer, snapshot: string): Query {
  const given = snapshotValue(snapshot);
  return sql`SELECT NOT EXISTS (SELECT FROM history.gap WHERE relation = ${id} AND NOT CASE kind
    WHEN 'purge' THEN xid < pg_snapshot_xmin(${given}) ELSE pg_visible_in_snapshot(xid, ${given}) END) AS whole`;
}

export function snapshotValue(snapshot: string): Sql {
  return sql`${snapshot}::text::pg_snapshot`;
}

/** Returns the condition on an `xid8` that a snapshot does not show its transaction. The first part is found by an index. */
export function isAfter(xid: Sql, snapshot: string): Sql {
  const given = snapshotValue(snapshot);
  return sql`(${xid} >= pg_snapshot_xmin(${given}) AND NOT pg_visible_in_snapshot(${xid}, ${given}))`;
}

/** Returns the condition on an `xid8` that a snapshot shows its transaction. */
export function isUpTo(xid: Sql, snapshot: string): Sql {
  const given = snapshotValue(snapshot);
  return sql`(${xid} < pg_snapshot_xmax(${given}) AND pg_visible_in_snapshot(${xid}, ${given}))`;
}

/** Returns the table of former rows. */
export function formerRows({ name }: HistoryState): Sql {
  return ident('history', name);
}

export const XID = ident('diaba xid');
export const SEQ = ident('diaba seq');
export const OP = ident('diaba op');

/** Returns the visible columns of the layer, read from an alias of its table. */
export function presentColumns(layer: Layer, alias: string): Sql {
  const names = [layer.geometry.column, ...layer.fields.map(({ name }) => name)];
  return join(
    names.map((name) => ident(alias, name)),
    ', ',
  );
}

/** Returns the same columns, read from an alias of the table of former rows, in their own types. */
export function formerColumns(layer: Layer, { columns }: HistoryState, alias: string): Sql {
  const texts = new Set(columns.filter(({ type }) => type === 'text').map(({ name }) => name));
  const fields = layer.fields.map(({ name, sqlType }) => {
    const column = ident(alias, name);
    return texts.has(name) && sqlType !== 'text' ? sql`${column}::${raw(sqlType)} AS ${ident(name)}` : column;
  });
  return join([ident(alias, layer.geometry.column), ...fields], ', ');
}

/** Returns the condition that two aliases have the same key. */
export function sameKey({ key }: HistoryState, one: string, other: string): Sql {
  return all(key.map((name) => sql`${ident(one, name)} = ${ident(other, name)}`));
}

/** Returns the condition on a row that the client may see it and asks for it. */
export function isInFeed({ units }: Layer, filter: BoundFilter | undefined): Sql {
  return all([...(filter ? [filter] : []), ...(units ? [isInUnits(units)] : [])]);
}
