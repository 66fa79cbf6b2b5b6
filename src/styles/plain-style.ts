import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Layer } from '../catalog/layer.ts';
import type { Sheet } from './sheet.ts';

const COLOUR = '#4a6fa5';

/** Returns a style for a layer that no style draws: areas, lines and points in one colour. */
export function plainStyle(layer: Layer): Sheet {
  const { id, title, geometry } = layer;
  const shared = { source: 'plain', 'source-layer': id, metadata: { group: 'plain', ...title } };
  const drawn = (name: string) => ({ ...shared, id: `${id} ${name}` });
  const geometryIs = (type: string) => ['==', ['geometry-type'], type];
  const layers = [
    {
      ...drawn('area'),
      type: 'fill',
      filter: geometryIs('Polygon'),
      paint: { 'fill-color': COLOUR, 'fill-opacity': 0.3 },
    },
    {
      ...drawn('line'),
      type: 'line',
      filter: ['!', geometryIs('Point')],
      paint: { 'line-color': COLOUR, 'line-width': 1.2 },
    },
    {
      ...drawn('point'),
      type: 'circle',
      filter: geometryIs('Point'),
      paint: { 'circle-color': COLOUR, 'circle-radius': 4, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1 },
    },
  ] as unknown as LayerSpecification[];
  const kinds = { point: ['circle'], line: ['line'], polygon: ['fill', 'line'], mixed: ['fill', 'line', 'circle'] };
  return {
    version: 8,
    metadata: { title, themes: [], groups: [{ id: 'plain', theme: '', ...title }] },
    sources: { plain: { type: 'vector', url: `/xyz/${encodeURIComponent(id)}/tilejson.json` } },
    layers: layers.filter(({ type }) => kinds[geometry.dimension].includes(type)),
  };
}
