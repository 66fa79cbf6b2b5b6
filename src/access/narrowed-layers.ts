import type { Catalog, Key, Layer } from '../catalog/layer.ts';
import { namesUnits } from '../catalog/units.ts';
import type { Principal } from './principal.ts';
import { type KeyScope, namesLayer } from './scope.ts';

/** The layers of a catalog as an access class may see them, by id. */
export interface NarrowedLayers {
  readonly layers: ReadonlyMap<string, Layer>;
  readonly functions: ReadonlyMap<string, Layer>;
}

/** One a class, so that layers stay the same objects, by which tile statements are cached. */
const narrowed = new WeakMap<Catalog, Map<Principal['accessClass'], NarrowedLayers>>();

export function narrowedLayers(catalog: Catalog, { accessClass, scope }: Principal): NarrowedLayers {
  const classes = narrowed.get(catalog) ?? new Map<Principal['accessClass'], NarrowedLayers>();
  narrowed.set(catalog, classes);
  const known = classes.get(accessClass);
  if (known) return known;
  const made = { layers: narrowAll(catalog.layers, scope), functions: narrowAll(catalog.functions, scope) };
  classes.set(accessClass, made);
  return made;
}

function narrowAll(layers: ReadonlyMap<string, Layer>, scope: KeyScope | undefined): ReadonlyMap<string, Layer> {
  return new Map(
    [...layers].flatMap(([id, layer]) => {
      const visible = narrow(layer, scope);
      return visible ? [[id, visible] as const] : [];
    }),
  );
}

/** Returns true if the public does not see all of the layer. */
export function isHiddenInPart({ accessClass, fields }: Layer): boolean {
  return accessClass === 'restricted' || fields.some(({ personal }) => personal);
}

/** Returns the layer as a scope may see it; undefined if not at all. */
export function narrow(layer: Layer, scope: KeyScope | undefined): Layer | undefined {
  if (!isHiddenInPart(layer)) return layer;
  if (!scope || !namesLayer(scope, layer)) return asPublic(layer);
  if (scope.units.length === 0) return layer;
  // Rows that do not name their unit cannot be narrowed, so none is shown. Low zooms would show those of all units.
  if (layer.call || layer.stored || !namesUnits(layer)) return asPublic(layer);
  // A subquery has no places of rows.
  const key: Key = layer.key.kind === 'ctid' ? { kind: 'none' } : layer.key;
  return { ...layer, key, units: scope.units, mosaic: undefined, rowEstimate: -1 };
}

/** Personal fields are removed for good. */
function asPublic(layer: Layer): Layer | undefined {
  return layer.accessClass === 'public' ? dropPersonal(layer) : undefined;
}

function dropPersonal(layer: Layer): Layer {
  const fields = layer.fields.filter(({ personal }) => !personal);
  const names = new Set(fields.map(({ name }) => name));
  // A personal key (an identity number) would be visible as the features' id.
  const isKeyHidden = layer.key.kind === 'columns' && !layer.key.columns.every((name) => names.has(name));
  const key: Key = isKeyHidden ? { kind: 'none' } : layer.key;
  return { ...layer, key, fields, tileFields: layer.tileFields.filter((name) => names.has(name)) };
}
