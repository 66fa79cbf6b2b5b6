import type { Field, Layer } from '../catalog/layer.ts';
import { EMPTY, type Query, raw, type Sql, sql, textList } from '../database/sql.ts';
import { shownDigits } from '../geometry/digits.ts';
import { featureGeometry, isShown } from './feature-geometry.ts';
import {
  type Form,
  featureId,
  featureText,
  fieldValue,
  type ItemsFilter,
  type Order,
  orderedRows,
} from './items-query.ts';

/** A filter, an order, a form, and the most features to export; undefined: all. */
export interface ExportQuestion extends ItemsFilter, Order, Form {
  readonly most?: number | undefined;
}

/** Returns true if the id has a cell of its own. A key of a single visible column is the id already. */
export function hasIdCell({ key }: Layer, fields: readonly Field[]): boolean {
  return !(key.kind === 'columns' && key.columns.length === 1 && fields.some(({ name }) => name === key.columns[0]));
}

/**
 * Selects rows `{cells}`, all as text: the id, each field, and the geometry. A point is two numbers, in the axis order
 * of its CRS's URI.
 */
export function cellsQuery(layer: Layer, question: ExportQuestion): Query {
  const cells = [...valueCells(layer, question), ...(question.skipGeometry ? [] : geometryCells(layer, question))];
  return sql`SELECT ${textList(cells)} AS cells ${rows(layer, question)}`;
}

/**
 * Selects rows `{cells, geometry}`: the id and each field as text, and hexadecimal WKB with Z and M, easting or
 * longitude first.
 */
export function shapesQuery(layer: Layer, question: ExportQuestion): Query {
  const { crs, skipGeometry } = question;
  const shape = sql`CASE WHEN ${isShown(layer.geometry, crs)} THEN encode(ST_AsBinary(${featureGeometry(layer, crs)}, 'NDR'), 'hex') END`;
  return sql`SELECT ${textList(valueCells(layer, question))} AS cells, ${skipGeometry ? raw('NULL') : shape} AS geometry ${rows(layer, question)}`;
}

function valueCells(layer: Layer, { fields = layer.fields }: ExportQuestion): Sql[] {
  const values = fields.map((field) => sql`(${fieldValue(field)})::text`);
  return hasIdCell(layer, fields) ? [sql`to_json(${featureId(layer)}) #>> '{}'`, ...values] : values;
}

/** Selects rows `{feature}`, GeoJSON as text. */
export function exportQuery(layer: Layer, question: ExportQuestion): Query {
  return sql`SELECT ${featureText(layer, question)} AS feature ${rows(layer, question)}`;
}

function rows(layer: Layer, question: ExportQuestion): Sql {
  const limit = question.most === undefined ? EMPTY : sql` LIMIT ${question.most}::int`;
  return sql`${orderedRows(layer, question)}${limit}`;
}

function geometryCells(layer: Layer, { crs }: ExportQuestion): Sql[] {
  const { geometry } = layer;
  const shape = featureGeometry(layer, crs);
  const shown = (value: Sql) => sql`CASE WHEN ${isShown(geometry, crs)} THEN ${value} END`;
  const digits = raw(String(shownDigits(geometry, crs)));
  // A double cast to numeric has 15 digits, but stored ones have up to 17.
  const written = (value: Sql) =>
    geometry.srid === crs.srid ? sql`${value}::text` : sql`trim_scale(round(${value}::numeric, ${digits}))::text`;
  if (geometry.type === 'POINT') {
    const [x, y] = [sql`ST_X(${shape})`, sql`ST_Y(${shape})`].map((value) => shown(written(value))) as [Sql, Sql];
    return crs.axes === 'east-north' ? [x, y] : [y, x];
  }
  return [shown(sql`ST_AsText(${crs.axes === 'north-east' ? sql`ST_FlipCoordinates(${shape})` : shape}, ${digits})`)];
}
