import type { Field, Layer } from '../catalog/layer.ts';
import type { Expression } from '../cql2/expression.ts';
import { all, EMPTY, ident, join, type Query, raw, type Sql, sql, textList } from '../database/sql.ts';
import { filterToSql } from '../filter/filter.ts';
import { crsOfSrid } from '../geo/crs.ts';
import type { GeometryColumn } from '../geometry/column.ts';
import { shownDigits } from '../geometry/digits.ts';
import { commonDomain, isWithin } from '../geometry/domain.ts';
import { shapeOf } from '../geometry/shape.ts';
import { wind } from '../geometry/winding.ts';
import { featureIdText, type KeyValues } from './feature-id.ts';
import {
  afterKey,
  anyKeyCondition,
  DIGEST,
  fieldValue,
  keyColumns,
  keyOrder,
  NUMBER,
  type Position,
  partVersions,
  source,
} from './items-query.ts';

/** The rows requested of a layer. */
export interface RowsFilter {
  readonly filter?: Expression | undefined;
  /** Any of these features; undefined: all. */
  readonly keys?: readonly KeyValues[] | undefined;
  /** The last row of the previous page, which makes every page cost the same. Not for sorted rows. */
  readonly after?: Position | undefined;
}

/** Rows in any supported CRS, for encodings that write values one by one. */
export interface RowsQuestion extends RowsFilter {
  readonly fields: readonly Field[];
  /** SRID of the geometries; undefined: none are read. */
  readonly srid: number | undefined;
  /** Comes before the key, which orders equal rows. */
  readonly sort: readonly { readonly field: Field; readonly isDescending: boolean }[];
  readonly limit: number;
  /** Rows to skip; each costs as much as reading it. */
  readonly skip: number;
  /** As in `Order` of items-query. */
  readonly isTied?: boolean | undefined;
  /** True if the version of each row is read. */
  readonly isVersioned?: boolean;
}

/** `values` in the order of the question's fields, each as text; `geometry` is GeoJSON as text, x = east. */
export interface PlainRow {
  readonly key: KeyValues;
  readonly id: string;
  /** Versions of its geometry, then of its values, as in {@link partVersions}. */
  readonly version: string | undefined;
  readonly geometry: string | null;
  readonly values: readonly (string | null)[];
}

/** A row as read. No layer has columns of these names, so `ORDER BY` cannot confuse them. */
export interface ReadRow {
  readonly 'diaba key': KeyValues;
  readonly 'diaba id': string;
  readonly 'diaba version': string | null;
  readonly 'diaba geometry': string | null;
  readonly 'diaba values': PlainRow['values'];
}

/** Selects the rows in the order of the question, and one more if there are more. Rows are {@link ReadRow}. */
export function rowsQuery(layer: Layer, question: RowsQuestion): Query {
  const order = join(
    [
      ...question.sort.map(({ field, isDescending }) => sql`${ident(field.name)}${raw(isDescending ? ' DESC' : '')}`),
      ...keyOrder(layer, question.isTied),
    ],
    ', ',
  );
  const passed = question.skip + (question.after?.given ?? 0);
  const skip = passed > 0 ? sql` OFFSET ${passed}::int8` : EMPTY;
  // The inner query avoids rendering rows that are skipped.
  return sql`SELECT ${columns(layer, question)}
    FROM (SELECT * FROM ${rowsOf(layer, question)} ORDER BY ${order} LIMIT ${question.limit + 1}::int8${skip}) AS item
    ORDER BY ${order}`;
}

export interface CountBounds {
  readonly most?: number | undefined;
  readonly skip?: number;
}

/**
 * Counts the rows after the first `skip`: `{count}`.
 * @param most counting stops here; undefined: counts all
 */
export function countRowsQuery(layer: Layer, filter: RowsFilter, { most, skip = 0 }: CountBounds): Query {
  const limit =
    most === undefined ? EMPTY : sql` LIMIT ${most}::int8 OFFSET ${skip + (filter.after?.given ?? 0)}::int8`;
  return sql`SELECT count(*) AS count FROM (SELECT FROM ${rowsOf(layer, filter)}${limit}) AS counted`;
}

function columns(layer: Layer, { fields, srid, isVersioned }: RowsQuestion): Sql {
  const { shape, values: rest } = partVersions(layer);
  const key = keyColumns(layer).map((column) => sql`${column}::text`);
  const values = fields.map((field) => sql`(${fieldValue(field)})::text`);
  return sql`${textList(key)} AS "diaba key",
    (${featureIdText(layer) ?? sql`${DIGEST} || '-' || ${NUMBER}`})::text AS "diaba id",
    ${isVersioned ? sql`${shape} || ${rest}` : raw('NULL')} AS "diaba version",
    ${srid === undefined ? raw('NULL') : geoJson(layer.geometry, srid)} AS "diaba geometry",
    ${textList(values)} AS "diaba values"`;
}

/** Returns `… WHERE …`, to which conditions can be added. */
function rowsOf(layer: Layer, { filter, keys, after }: RowsFilter): Sql {
  const condition = filter ? filterToSql(filter, layer) : raw('TRUE');
  // Digests, the keys of rows without one, exist only outside of the source.
  return sql`${source(layer, condition)} WHERE ${all([
    ...(keys ? [keys.length ? anyKeyCondition(layer, keys) : raw('FALSE')] : []),
    ...(after ? [afterKey(layer, after)] : []),
  ])}`;
}

/** Returns NULL if the row has no geometry to show, or lies outside of the CRS's domain. */
function geoJson(geometry: GeometryColumn, srid: number): Sql {
  const shape = sql`ST_Force2D(${shapeOf(geometry)})`;
  const isStored = srid === geometry.srid;
  const there = isStored ? shape : sql`ST_Transform(${shape}, ${srid}::int)`;
  const digits = raw(String(shownDigits(geometry, { srid, unit: crsOfSrid(srid)?.unit ?? 'metre' })));
  return sql`CASE WHEN ${isStored ? raw('TRUE') : isWithin(geometry, commonDomain(geometry, srid))}
    THEN ST_AsGeoJSON(${wind(geometry.dimension, there)}, ${digits}, 0) END`;
}
