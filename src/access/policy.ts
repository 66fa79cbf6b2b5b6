import type { Catalog, Key, Layer } from '../catalog/layer.ts';
import { entryOf } from '../catalog/names.ts';
import { notFound } from '../lib/errors.ts';
import type { Principal } from './principal.ts';

/** Public versions of layers with personal fields: one object each, because tile statements are cached by it. */
const withoutPersonal = new WeakMap<Layer, Layer>();

/** Returns the layer as this principal may see it; undefined if not at all. Personal fields are removed for good. */
export function narrow(layer: Layer, principal: Principal): Layer | undefined {
  if (principal.accessClass === 'restricted') return layer;
  if (layer.accessClass !== 'public') return undefined;
  if (!layer.fields.some(({ personal }) => personal)) return layer;
  const narrowed = withoutPersonal.get(layer) ?? dropPersonal(layer);
  withoutPersonal.set(layer, narrowed);
  return narrowed;
}

function dropPersonal(layer: Layer): Layer {
  const fields = layer.fields.filter(({ personal }) => !personal);
  const names = new Set(fields.map(({ name }) => name));
  // A personal key (an identity number) would be visible as the features' id.
  const isKeyHidden = layer.key.kind === 'columns' && !layer.key.columns.every((name) => names.has(name));
  const key: Key = isKeyHidden ? { kind: 'none' } : layer.key;
  return { ...layer, key, fields, tileFields: layer.tileFields.filter((name) => names.has(name)) };
}

/** Returns the layers that this principal may see, in the catalog's order. */
export function visibleLayers(catalog: Catalog, principal: Principal): Layer[] {
  return [...catalog.layers.values()].flatMap((layer) => narrow(layer, principal) ?? []);
}

/** Returns the row functions that this principal may call. */
export function visibleFunctions(catalog: Catalog, principal: Principal): Layer[] {
  return [...catalog.functions.values()].flatMap((layer) => narrow(layer, principal) ?? []);
}

/**
 * Returns the layer of an id, or of a function of that id, not yet called.
 * @throws as {@link requireLayer}
 */
export function requireLayerOrFunction(catalog: Catalog, id: string, principal: Principal): Layer {
  const called = entryOf(catalog.functions, id);
  return (called && narrow(called, principal)) || requireLayer(catalog, id, principal);
}

/**
 * Returns the layer of an id.
 * @throws Problem not-found, the same for a missing layer and for one that the principal may not see
 */
export function requireLayer(catalog: Catalog, id: string, principal: Principal): Layer {
  const layer = entryOf(catalog.layers, id);
  const narrowed = layer && narrow(layer, principal);
  if (narrowed) return narrowed;
  const shown = id.slice(0, 80);
  throw notFound({
    vi: `Không có lớp "${shown}". Danh sách các lớp: /collections.`,
    en: `There is no layer "${shown}". The layers are listed at /collections.`,
  });
}
