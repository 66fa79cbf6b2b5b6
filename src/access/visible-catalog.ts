import type { Catalog, Layer, TileFunction } from '../catalog/layer.ts';
import { entryOf } from '../catalog/names.ts';
import { jobOfLayer } from '../catalog/result-layer.ts';
import { notFound } from '../lib/errors.ts';
import { isHiddenInPart, type NarrowedLayers, narrowedLayers } from './narrowed-layers.ts';
import { type Principal, PUBLIC } from './principal.ts';
import { NO_RESULTS, type ResultLayers } from './result-layers.ts';

/**
 * The catalog as a principal may see it, the only one that faces and questions receive. Only {@link VisibleCatalog.of}
 * creates it. Layers are in the catalog's order. A layer that is asked for by its id is noted if the public sees less.
 */
export class VisibleCatalog {
  readonly #catalog: Catalog;
  readonly #narrowed: NarrowedLayers;
  readonly #results: ResultLayers;
  readonly #principal: Principal;

  private constructor(catalog: Catalog, principal: Principal, results: ResultLayers) {
    this.#catalog = catalog;
    this.#principal = principal;
    this.#results = results;
    this.#narrowed = narrowedLayers(catalog, principal);
  }

  /** @param results always the same for a catalog */
  static of(catalog: Catalog, principal: Principal, results = NO_RESULTS): VisibleCatalog {
    return new VisibleCatalog(catalog, principal, results);
  }

  /** Tables and views, to list them. Whoever reads rows of one calls {@link note}. */
  get layers(): readonly Layer[] {
    return [...this.#narrowed.layers.values()];
  }

  /** Tables and views as the public sees them: what a request means that names no layer. */
  get publicLayers(): readonly Layer[] {
    return [...narrowedLayers(this.#catalog, PUBLIC).layers.values()];
  }

  /** Returns the tables and views, and the results among the ids, which no list names. */
  layersWith(ids: readonly string[]): readonly Layer[] {
    const results = ids.filter((id) => jobOfLayer(id) !== undefined).flatMap((id) => this.find(id) ?? []);
    return [...this.#narrowed.layers.values(), ...results];
  }

  /** Functions that return rows, not yet called. */
  get functions(): readonly Layer[] {
    return [...this.#narrowed.functions.values()];
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
    const result = jobOfLayer(id) === undefined ? null : this.#results.find(id, this.#principal);
    if (result) return result;
    const layer = entryOf(this.#narrowed.layers, id);
    return layer && this.note(layer);
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
    const layer = entryOf(this.#narrowed.functions, id);
    return layer ? this.note(layer) : this.requireLayer(id);
  }

  /**
   * Notes that rows of a visible layer are read, for the record of accesses. Returns the layer.
   * @param features ids of the rows; undefined: any, as the request says
   */
  note(layer: Layer, features?: readonly string[]): Layer {
    if (isHiddenInPart(layer)) this.#principal.onAccess?.(layer.id, features);
    return layer;
  }
}
