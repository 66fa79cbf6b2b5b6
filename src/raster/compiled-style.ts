import {
  featureFilter,
  type LayerSpecification,
  latest,
  normalizePropertyExpression,
  type StylePropertyExpression,
  type StylePropertySpecification,
} from '@maplibre/maplibre-gl-style-spec';
import { DRAWN } from './drawn-properties.ts';

export type LayerType = keyof typeof DRAWN;

/** The members of a tile's feature that expressions can read. */
export interface StyledFeature {
  readonly type: 0 | 1 | 2 | 3;
  readonly id?: number | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

type Evaluate = StylePropertyExpression['evaluate'];

/** A style layer with its expressions parsed, by MapLibre's own parser. */
export class CompiledLayer {
  readonly id: string;
  readonly type: LayerType;
  readonly source: string;
  readonly sourceLayer: string;
  readonly #specification: LayerSpecification;
  readonly #properties: ReadonlyMap<string, StylePropertyExpression>;
  readonly #filter: ReturnType<typeof featureFilter>;

  constructor(specification: LayerSpecification) {
    this.#specification = specification;
    this.id = specification.id;
    this.type = specification.type as LayerType;
    this.source = 'source' in specification ? (specification.source ?? '') : '';
    this.sourceLayer = 'source-layer' in specification ? (specification['source-layer'] ?? '') : '';
    this.#properties = compileProperties(specification);
    this.#filter = featureFilter(
      'filter' in specification ? specification.filter : undefined,
      `layers.${specification.id}.filter`,
    );
  }

  isShownAt(zoom: number): boolean {
    const { minzoom = 0, maxzoom = 24, layout } = this.#specification;
    return zoom >= minzoom && zoom < maxzoom && layout?.visibility !== 'none';
  }

  at(zoom: number): LayerAt {
    return new LayerAt(this.#properties, this.#filter, zoom);
  }
}

/** A layer at one zoom. Properties that depend on nothing else are evaluated once. */
export class LayerAt {
  readonly zoom: number;
  readonly #properties: ReadonlyMap<string, StylePropertyExpression>;
  readonly #filter: ReturnType<typeof featureFilter>;
  readonly #constants = new Map<string, unknown>();

  constructor(
    properties: ReadonlyMap<string, StylePropertyExpression>,
    filter: ReturnType<typeof featureFilter>,
    zoom: number,
  ) {
    this.#properties = properties;
    this.#filter = filter;
    this.zoom = zoom;
  }

  /** Returns true if the feature passes the filter. Filters and layout use the zoom of the tile, which is whole. */
  has(feature: StyledFeature): boolean {
    return this.#filter.filter({ zoom: Math.floor(this.zoom) }, feature as never);
  }

  /**
   * @param name of a property that {@link DRAWN} lists for the type of the layer
   * @returns undefined if the style does not set it and the specification has no default
   */
  value<T>(name: string, feature?: StyledFeature, zoom = this.zoom): T {
    const expression = this.#properties.get(name);
    if (!expression) return undefined as T;
    if (expression.kind === 'source' || expression.kind === 'composite') {
      return (expression.evaluate as Evaluate)({ zoom }, feature as never) as T;
    }
    const key = zoom === this.zoom ? name : `${name} ${zoom}`;
    if (!this.#constants.has(key)) this.#constants.set(key, expression.evaluate({ zoom }));
    return this.#constants.get(key) as T;
  }

  /** Returns a layout property, evaluated at the tile's whole zoom. */
  layout<T>(name: string, feature?: StyledFeature): T {
    return this.value(name, feature, Math.floor(this.zoom));
  }

  isGiven(name: string): boolean {
    return this.#properties.has(name);
  }
}

/** Compiles every drawn property, with the specification's default where the style does not set it. */
function compileProperties(layer: LayerSpecification): Map<string, StylePropertyExpression> {
  const properties = new Map<string, StylePropertyExpression>();
  for (const group of ['layout', 'paint'] as const) {
    const specifications = specificationsOf(layer.type, group);
    const given = (layer[group] ?? {}) as Record<string, unknown>;
    for (const name of DRAWN[layer.type as LayerType][group]) {
      const specification = specifications[name] as StylePropertySpecification;
      const value = given[name] ?? specification.default;
      if (value === undefined) continue;
      properties.set(
        name,
        normalizePropertyExpression(value as never, `layers.${layer.id}.${group}.${name}`, specification),
      );
    }
  }
  return properties;
}

function specificationsOf(type: string, group: 'layout' | 'paint'): Record<string, StylePropertySpecification> {
  return (latest as unknown as Record<string, Record<string, StylePropertySpecification>>)[`${group}_${type}`] ?? {};
}

export function compileLayers(layers: readonly LayerSpecification[]): CompiledLayer[] {
  return layers.map((layer) => new CompiledLayer(layer));
}
