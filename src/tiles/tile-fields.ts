import type { Field, Layer } from '../catalog/layer.ts';
import { ident, type Sql, sql } from '../database/sql.ts';

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
