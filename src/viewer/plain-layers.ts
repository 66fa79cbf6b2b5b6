import type { LayerSpecification, Map as MapView } from 'maplibre-gl';
import { type ListedLayer, serverUrl } from './api.ts';
import { BELOW_SHAPES } from './layer-state.ts';

/** Colours of layers without a style, dark enough for lines on a light map. */
const COLOURS = ['#4a6fa5', '#8e5a9b', '#2f7d6d', '#a0522d', '#5b6d1f', '#9b3d5c'] as const;

/** Returns the same colour for the same layer on every screen. */
export function plainColour(id: string): string {
  const sum = [...id].reduce((all, letter) => (all * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

/** Colour, opacity of areas, and width of lines in pixels. */
export interface PlainLook {
  readonly colour: string;
  readonly fill: number;
  readonly width: number;
}

const PARTS = ['area', 'line', 'point'] as const;

/** Returns areas, lines and points of a layer in one colour. Its source has the same name as the layer. */
export function plainLayers(id: string, { colour, fill, width }: PlainLook): LayerSpecification[] {
  const shared = { source: id, 'source-layer': id };
  const isKind = (kind: string): ['==', ['geometry-type'], string] => ['==', ['geometry-type'], kind];
  return [
    {
      ...shared,
      id: `${id} area`,
      type: 'fill',
      filter: isKind('Polygon'),
      paint: { 'fill-color': colour, 'fill-opacity': fill },
    },
    {
      ...shared,
      id: `${id} line`,
      type: 'line',
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'line-color': colour, 'line-width': width },
    },
    {
      ...shared,
      id: `${id} point`,
      type: 'circle',
      filter: isKind('Point'),
      paint: { 'circle-color': colour, 'circle-radius': 5, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1 },
    },
  ];
}

/**
 * Adds a layer of the server that no style draws. Returns what draws it.
 * @param zooms those of its tiles; undefined: its TileJSON is read, which reads the extent of its rows
 */
export function addPlain(
  map: MapView,
  id: string,
  look: PlainLook,
  zooms?: ListedLayer['zooms'],
): LayerSpecification[] {
  const layers = plainLayers(id, look);
  const url = serverUrl(`/xyz/${encodeURIComponent(id)}`);
  map.addSource(id, {
    type: 'vector',
    ...(zooms
      ? { tiles: [`${url}/{z}/{x}/{y}.mvt`], minzoom: zooms.min, maxzoom: zooms.max }
      : { url: `${url}/tilejson.json` }),
  });
  for (const layer of layers) map.addLayer(layer, BELOW_SHAPES);
  return layers;
}

export function removePlain(map: MapView, id: string): void {
  for (const part of PARTS) if (map.getLayer(`${id} ${part}`)) map.removeLayer(`${id} ${part}`);
  if (map.getSource(id)) map.removeSource(id);
}
