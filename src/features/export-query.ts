import type { Field, Layer } from '../catalog/layer.ts';
import { EMPTY, type Query, raw, type Sql, sql, textList } from '../database/sql.ts';
import type { Crs } from '../geo/crs.ts';
import { shownDigits } from '../geometry/digits.ts';
import { featureGeometry, geoJsonIn, isShown } from './feature-geometry.ts';
import { type FeatureForm, featureText, fieldValue, type ItemsFilter, type Order, orderedRows } from './items-query.ts';
import { featureId } from './row-key.ts';

/** A filter, an order, a form, and the most features to export; undefined: all. */
export interface ExportQuestion extends ItemsFilter, Order, FeatureForm {
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
 * Selects rows `{cells, geometry}`: the id and each field as text, lists as JSON, and hexadecimal WKB with Z and M,
 * easting or longitude first.
 * @param dropsM true for a format without M
 */
export function shapesQuery(layer: Layer, question: ExportQuestion, dropsM = false): Query {
  const { crs, skipGeometry } = question;
  const shape = featureGeometry(layer, crs);
  const written = dropsM ? withoutM(layer, shape) : shape;
  const bytes = sql`CASE WHEN ${isShown(layer.geometry, crs)} THEN encode(ST_AsBinary(${written}, 'NDR'), 'hex') END`;
  return sql`SELECT ${fileCells(layer, question)} AS cells, ${skipGeometry ? raw('NULL') : bytes} AS geometry ${rows(layer, question)}`;
}

/** A row with its values as text, and its geometry as GeoJSON text. */
export interface PlacemarkRow {
  readonly cells: readonly (string | null)[];
  readonly geometry: string | null;
}

/** Selects {@link PlacemarkRow}: the id and each field as text, lists as JSON, and GeoJSON text, easting first. */
export function placemarksQuery(layer: Layer, question: ExportQuestion): Query {
  const crs: Crs = { ...question.crs, axes: 'east-north' };
  const geometry = question.skipGeometry ? raw('NULL::text') : sql`${geoJsonIn(layer, crs)}::text`;
  return sql`SELECT ${fileCells(layer, question)} AS cells, ${geometry} AS geometry ${rows(layer, question)}`;
}

function fileCells(layer: Layer, { fields = layer.fields }: ExportQuestion): Sql {
  return textList([...idCells(layer, fields), ...fields.map(jsonCell)]);
}

function withoutM({ geometry: { ordinates } }: Layer, shape: Sql): Sql {
  if (ordinates === 'XY' || ordinates === 'XYZ') return shape;
  return sql`(SELECT CASE ST_Zmflag(shape) WHEN 1 THEN ST_Force2D(shape) WHEN 3 THEN ST_Force3DZ(shape) ELSE shape END
    FROM (SELECT ${shape} AS shape OFFSET 0) AS given)`;
}

/** Returns the text of a value. A list or a row is JSON, as a file's column of that type requires. */
function jsonCell(field: Field): Sql {
  const isList = field.type === 'json' && !/^jsonb?$/.test(field.baseType);
  return isList ? sql`to_json(${fieldValue(field)})::text` : sql`(${fieldValue(field)})::text`;
}

/**
 * Selects rows `{name, geometry}` of a drawing: the value of a field, and GeoJSON text in a CRS in metres, easting first.
 * @param by absent: every name is null
 */
export function drawnQuery(layer: Layer, question: ExportQuestion, by: Field | undefined): Query {
  const crs: Crs = { ...question.crs, axes: 'east-north' };
  const name = by ? sql`(${fieldValue(by)})::text` : raw('NULL::text');
  return sql`SELECT ${name} AS name, ${geoJsonIn(layer, crs)}::text AS geometry ${rows(layer, question)}`;
}

function valueCells(layer: Layer, { fields = layer.fields }: ExportQuestion): Sql[] {
  return [...idCells(layer, fields), ...fields.map((field) => sql`(${fieldValue(field)})::text`)];
}

function idCells(layer: Layer, fields: readonly Field[]): Sql[] {
  return hasIdCell(layer, fields) ? [sql`to_json(${featureId(layer)}) #>> '{}'`] : [];
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
