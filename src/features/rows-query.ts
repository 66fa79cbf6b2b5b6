import type { Field, Layer } from '../catalog/layer.ts';
import { all, EMPTY, join, type Query, raw, type Sql, sql, textList } from '../database/sql.ts';
import type { BoundFilter } from '../filter/filter.ts';
import { crsOfSrid } from '../geo/crs.ts';
import type { GeometryColumn } from '../geometry/column.ts';
import { shownDigits } from '../geometry/digits.ts';
import { commonDomain, isWithin } from '../geometry/domain.ts';
import { shapeOf } from '../geometry/shape.ts';
import { wind } from '../geometry/winding.ts';
import { featureIdText, type KeyValues } from './feature-id.ts';
import { type FeatureForm, fieldValue, namelessFeatureText, partVersions, source } from './items-query.ts';
import { afterKey, anyKeyCondition, DIGEST, keyColumns, keyOrder, type PagePosition, ROW_NUMBER } from './row-key.ts';
import { type SortKey, sortOrder } from './sort.ts';

/** The rows requested of a layer. */
export interface RowsFilter {
  readonly filter?: BoundFilter | undefined;
  /** Any of these features; undefined: all. */
  readonly keys?: readonly KeyValues[] | undefined;
  /** The last row of the previous page, which makes every page cost the same. Not for sorted rows. */
  readonly after?: PagePosition | undefined;
}

/** Rows in any supported CRS, for encodings that write values one by one. */
export interface RowsQuestion extends RowsFilter {
  readonly fields: readonly Field[];
  /** SRID of the geometries; undefined: none are read. */
  readonly srid: number | undefined;
  /** Comes before the key, which orders equal rows. */
  readonly sort: readonly SortKey[];
  readonly limit: number;
  /** Rows to skip; each costs as much as reading it. */
  readonly skip: number;
  /** As in `Order` of items-query. */
  readonly isTied?: boolean | undefined;
  /** True if the version of each row is read. */
  readonly isVersioned?: boolean;
  /** undefined: values and geometries are read one by one. Otherwise each row is read as a whole feature. */
  readonly feature?: FeatureForm | undefined;
}

/** `values` in the order of the question's fields, each as text; `geometry` is GeoJSON as text, x = east. */
export interface PlainRow {
  readonly key: KeyValues;
  readonly id: string;
  /** Versions of its geometry, then of its values, as in {@link partVersions}. */
  readonly version: string | undefined;
  readonly geometry: string | null;
  readonly values: readonly (string | null)[];
  /** GeoJSON without `id`, as text; undefined unless requested, and then there are no values and no geometry. */
  readonly feature: string | undefined;
}

/** A row as read. No layer has columns of these names, so `ORDER BY` cannot confuse them. */
export interface ReadRow {
  readonly 'diaba key': KeyValues;
  readonly 'diaba id': string;
  readonly 'diaba version': string | null;
  readonly 'diaba geometry': string | null;
  readonly 'diaba values': PlainRow['values'];
  readonly 'diaba feature': string | null;
}

/** Selects the rows in the order of the question, and one more if there are more. Rows are {@link ReadRow}. */
export function rowsQuery(layer: Layer, question: RowsQuestion): Query {
  const order = join([...sortOrder(question.sort), ...keyOrder(layer, question.isTied)], ', ');
  const passed = question.skip + (question.after?.given ?? 0);
  const skip = passed > 0 ? sql` OFFSET ${passed}::int8` : EMPTY;
  // The inner query avoids rendering rows that are skipped.
  return sql`SELECT ${selectColumns(layer, question)}
    FROM (SELECT * FROM ${matchingRows(layer, question)} ORDER BY ${order} LIMIT ${question.limit + 1}::int8${skip}) AS item
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
  return sql`SELECT count(*) AS count FROM (SELECT FROM ${matchingRows(layer, filter)}${limit}) AS counted`;
}

function selectColumns(layer: Layer, { fields, srid, isVersioned, feature }: RowsQuestion): Sql {
  const { shape, values: rest } = partVersions(layer);
  const key = keyColumns(layer).map((column) => sql`${column}::text`);
  const values = fields.map((field) => sql`(${fieldValue(field)})::text`);
  return sql`${textList(key)} AS "diaba key",
    (${featureIdText(layer) ?? sql`${DIGEST} || '-' || ${ROW_NUMBER}`})::text AS "diaba id",
    ${isVersioned ? sql`${shape} || ${rest}` : raw('NULL')} AS "diaba version",
    ${feature || srid === undefined ? raw('NULL') : geoJson(layer.geometry, srid)} AS "diaba geometry",
    ${textList(feature ? [] : values)} AS "diaba values",
    ${feature ? namelessFeatureText(layer, feature) : raw('NULL')} AS "diaba feature"`;
}

/** Returns `… WHERE …`, to which conditions can be added. */
function matchingRows(layer: Layer, { filter, keys, after }: RowsFilter): Sql {
  // Digests, the keys of rows without one, exist only outside of the source.
  return sql`${source(layer, filter ?? raw('TRUE'))} WHERE ${all([
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
