import type { GeoJSONSource, LayerSpecification, Map as MapView, SymbolLayerSpecification } from 'maplibre-gl';
import { type Frame, type Interior, interiorOf } from './interior.ts';

type Rings = readonly (readonly (readonly [number, number])[])[];

/** The tiles that have the areas of a label, as `metadata.from` of its layer. */
export interface LabelOrigin {
  readonly source: string;
  readonly sourceLayer: string;
}

/** A label of areas: what the style has, and the GeoJSON source that replaces its tiles. */
interface Label {
  readonly layer: SymbolLayerSpecification & { readonly source: string; readonly 'source-layer': string };
  readonly own: string;
}

/**
 * Shows the label of an area once on the screen. Tiles cut an area into pieces, and a map labels each piece. Style layers
 * with `metadata.labels: "once"` get points instead: one a feature, in its widest visible piece.
 */
export class SingleLabels {
  readonly #map: MapView;
  readonly #during: (work: Promise<void>) => Promise<void>;
  readonly #labels: readonly Label[];
  readonly #shown = new Map<string, string>();

  /** @param during waits for what changes the picture */
  constructor(map: MapView, layers: readonly LayerSpecification[], during: (work: Promise<void>) => Promise<void>) {
    this.#map = map;
    this.#during = during;
    this.#labels = layers.filter(isOnce).map((layer) => ({ layer, own: `once ${layer.id}` }));
    for (const label of this.#labels) this.#replace(label);
    map.on('idle', () => {
      for (const label of this.#labels) this.#update(label);
    });
  }

  /** Draws the layer from a source of its own, at the same place among the others. */
  #replace({ layer, own }: Label): void {
    const { layers } = this.#map.getStyle();
    const above = layers[layers.findIndex(({ id }) => id === layer.id) + 1]?.id;
    const { 'source-layer': sourceLayer, filter: _, source, ...rest } = layer;
    const from: LabelOrigin = { source, sourceLayer };
    const metadata = { ...(rest.metadata as object), from };
    const visibility = this.#map.getLayoutProperty(layer.id, 'visibility') ?? 'visible';
    this.#map.removeLayer(layer.id);
    this.#map.addSource(own, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
    this.#map.addLayer({ ...rest, metadata, source: own, layout: { ...rest.layout, visibility } }, above);
  }

  #update({ layer, own }: Label): void {
    const isShown = this.#map.getLayoutProperty(layer.id, 'visibility') !== 'none';
    const features = isShown && this.#map.getZoom() >= (layer.minzoom ?? 0) ? this.#points(layer) : [];
    const state = JSON.stringify(features);
    // Setting the same points again would end in another idle, and so for ever.
    if (state === (this.#shown.get(own) ?? '[]')) return;
    this.#shown.set(own, state);
    const source = this.#map.getSource(own) as GeoJSONSource | undefined;
    if (source) void this.#during(source.setData({ type: 'FeatureCollection', features }));
  }

  #points({ source, 'source-layer': sourceLayer, filter }: Label['layer']): GeoJSON.Feature[] {
    const bounds = this.#map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const frame: Frame = { west, south, east, north };
    const widest = new Map<string, Interior & { feature: GeoJSON.Feature }>();
    const pieces = this.#map.querySourceFeatures(source, { sourceLayer, ...(filter && { filter }) });
    for (const { id, properties, geometry } of pieces) {
      for (const rings of polygonsOf(geometry)) {
        const found = interiorOf(rings, frame);
        const before = widest.get(String(id));
        if (!found || (before && !isBefore(found, before))) continue;
        const point = { type: 'Point' as const, coordinates: [...found.at] };
        widest.set(String(id), {
          ...found,
          feature: { type: 'Feature', ...(id !== undefined && { id }), properties: { ...properties }, geometry: point },
        });
      }
    }
    return [...widest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { feature }]) => feature);
  }
}

/** The wider place, or of equal ones the western and southern: the order in which tiles arrive must not move a label. */
function isBefore(one: Interior, other: Interior): boolean {
  const differences = [other.width - one.width, one.at[0] - other.at[0], one.at[1] - other.at[1]];
  return (differences.find((difference) => difference !== 0) ?? 0) < 0;
}

function isOnce(layer: LayerSpecification): layer is Label['layer'] {
  return layer.type === 'symbol' && (layer.metadata as { labels?: string } | undefined)?.labels === 'once';
}

function polygonsOf(geometry: GeoJSON.Geometry): Rings[] {
  if (geometry.type === 'Polygon') return [geometry.coordinates as unknown as Rings];
  if (geometry.type === 'MultiPolygon') return geometry.coordinates as unknown as Rings[];
  return [];
}
