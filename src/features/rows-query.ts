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

/** Which rows of a layer are asked for. */
export interface RowsFilter {
  readonly filter?: Expression | undefined;
  /** Any of these features; undefined: all. */
  readonly keys?: readonly KeyValues[] | undefined;
  /** The last row of the page before, which costs the same on every page. Not where rows are sorted. */
  readonly after?: Position | undefined;
}

/** Rows in any supported system, for encodings that write values one by one. */
export interface RowsQuestion extends RowsFilter {
  readonly fields: readonly Field[];
  /** The system of the geometries; undefined: none are read. */
  readonly srid: number | undefined;
  /** Before the key, which decides among equals. */
  readonly sort: readonly { readonly field: Field; readonly isDescending: boolean }[];
  readonly limit: number;
  /** Rows passed over, each of which costs its finding. */
  readonly skip: number;
  /** As `Order` of items-query has it. */
  readonly isTied?: boolean | undefined;
  /** Whether the version of each is read. */
  readonly isVersioned?: boolean;
}

/** `values` in the order of the question's fields, each as text; `geometry` is GeoJSON as text, x = east. */
export interface PlainRow {
  readonly key: KeyValues;
  readonly id: string;
  /** Of its geometry, then of its values, as {@link partVersions} has them. */
  readonly version: string | undefined;
  readonly geometry: string | null;
  readonly values: readonly (string | null)[];
}

/** A row as it is read. No column of a layer is called so, and `ORDER BY` takes none of these for a column. */
export interface ReadRow {
  readonly 'diaba key': KeyValues;
  readonly 'diaba id': string;
  readonly 'diaba version': string | null;
  readonly 'diaba geometry': string | null;
  readonly 'diaba values': PlainRow['values'];
}

/** The rows in the order of the question, and one more where there are more. Rows are {@link ReadRow}. */
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
  // What is passed over must not be written out first: hence the inner query.
  return sql`SELECT ${columns(layer, question)}
    FROM (SELECT * FROM ${rowsOf(layer, question)} ORDER BY ${order} LIMIT ${question.limit + 1}::int8${skip}) AS item
    ORDER BY ${order}`;
}

export interface CountBounds {
  readonly most?: number | undefined;
  readonly skip?: number;
}

/** How many rows there are after the first `skip`: `{count}`. @param most counting ends here; undefined: to the end */
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

/** `… WHERE …`, to which more conditions can be added. */
function rowsOf(layer: Layer, { filter, keys, after }: RowsFilter): Sql {
  const condition = filter ? filterToSql(filter, layer) : raw('TRUE');
  // Digests, the keys of rows without one, exist outside of the source only.
  return sql`${source(layer, condition)} WHERE ${all([
    ...(keys ? [keys.length ? anyKeyCondition(layer, keys) : raw('FALSE')] : []),
    ...(after ? [afterKey(layer, after)] : []),
  ])}`;
}

/** null where there is nothing to show, and where the system asked for has no coordinates for it. */
function geoJson(geometry: GeometryColumn, srid: number): Sql {
  const shape = sql`ST_Force2D(${shapeOf(geometry)})`;
  const isStored = srid === geometry.srid;
  const there = isStored ? shape : sql`ST_Transform(${shape}, ${srid}::int)`;
  const digits = raw(String(shownDigits(geometry, { srid, unit: crsOfSrid(srid)?.unit ?? 'metre' })));
  return sql`CASE WHEN ${isStored ? raw('TRUE') : isWithin(geometry, commonDomain(geometry, srid))}
    THEN ST_AsGeoJSON(${wind(geometry.dimension, there)}, ${digits}, 0) END`;
}
