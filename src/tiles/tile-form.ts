import type { Layer } from '../catalog/layer.ts';
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
