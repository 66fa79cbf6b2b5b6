import type { Catalog, Key, Layer, TileFunction } from '../catalog/layer.ts';
import { entryOf } from '../catalog/names.ts';
import { jobOfLayer } from '../catalog/result-layer.ts';
import { notFound } from '../lib/errors.ts';
import type { Principal } from './principal.ts';
import { NO_RESULTS, type ResultLayers } from './result-layers.ts';

/** One visible catalog an access class, so that layers stay the same objects, by which tile statements are cached. */
const narrowed = new WeakMap<Catalog, Map<Principal['accessClass'], VisibleCatalog>>();

/**
 * The catalog as a principal may see it, the only one that faces and questions receive. Only {@link VisibleCatalog.of}
 * creates it. Layers are in the catalog's order.
 */
export class VisibleCatalog {
  readonly #catalog: Catalog;
  readonly #layers: ReadonlyMap<string, Layer>;
  readonly #functions: ReadonlyMap<string, Layer>;
  readonly #results: ResultLayers;
  readonly #principal: Principal;

  private constructor(catalog: Catalog, principal: Principal, results: ResultLayers) {
    this.#catalog = catalog;
    this.#principal = principal;
    this.#results = results;
    this.#layers = narrowAll(catalog.layers, principal);
    this.#functions = narrowAll(catalog.functions, principal);
  }

  /** @param results always the same for a catalog */
  static of(catalog: Catalog, principal: Principal, results = NO_RESULTS): VisibleCatalog {
    const classes = narrowed.get(catalog) ?? new Map<Principal['accessClass'], VisibleCatalog>();
    narrowed.set(catalog, classes);
    const visible = classes.get(principal.accessClass) ?? new VisibleCatalog(catalog, principal, results);
    classes.set(principal.accessClass, visible);
    return visible;
  }

  /** Tables and views. */
  get layers(): readonly Layer[] {
    return [...this.#layers.values()];
  }

  /** Returns the tables and views, and the results among the ids, which no list names. */
  layersWith(ids: readonly string[]): readonly Layer[] {
    const results = ids.filter((id) => jobOfLayer(id) !== undefined).flatMap((id) => this.find(id) ?? []);
    return [...this.#layers.values(), ...results];
  }

  /** Functions that return rows, not yet called. */
  get functions(): readonly Layer[] {
    return [...this.#functions.values()];
  }

  /** Functions that return rows without being given arguments. */
  get callable(): readonly Layer[] {
    return this.functions.filter(({ call }) => !call?.parameters.some(({ isRequired }) => isRequired));
  }

  /** Functions that return tiles, by id. */
  get tileFunctions(): ReadonlyMap<string, TileFunction> {
    return this.#catalog.tileFunctions;
  }

  /** Returns the table, view or result of an id; undefined if it does not exist or may not be seen. */
  find(id: string): Layer | undefined {
    const result = jobOfLayer(id) === undefined ? null : this.#results.find(id);
    return result ? narrow(result, this.#principal) : entryOf(this.#layers, id);
  }

  /**
   * Returns the table, view or result of an id.
   * @throws Problem not-found, the same for one that does not exist and one that may not be seen
   */
  requireLayer(id: string): Layer {
    const layer = this.find(id);
    if (layer) return layer;
    const shown = id.slice(0, 80);
    throw notFound({
      vi: `Không có lớp "${shown}". Danh sách các lớp: /collections.`,
      en: `There is no layer "${shown}". The layers are listed at /collections.`,
    });
  }

  /**
   * Returns the layer of an id, or the function of that id, not yet called.
   * @throws as {@link requireLayer}
   */
  requireLayerOrFunction(id: string): Layer {
    return entryOf(this.#functions, id) ?? this.requireLayer(id);
  }
}

function narrowAll(layers: ReadonlyMap<string, Layer>, principal: Principal): ReadonlyMap<string, Layer> {
  return new Map(
    [...layers].flatMap(([id, layer]) => {
      const narrowed = narrow(layer, principal);
      return narrowed ? [[id, narrowed] as const] : [];
    }),
  );
}

/** Returns the layer as this principal may see it; undefined if not at all. Personal fields are removed for good. */
function narrow(layer: Layer, principal: Principal): Layer | undefined {
  if (principal.accessClass === 'restricted') return layer;
  if (layer.accessClass !== 'public') return undefined;
  return layer.fields.some(({ personal }) => personal) ? dropPersonal(layer) : layer;
}

function dropPersonal(layer: Layer): Layer {
  const fields = layer.fields.filter(({ personal }) => !personal);
  const names = new Set(fields.map(({ name }) => name));
  // A personal key (an identity number) would be visible as the features' id.
  const isKeyHidden = layer.key.kind === 'columns' && !layer.key.columns.every((name) => names.has(name));
  const key: Key = isKeyHidden ? { kind: 'none' } : layer.key;
  return { ...layer, key, fields, tileFields: layer.tileFields.filter((name) => names.has(name)) };
}
