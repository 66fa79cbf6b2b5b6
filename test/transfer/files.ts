/** Small files made byte by byte, as survey software writes them. */

/** A closed ring of a square, its lower left corner at (x, y). */
export function square(x: number, y: number, side: number): number[][] {
  return [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ];
}

export function polygonFeature(ring: number[][], properties: Record<string, unknown>) {
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
}

/** A .shp of `count` points at one place. ESRI Shapefile Technical Description, July 1998. */
export function pointShp(count: number, x: number, y: number): Buffer {
  const file = Buffer.alloc(100 + 28 * count);
  file.writeInt32BE(9994, 0);
  file.writeInt32BE(file.length / 2, 24);
  file.writeInt32LE(1000, 28);
  file.writeInt32LE(1, 32);
  for (const [index, value] of [x, y, x, y].entries()) file.writeDoubleLE(value, 36 + index * 8);
  for (let index = 0; index < count; index++) {
    const start = 100 + 28 * index;
    file.writeInt32BE(index + 1, start);
    file.writeInt32BE(10, start + 4);
    file.writeInt32LE(1, start + 8);
    file.writeDoubleLE(x, start + 12);
    file.writeDoubleLE(y, start + 20);
  }
  return file;
}

/** A .dbf with one row of one text field, which does not say its encoding. */
export function dbf(field: string, text: Buffer): Buffer {
  const header = Buffer.alloc(65);
  header.set([3, 126, 1, 31]);
  header.writeInt32LE(1, 4);
  header.writeInt16LE(65, 8);
  header.writeInt16LE(51, 10);
  header.write(field, 32, 'ascii');
  header.write('C', 43, 'ascii');
  header[48] = 50;
  header[64] = 0x0d;
  return Buffer.concat([header, Buffer.from(' '), text, Buffer.alloc(50 - text.length, ' '), Buffer.from([0x1a])]);
}
