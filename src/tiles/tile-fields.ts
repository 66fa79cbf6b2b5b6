import type { Field, Layer } from '../catalog/layer.ts';
import { ident, type Sql, sql } from '../database/sql.ts';
import type { RowFilter } from '../filter/filter.ts';

/** What a tile shows of its layers where that is not what it always shows. */
export interface TileForm {
  readonly filter?: RowFilter | undefined;
  /** Names of fields; each layer shows those that it has. */
  readonly properties?: readonly string[] | undefined;
}

/** The layer with the fields that a form asks for, at every zoom. */
export function formed(layer: Layer, { properties }: TileForm): Layer {
  return properties ? { ...layer, tileFields: properties, fieldsFrom: {} } : layer;
}

/** Whether what changes in a layer is told of all that a form shows: the change log tells of what tiles always show. */
export function isTold(layer: Layer, { filter, properties = [] }: TileForm): boolean {
  return !filter && properties.every((name) => layer.tileFields.includes(name) || !hasField(layer, name));
}

export function hasField({ fields }: Layer, name: string): boolean {
  return fields.some((field) => field.name === name);
}

/** The fields that tiles carry. */
export function tileFields(layer: Layer): Field[] {
  return layer.fields.filter(({ name }) => layer.tileFields.includes(name));
}

/** The fields that tiles of a zoom carry. */
export function fieldsAt(layer: Layer, zoom: number): Field[] {
  return tileFields(layer).filter(({ name }) => zoom >= (layer.fieldsFrom[name] ?? 0));
}

/** Numbers and booleans as they are, everything else as text: both encoders then write the same values. */
export function tileValue({ name, type }: Field): Sql {
  if (type === 'integer' || type === 'boolean') return ident(name);
  return type === 'number' ? sql`${ident(name)}::float8` : sql`${ident(name)}::text`;
}
