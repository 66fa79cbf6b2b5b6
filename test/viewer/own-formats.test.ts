import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCsv, readDxf, readGeoJson, readShp } from '../../src/viewer/own-formats.ts';
import { readMember } from '../../src/viewer/zip.ts';

const shapes = (features: readonly GeoJSON.Feature[]) => features.map(({ geometry }) => geometry);

describe('GeoJSON', () => {
  const point = { type: 'Point', coordinates: [106, 11] } as const;
  it.each([
    ['a geometry', point],
    ['a feature', { type: 'Feature', properties: {}, geometry: point }],
    [
      'a collection',
      {
        type: 'FeatureCollection',
        features: [
          { type: 'Feature', properties: {}, geometry: null },
          { type: 'Feature', properties: {}, geometry: point },
        ],
      },
    ],
  ])('%s', (_, document) => {
    expect(shapes(readGeoJson(JSON.stringify(document)))).toEqual([point]);
  });
});

describe('CSV', () => {
  const place = (text: string) => readCsv(text).map(({ geometry }) => (geometry as GeoJSON.Point).coordinates);
  it.each<[string, string, number[][]]>([
    ['degrees', 'name,lon,lat\na,106.68,10.98', [[106.68, 10.98]]],
    ['Vietnamese headings, decimal commas', '\uFEFFTên;Kinh độ;Vĩ độ\r\na;106,68;10,98\r\n', [[106.68, 10.98]]],
    ['X north and Y east, as on an extract', 'X\tY\n1215609,5\t601347', [[601347, 1215609.5]]],
    ['x east and y north, as a GIS exports', 'x,y\n601347,1215609', [[601347, 1215609]]],
    ['quotes', 'name,lon,lat\n"a, ""b""",106,11\n,,\n', [[106, 11]]],
    ['no columns of coordinates', 'a,b\n1,2', []],
  ])('%s', (_, text, expected) => {
    expect(place(text)).toEqual(expected);
  });

  it('has every column as a property', () => {
    expect(readCsv('name,lon,lat\n"a, ""b""",106,11')[0]?.properties).toEqual({
      name: 'a, "b"',
      lon: '106',
      lat: '11',
    });
  });
});

describe('DXF', () => {
  const dxf = (...rows: (string | number)[]) => ['0', 'SECTION', '2', 'ENTITIES', ...rows, '0', 'ENDSEC'].join('\r\n');
  it.each<[string, string, GeoJSON.Geometry]>([
    [
      'a line',
      dxf(0, 'LINE', 8, 'ROAD', 10, 1, 20, 2, 11, 3, 21, 4),
      {
        type: 'LineString',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      'a closed polyline',
      dxf(0, 'LWPOLYLINE', 70, 1, 10, 0, 20, 0, 10, 5, 20, 0, 10, 5, 20, 5),
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [5, 0],
            [5, 5],
            [0, 0],
          ],
        ],
      },
    ],
    [
      'an old polyline',
      dxf(0, 'POLYLINE', 70, 0, 10, 0, 20, 0, 0, 'VERTEX', 10, 1, 20, 1, 0, 'VERTEX', 10, 2, 20, 3, 0, 'SEQEND'),
      {
        type: 'LineString',
        coordinates: [
          [1, 1],
          [2, 3],
        ],
      },
    ],
    ['a point', dxf(0, 'POINT', 10, 7, 20, 8), { type: 'Point', coordinates: [7, 8] }],
  ])('%s', (_, text, expected) => {
    expect(shapes(readDxf(text))).toEqual([expected]);
  });
});

/** Returns the bytes of a `.shp` file with one area: an outer ring and a hole. */
function areaWithHole(rings: readonly (readonly (readonly [number, number])[])[]): Uint8Array<ArrayBuffer> {
  const points = rings.flat();
  const length = 44 + rings.length * 4 + points.length * 16;
  const bytes = new Uint8Array(108 + length);
  const view = new DataView(bytes.buffer);
  view.setInt32(104, length / 2);
  view.setInt32(108, 5, true);
  view.setInt32(144, rings.length, true);
  view.setInt32(148, points.length, true);
  let start = 0;
  for (const [index, ring] of rings.entries()) {
    view.setInt32(152 + index * 4, start, true);
    start += ring.length;
  }
  for (const [index, [x, y]] of points.entries()) {
    view.setFloat64(152 + rings.length * 4 + index * 16, x, true);
    view.setFloat64(160 + rings.length * 4 + index * 16, y, true);
  }
  return bytes;
}

describe('a shapefile', () => {
  const clockwise = [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]] as const; // biome-ignore format: one line a ring
  const hole = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]] as const; // biome-ignore format: one line a ring
  const shp = areaWithHole([clockwise, hole, clockwise]);

  it('has holes in the area before them', () => {
    expect(shapes(readShp(shp))).toEqual([{ type: 'MultiPolygon', coordinates: [[clockwise, hole], [clockwise]] }]);
  });

  /** Returns an archive of one member. @param says its size by the directory */
  function zip(name: string, content: Uint8Array, says = content.length): ArrayBuffer {
    const packed = deflateRawSync(content);
    const bytes = Buffer.alloc(30 + name.length + packed.length + 46 + name.length + 22);
    bytes.write(name, 30);
    bytes.writeUInt16LE(name.length, 26);
    packed.copy(bytes, 30 + name.length);
    const at = 30 + name.length + packed.length;
    bytes.writeUInt32LE(0x02014b50, at);
    bytes.writeUInt16LE(8, at + 10);
    bytes.writeUInt32LE(packed.length, at + 20);
    bytes.writeUInt32LE(says, at + 24);
    bytes.writeUInt16LE(name.length, at + 28);
    bytes.write(name, at + 46);
    bytes.writeUInt32LE(0x06054b50, at + 46 + name.length);
    bytes.writeUInt16LE(1, at + 46 + name.length + 10);
    bytes.writeUInt32LE(at, at + 46 + name.length + 16);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  }

  it('is read out of a ZIP archive, which cannot fill the memory', async () => {
    expect(await readMember(zip('Thua/A.SHP', shp), '.shp')).toEqual(shp);
    expect(await readMember(zip('a.dbf', shp), '.shp')).toBeUndefined();
    await expect(readMember(zip('a.shp', shp, 10), '.shp')).rejects.toThrow(/larger/);
    await expect(readMember(zip('a.shp', shp, 2 ** 31), '.shp')).rejects.toThrow(/unpacked/);
    await expect(readMember(new ArrayBuffer(50), '.shp')).rejects.toThrow(/ZIP/);
  });
});
