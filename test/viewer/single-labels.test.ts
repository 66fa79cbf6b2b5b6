import type { LayerSpecification, Map as MapView } from 'maplibre-gl';
import { describe, expect, it } from 'vitest';
import { SingleLabels } from '../../src/viewer/single-labels.ts';

const square = (x: number, y: number, width: number, height: number) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
      [x, y],
    ],
  ],
});
const piece = (id: number, name: string, geometry: GeoJSON.Geometry) => ({ id, properties: { name }, geometry });

const LAYERS = [
  { id: 'below', type: 'fill', source: 'land', 'source-layer': 'zone' },
  {
    ...{ id: 'name', type: 'symbol', source: 'land', 'source-layer': 'zone', minzoom: 13 },
    ...{ filter: ['==', ['get', 'plan'], 'a'], metadata: { labels: 'once', group: 'plan' } },
    layout: { 'text-field': ['get', 'name'] },
  },
  { id: 'above', type: 'symbol', source: 'land', 'source-layer': 'zone' },
] as unknown as LayerSpecification[];

/** A map without pictures: its layers, its sources, and the pieces that its tiles have. */
class PlainMap {
  layers = [...LAYERS];
  visibility = 'none';
  zoom = 15;
  shown: GeoJSON.Feature[][] = [];
  pieces: ReturnType<typeof piece>[] = [];
  idle = (): void => {};
  on = (_: string, react: () => void) => {
    this.idle = react;
  };
  getStyle = () => ({ layers: this.layers });
  getLayoutProperty = () => this.visibility;
  getZoom = () => this.zoom;
  getBounds = () => ({ getWest: () => 0, getSouth: () => 0, getEast: () => 100, getNorth: () => 100 });
  querySourceFeatures = () => this.pieces;
  getSource = () => ({
    setData: async ({ features }: GeoJSON.FeatureCollection) => {
      this.shown.push(features);
    },
  });
  addSource = () => {};
  removeLayer = (id: string) => {
    this.layers = this.layers.filter((layer) => layer.id !== id);
  };
  addLayer = (layer: LayerSpecification, before: string) => {
    this.layers.splice(
      this.layers.findIndex(({ id }) => id === before),
      0,
      layer,
    );
  };
}

describe('labels once for an area', () => {
  const map = new PlainMap();
  const works: Promise<void>[] = [];
  new SingleLabels(map as unknown as MapView, LAYERS, async (work) => void works.push(work));

  it('replace the layer at its place, hidden as it was, with the tiles of its areas named', () => {
    expect(map.layers.map(({ id }) => id)).toEqual(['below', 'name', 'above']);
    expect(map.layers[1]).toEqual({
      ...{ id: 'name', type: 'symbol', source: 'once name', minzoom: 13 },
      metadata: { labels: 'once', group: 'plan', from: { source: 'land', sourceLayer: 'zone' } },
      layout: { 'text-field': ['get', 'name'], visibility: 'none' },
    });
  });

  it('are none while the layer is hidden, or the map too far away', () => {
    map.pieces = [piece(7, 'a', square(0, 0, 10, 10))];
    map.idle();
    map.visibility = 'visible';
    map.zoom = 12;
    map.idle();
    expect(map.shown).toEqual([]);
  });

  it('stand in the widest piece that is seen, and are set again only when they change', () => {
    map.zoom = 13;
    map.pieces = [
      piece(7, 'a', square(0, 0, 10, 10)),
      piece(7, 'a', square(10, 0, 30, 10)),
      piece(7, 'a', square(200, 0, 90, 10)),
      piece(5, 'b', square(0, 50, 4, 4)),
    ];
    map.idle();
    map.idle();
    expect([map.shown.length, works.length]).toEqual([1, 1]);
    expect(map.shown[0]).toEqual([
      { type: 'Feature', id: 5, properties: { name: 'b' }, geometry: { type: 'Point', coordinates: [2, 52] } },
      { type: 'Feature', id: 7, properties: { name: 'a' }, geometry: { type: 'Point', coordinates: [25, 5] } },
    ]);
    map.pieces = [];
    map.idle();
    expect(map.shown[1]).toEqual([]);
  });

  it('stand at the same place in whatever order tiles arrive', () => {
    const equal = [square(20, 0, 9, 9), square(10, 40, 9, 9), square(10, 20, 9, 9)].map((each) => piece(1, 'a', each));
    for (const pieces of [equal, equal.toReversed()]) {
      map.pieces = [];
      map.idle();
      map.pieces = pieces;
      map.idle();
      expect(map.shown.at(-1)?.map(({ geometry }) => geometry)).toEqual([{ type: 'Point', coordinates: [14.5, 24.5] }]);
    }
  });
});
