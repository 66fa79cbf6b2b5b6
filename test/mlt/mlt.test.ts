import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import { decodeTile } from '@maplibre/mlt';
import { PbfReader, PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import { encodeFeatures, type TileFeature } from '../../src/geo/mvt.ts';
import { mltFromMvt } from '../../src/mlt/mlt.ts';
import { decodeMlt, type MltFeature } from '../tiles/decode-mlt.ts';

type Geometry = NonNullable<TileFeature['geometry']>;
type Properties = TileFeature['properties'];

const SQUARE = (x: number, y: number, side = 10) => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];
/** The same square, turned like a hole. */
const HOLE = (x: number, y: number, side = 4) => SQUARE(x, y, side).reverse();

const GEOMETRIES: Readonly<Record<string, Geometry>> = {
  point: { type: 'Point', coordinates: [5, -7] },
  points: {
    type: 'MultiPoint',
    coordinates: [
      [1, 2],
      [3, 4],
      [1, 2],
    ],
  },
  line: {
    type: 'LineString',
    coordinates: [
      [0, 0],
      [4096, 4096],
      [-80, 4176],
    ],
  },
  lines: {
    type: 'MultiLineString',
    coordinates: [
      [
        [0, 0],
        [5, 5],
      ],
      [
        [9, 9],
        [8, 7],
        [6, 5],
      ],
    ],
  },
  polygon: { type: 'Polygon', coordinates: [SQUARE(0, 0)] },
  holed: { type: 'Polygon', coordinates: [SQUARE(0, 0, 40), HOLE(5, 5), HOLE(20, 20)] },
  polygons: { type: 'MultiPolygon', coordinates: [[SQUARE(0, 0)], [SQUARE(100, 100, 30), HOLE(110, 110)]] },
};

function feature(geometry: Geometry, properties: Properties = {}, id?: number): TileFeature {
  return { type: 'Feature', geometry, properties, ...(id === undefined ? {} : { id }) };
}

function mvtOf(features: readonly TileFeature[], name = 'layer'): Uint8Array {
  return encodeFeatures([{ name, features }]) as Uint8Array;
}

/** Returns what readers of MVT see. */
function readMvt(tile: Uint8Array): Record<string, MltFeature[]> {
  const { layers } = new VectorTile(new PbfReader(tile));
  return Object.fromEntries(
    Object.entries(layers).map(([name, layer]) => {
      const features = Array.from({ length: layer.length }, (_, index) => layer.feature(index));
      return [name, features.map(readFeature)];
    }),
  );
}

function readFeature(feature: VectorTileFeature): MltFeature {
  const paths = feature.loadGeometry().map((path) => path.map(({ x, y }) => [x, y] as const));
  return { id: feature.id, properties: { ...feature.properties }, paths };
}

/** Returns an MVT tile of a point whose one property has the given bytes of a value. */
function mvtWithValue(value: Uint8Array): Uint8Array {
  const point = new PbfWriter();
  point.writePackedVarint(2, [0, 0]);
  point.writeVarintField(3, 1);
  point.writePackedVarint(4, [9, 50, 34]);
  const layer = new PbfWriter();
  layer.writeVarintField(15, 2);
  layer.writeStringField(1, 'layer');
  layer.writeBytesField(2, point.finish());
  layer.writeStringField(3, 'value');
  layer.writeBytesField(4, value);
  const tile = new PbfWriter();
  tile.writeBytesField(3, layer.finish());
  return tile.finish();
}

function encodedValue(write: (pbf: PbfWriter) => void): Uint8Array {
  const pbf = new PbfWriter();
  write(pbf);
  return pbf.finish();
}

