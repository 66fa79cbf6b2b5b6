/** Small files written byte by byte, as survey software writes them. */

/** Returns a closed ring of a square, its lower left corner at (x, y). */
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

/** Returns a .shp of `count` points at one place. ESRI Shapefile Technical Description, July 1998. */
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

/** Returns the .shx of {@link pointShp} for these records, numbered from 0. */
export function pointShx(records: readonly number[]): Buffer {
  const file = Buffer.alloc(100 + 8 * records.length);
  file.writeInt32BE(9994, 0);
  file.writeInt32BE(file.length / 2, 24);
  file.writeInt32LE(1000, 28);
  file.writeInt32LE(1, 32);
  for (const [index, record] of records.entries()) {
    file.writeInt32BE((100 + 28 * record) / 2, 100 + 8 * index);
    file.writeInt32BE(10, 104 + 8 * index);
  }
  return file;
}

export interface DbfColumn {
  /** Characters are bytes. */
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly decimals?: number;
}

/** Returns a .dbf that does not declare its encoding; characters of the values are bytes. */
export function dbfTable(columns: readonly DbfColumn[], rows: readonly (readonly string[])[]): Buffer {
  const header = Buffer.alloc(33 + 32 * columns.length);
  const recordLength = columns.reduce((sum, { length }) => sum + length, 1);
  header.set([3, 126, 1, 31]);
  header.writeInt32LE(rows.length, 4);
  header.writeInt16LE(header.length, 8);
  header.writeInt16LE(recordLength, 10);
  for (const [index, { name, type, length, decimals = 0 }] of columns.entries()) {
    const start = 32 + 32 * index;
    header.write(name, start, 'latin1');
    header.write(type, start + 11, 'latin1');
    header.set([length, decimals], start + 16);
  }
  header[header.length - 1] = 0x0d;
  const records = rows.map((row) =>
    columns.map(({ type, length }, index) => {
      const value = row[index] ?? '';
      return type === 'N' ? value.padStart(length) : value.padEnd(length);
    }),
  );
  return Buffer.concat([
    header,
    Buffer.from(records.map((record) => ` ${record.join('')}`).join(''), 'latin1'),
    Buffer.from([0x1a]),
  ]);
}

/** Returns a .dbf with one row of one text field. */
export function dbf(field: string, text: Buffer): Buffer {
  return dbfTable([{ name: field, type: 'C', length: 50 }], [[text.toString('latin1')]]);
}

/** Returns text in windows-1258, which stores letters and tone marks apart. */
export function windows1258(text: string): Buffer {
  const decoder = new TextDecoder('windows-1258');
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  const encoded = [...text.normalize('NFC')].flatMap((letter) => {
    if (bytes.has(letter)) return [bytes.get(letter)];
    const apart = letter.normalize('NFD');
    const [tone = ''] = /[\u0300\u0301\u0303\u0309\u0323]/.exec(apart) ?? [];
    return [bytes.get(apart.replace(tone, '').normalize('NFC')), bytes.get(tone)];
  });
  return Buffer.from(encoded.map((byte) => byte ?? 0x3f));
}

/** Returns a compound file (MS-CFB) of 512-byte sectors with these entries and no content. */
export function compoundFile(names: readonly string[]): Buffer {
  const sectors = Math.max(1, Math.ceil(names.length / 4));
  const [header, table] = [Buffer.alloc(512), Buffer.alloc(512, 0xff)];
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(9, 30);
  // The directory is at sectors 1, 3, 5, …, so that its chain must be followed.
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(0, 76);
  const directory = Array.from({ length: sectors }, (_, index) => {
    const isLast = index === sectors - 1;
    table.writeUInt32LE(isLast ? 0xfffffffe : 2 * index + 3, 4 * (2 * index + 1));
    const entries = Buffer.alloc(512);
    names.slice(4 * index, 4 * index + 4).forEach((name, at) => {
      entries.write(name, 128 * at, 'utf16le');
      entries.writeUInt16LE(2 * name.length + 2, 128 * at + 64);
    });
    return [entries, Buffer.alloc(512)];
  });
  return Buffer.concat([header, table, ...directory.flat()]);
}
