import type { Layer } from '../catalog/layer.ts';
import type { BoundFilter } from '../filter/filter.ts';

/** Deviations of a tile from the default content of its layers. */
export interface TileForm {
  /** The filter of each layer, by the layer's id; undefined: every row. */
  readonly filters?: ReadonlyMap<string, BoundFilter> | undefined;
  /** Names of fields; each layer shows those that it has. */
  readonly properties?: readonly string[] | undefined;
}

/** Returns the layer with the fields of a form, at every zoom. */
export function formed(layer: Layer, { properties }: TileForm): Layer {
  return properties ? { ...layer, tileFields: properties, fieldsFrom: {} } : layer;
}

/** Returns the filter of a layer, without which no tile of a filtered form is rendered. */
export function filterOf({ id }: Layer, { filters }: TileForm): BoundFilter | undefined {
  const filter = filters?.get(id);
  if (filters && !filter) throw new Error(`The filter of a tile is bound to other layers than ${id}`);
  return filter;
}

/**
 * Returns true if the change log covers everything that a form shows. The log announces changes of a tile's default
 * content only.
 */
export function isAnnounced(layer: Layer, { filters, properties = [] }: TileForm): boolean {
  return !filters && properties.every((name) => layer.tileFields.includes(name) || !hasField(layer, name));
}

export function hasField({ fields }: Layer, name: string): boolean {
  return fields.some((field) => field.name === name);
}
