import type { Layer } from '../catalog/layer.ts';
import type { RowFilter } from '../filter/filter.ts';

/** Deviations of a tile from the default content of its layers. */
export interface TileForm {
  readonly filter?: RowFilter | undefined;
  /** Names of fields; each layer shows those that it has. */
  readonly properties?: readonly string[] | undefined;
}

/** Returns the layer with the fields of a form, at every zoom. */
export function formed(layer: Layer, { properties }: TileForm): Layer {
  return properties ? { ...layer, tileFields: properties, fieldsFrom: {} } : layer;
}

/**
 * Returns true if the change log covers everything that a form shows. The log announces changes of a tile's default
 * content only.
 */
export function isAnnounced(layer: Layer, { filter, properties = [] }: TileForm): boolean {
  return !filter && properties.every((name) => layer.tileFields.includes(name) || !hasField(layer, name));
}

export function hasField({ fields }: Layer, name: string): boolean {
  return fields.some((field) => field.name === name);
}
