import type { Catalog, Key, Layer } from '../catalog/layer.ts';
import { entryOf } from '../catalog/names.ts';
import { notFound } from '../lib/errors.ts';
import type { Principal } from './principal.ts';

/** Of layers with personal fields, what the public sees: the same object each time, which a tile's statement is kept by. */
const withoutPersonal = new WeakMap<Layer, Layer>();

/** The layer as this principal may see it, or undefined where not at all. Personal fields go, and never come back. */
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
  // A key that is personal (an identity number) would show as the features' id.
  const isKeyHidden = layer.key.kind === 'columns' && !layer.key.columns.every((name) => names.has(name));
  const key: Key = isKeyHidden ? { kind: 'none' } : layer.key;
  return { ...layer, key, fields, tileFields: layer.tileFields.filter((name) => names.has(name)) };
}

/** Every layer that this principal may see, in the catalog's order. */
export function visibleLayers(catalog: Catalog, principal: Principal): Layer[] {
  return [...catalog.layers.values()].flatMap((layer) => narrow(layer, principal) ?? []);
}

/** Every function that gives rows and that this principal may ask. */
export function visibleFunctions(catalog: Catalog, principal: Principal): Layer[] {
  return [...catalog.functions.values()].flatMap((layer) => narrow(layer, principal) ?? []);
}

/** The layer of an id, or of a function of that id, not yet called. @throws as {@link requireLayer} */
export function requireLayerOrFunction(catalog: Catalog, id: string, principal: Principal): Layer {
  const called = entryOf(catalog.functions, id);
  return (called && narrow(called, principal)) || requireLayer(catalog, id, principal);
}

/** The layer of an id. @throws Problem not-found, the same for one that does not exist and one that may not be seen */
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