/** A pseudo-random number from 0 to 1, the same in every run. */
function lottery(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

describe('a tile in MLT', () => {
  it.each(Object.entries(GEOMETRIES))('has the geometry of a %s, alone and among all others', (_, geometry) => {
    const all = [feature(geometry), ...Object.values(GEOMETRIES).map((each) => feature(each)), feature(geometry)];
    for (const features of [[feature(geometry)], [feature(geometry), feature(geometry)], all]) {
      const mvt = mvtOf(features);
      expect(decodeMlt(mltFromMvt(mvt))).toEqual(readMvt(mvt));
    }
  });

  it('has any mixture of geometries', () => {
    const names = Object.keys(GEOMETRIES);
    const draw = lottery(7);
    for (let round = 0; round < 200; round++) {
      const few = names.filter(() => draw() < 0.4);
      const features = Array.from({ length: 1 + Math.floor(draw() * 6) }, () => {
        const name = few[Math.floor(draw() * few.length)] ?? 'point';
        return feature(GEOMETRIES[name] as Geometry);
      });
      const mvt = mvtOf(features);
      expect(decodeMlt(mltFromMvt(mvt)), few.join()).toEqual(readMvt(mvt));
    }
  });

  it.each([
    ['polygon', 2, [1]],
    ['holed', 2, [3]],
    ['polygons', 5, [1, 2]],
  ])('has the rings of a geometry "%s" as those of its polygons', (name, type, rings) => {
    const [table] = decodeTile(mltFromMvt(mvtOf([feature(GEOMETRIES[name] as Geometry)])));
    expect(table?.getFeatures()[0]?.geometry.type).toBe(type);
    const ends = [...(table?.geometryVector.topologyVector?.partOffsets ?? [])];
    expect(ends.slice(1).map((end, index) => end - (ends[index] ?? 0))).toEqual(rings);
  });

  it.each<[string, (Properties[string] | undefined)[]]>([
    ['texts', ['Phú Lợi', '', 'Hiệp Thành', 'đường ĐT.743 𠮷']],
    ['texts that repeat', ['ODT', 'CLN', 'ODT', 'ODT', 'CLN', 'ODT', 'ODT', 'ODT']],
    ['texts that some lack', [undefined, 'ODT', undefined, 'ODT', 'ODT', 'ODT', undefined]],
    ['one text', ['ODT']],
    ['whole numbers', [0, 1, 300, 70_000, 4_294_967_295]],
    ['negative numbers', [-1, -2_147_483_648, 2_147_483_647, 5]],
    ['a sequence', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['a sequence that some lack', [undefined, 1, 2, 3, undefined, 4, 5, 6]],
    ['two sequences', [10, 11, 12, 13, 100, 101, 102, 103, 104]],
    ['steps', [7, 14, 21, 28, 35, 42, 7, 7, 7, 7, 14, 21]],
    ['one value', [9, 9, 9, 9, 9]],
    ['one value that some lack', [9, undefined, 9, 9, undefined]],
    ['large whole numbers', [9_007_199_254_740_991, -9_007_199_254_740_991, 5]],
    ['fractions', [0.5, -1.25, 3]],
    ['decimals', [0.1, 125.3, -7.25, 3]],
    ['decimals that some lack', [0.1, undefined, 125.3]],
    ['truths', [true, false, true, true, true, true, true, true, true, false]],
    ['truths that some lack', [undefined, true, undefined, false]],
  ])('has %s', (_, values) => {
    const properties = values.map((value) => (value === undefined ? {} : { value }) as Properties);
    const mvt = mvtOf(properties.map((each, index) => feature(GEOMETRIES.point as Geometry, each, index + 1)));
    expect(decodeMlt(mltFromMvt(mvt))).toEqual(readMvt(mvt));
  });

  it('has a column of several types as texts', () => {
    const mvt = mvtOf([1, 'a', true, 2.5].map((value) => feature(GEOMETRIES.point as Geometry, { value })));
    const values = decodeMlt(mltFromMvt(mvt)).layer?.map(({ properties }) => properties.value);
    expect(values).toEqual(['1', 'a', 'true', '2.5']);
  });

  it.each<[string, Uint8Array, unknown]>([
    ['int64', encodedValue((pbf) => pbf.writeVarintField(4, -5)), -5],
    ['uint64', encodedValue((pbf) => pbf.writeVarintField(5, 5)), 5],
    ['sint64', encodedValue((pbf) => pbf.writeSVarintField(6, -7)), -7],
    ['sint64 above zero', encodedValue((pbf) => pbf.writeSVarintField(6, 7)), 7],
    ['float', encodedValue((pbf) => pbf.writeFloatField(2, 0.1)), Math.fround(0.1)],
    ['double', encodedValue((pbf) => pbf.writeDoubleField(3, 0.1)), 0.1],
    // Ten bytes of a varint, which no double holds.
    ['uint64, the largest', Uint8Array.of(5 << 3, ...Array(9).fill(0xff), 1), '18446744073709551615'],
    ['sint64, the least', Uint8Array.of(6 << 3, ...Array(9).fill(0xff), 1), '-9223372036854775808'],
    ['int64, the least', Uint8Array.of(4 << 3, ...Array(9).fill(0x80), 1), '-9223372036854775808'],
  ])('has a value of the type %s', (_, value, expected) => {
    const [first] = decodeMlt(mltFromMvt(mvtWithValue(value))).layer ?? [];
    expect(first?.properties.value).toBe(expected);
  });

  it('has ids of any size, and none where there is none', () => {
    const ids = [[1, 2, 3], [7], [undefined, 5, undefined], [9_007_199_254_740_991, 1], [undefined, 4_294_967_296]];
    for (const list of ids) {
      const mvt = mvtOf(list.map((id) => feature(GEOMETRIES.point as Geometry, {}, id)));
      expect(decodeMlt(mltFromMvt(mvt)).layer?.map(({ id }) => id)).toEqual(list);
    }
  });

  it('has the extent and every layer, in order', () => {
    const point = GEOMETRIES.point as Geometry;
    const mvt = encodeFeatures([
      { name: 'b', features: [feature(point)] },
      { name: 'đất.thửa', features: [feature(point), feature(point)] },
    ]) as Uint8Array;
    expect(Object.entries(decodeMlt(mltFromMvt(mvt))).map(([name, { length }]) => [name, length])).toEqual([
      ['b', 1],
      ['đất.thửa', 2],
    ]);
  });

  it('writes the vertices of neighbours once', () => {
    const grid = Array.from({ length: 400 }, (_, index) =>
      feature({ type: 'Polygon', coordinates: [SQUARE((index % 20) * 10, Math.floor(index / 20) * 10)] }),
    );
    const mvt = mvtOf(grid);
    const mlt = mltFromMvt(mvt);
    expect(decodeMlt(mlt)).toEqual(readMvt(mvt));
    expect(mlt.length).toBeLessThan(mvt.length / 2);
  });
});
