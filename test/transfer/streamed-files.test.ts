/** Files that are written in pieces, without a database. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../src/lib/zip.ts';
import { writeDrawing } from '../../src/transfer/office/drawing.ts';
import { writeStreamedWorkbook } from '../../src/transfer/office/streamed-workbook.ts';
import { AppendedFile, recordsOf } from '../../src/transfer/shapefile/appended-file.ts';
import type { ShapefileSource } from '../../src/transfer/shapefile/archive.ts';
import { writeShapefile } from '../../src/transfer/shapefile/shapefile.ts';
import { readDrawing, readWorkbook } from '../results/office.ts';
import { temporaryFolder } from './temporary-files.ts';

const folder = temporaryFolder('streamed-files');

async function bytesIn(chunks: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all);
}

async function* counted<T>(count: number, item: (index: number) => T, onEnd = () => {}): AsyncGenerator<T> {
  try {
    for (let index = 0; index < count; index++) yield item(index);
  } finally {
    onEnd();
  }
}

describe('a zip', () => {
  it('holds texts and bytes of any size, which other programs check', async () => {
    const large = counted(3000, (index) => `${index} ${'đ'.repeat(100)}\n`);
    const entries = [
      { name: 'large.txt', content: large },
      { name: 'mục.bin', content: [Uint8Array.of(0, 255), Uint8Array.of(7)] },
      { name: 'empty', content: [] },
    ];
    const body = await bytesIn(zipOf(entries));
    const files = unzipSync(body);
    expect(Object.keys(files)).toEqual(['large.txt', 'mục.bin', 'empty']);
    const lines = Buffer.from(files['large.txt'] ?? [])
      .toString()
      .split('\n');
    expect([lines.length, lines[2999]]).toEqual([3001, `2999 ${'đ'.repeat(100)}`]);
    expect([...(files['mục.bin'] ?? [])]).toEqual([0, 255, 7]);
    const path = join(folder, 'checked.zip');
    writeFileSync(path, body);
    // Python compares the checksums and sizes.
    const check = 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).testzip())';
    expect(spawnSync('python3', ['-c', check, path], { encoding: 'utf8' }).stdout.trim()).toBe('None');
  });

  it('fails as its contents, and ends their reading when nobody takes it', async () => {
    const failing = async function* () {
      yield 'a';
      throw new Error('no more rows');
    };
    await expect(bytesIn(zipOf([{ name: 'a', content: failing() }]))).rejects.toThrow('no more rows');
    let hasEnded = false;
    const endless = counted(
      Infinity,
      () => Buffer.from(Array.from({ length: 5000 }, () => Math.random() * 256)),
      () => {
        hasEnded = true;
      },
    );
    for await (const _ of zipOf([{ name: 'a', content: endless }])) break;
    await expect.poll(() => hasEnded).toBe(true);
  });
});

describe('a workbook in pieces', () => {
  const columns = [
    { title: 'Số', type: 'integer' },
    { title: 'Tên', type: 'string' },
    { title: 'Ngày', type: 'date' },
  ] as const;
  const sheetOf = (count: number, most?: number) =>
    writeStreamedWorkbook({
      title: 'Thửa đất',
      columns,
      rows: counted(count, (index) => [String(index), ` <${index}> _x0041_`, '2026-01-31']),
      ...(most === undefined ? {} : { most }),
    });

  it.each([
    [0, [0]],
    [3, [3]],
    [4, [3, 1]],
    [6, [3, 3]],
    [7, [3, 3, 1]],
  ])('has further sheets beyond the limit of one: %s rows', async (count, wanted) => {
    const sheets = readWorkbook(await bytesIn(sheetOf(count, 3)));
    expect(sheets.map(({ rows }) => rows.length - 1)).toEqual(wanted);
    expect(sheets.map(({ name }) => name)).toEqual(
      ['Thửa đất', 'Thửa đất (2)', 'Thửa đất (3)'].slice(0, wanted.length),
    );
    for (const { rows } of sheets) expect(rows[0]).toEqual({ A: 'Số', B: 'Tên', C: 'Ngày' });
    expect(sheets.flatMap(({ rows }) => rows.slice(1)).map(({ A }) => A)).toEqual(
      Array.from({ length: count }, (_, index) => index),
    );
  });

  it('has the cells and styles of the library, over several portions of rows', async () => {
    const [sheet] = readWorkbook(await bytesIn(sheetOf(4500)));
    expect(sheet?.rows).toHaveLength(4501);
    const day = Date.parse('2026-01-31T00:00:00Z') / 86_400_000 + 25_569;
    expect(sheet?.rows[4500]).toEqual({ A: 4499, B: ' <4499> _x005F_x0041_', C: day });
    expect(sheet?.formats.C4501).toBe('dd/mm/yyyy');
  });
});

describe('a drawing in pieces', () => {
  const pointOn = (layer: string, x: number) => ({ layer, geometry: `{"type":"Point","coordinates":[${x},2.5]}` });

  it('has distinct handles below the next one, and layers for its entities', async () => {
    const text = (
      await bytesIn(writeDrawing(counted(1200, (index) => pointOn(['a', 'A', '0'][index % 3] ?? '', index))))
    ).toString();
    const { layers } = readDrawing(text);
    expect(layers).toEqual(expect.arrayContaining(['0', 'a', 'A_2', '0_2']));
    const tags = text.split('\n');
    const values = (code: string) =>
      tags.flatMap((tag, at) => (at % 2 === 0 && tag === code ? [tags[at + 1] ?? ''] : []));
    const handles = values('5').map((handle) => Number.parseInt(handle, 16));
    const next = Number.parseInt(/\$HANDSEED\n5\n([0-9A-F]+)/.exec(text)?.[1] ?? '', 16);
    // The first is that of the header.
    expect(new Set(handles).size).toBe(handles.length);
    expect(Math.max(...handles)).toBe(next);
    expect(values('0').filter((type) => type === 'POINT')).toHaveLength(1200);
    expect(values('10').slice(-1200)).toEqual(Array.from({ length: 1200 }, (_, index) => String(index)));
  });

  it('is a whole drawing without entities, and refuses too many layers', async () => {
    expect((await bytesIn(writeDrawing(counted(0, () => pointOn('a', 1))))).toString()).toMatch(
      /ENTITIES\n0\nENDSEC\n[\s\S]*EOF$/,
    );
    const many = counted(10_001, (index) => pointOn(String(index + 1), 1));
    await expect(bytesIn(writeDrawing(many))).rejects.toMatchObject({ type: 'too-much' });
  });
});

describe('a shapefile on disk', () => {
  const source: ShapefileSource = {
    name: 'points',
    title: { vi: 'Điểm', en: 'Points' },
    attribution: { vi: '', en: '' },
    fields: [
      {
        ...{ name: 'note', type: 'string', sqlType: 'text', baseType: 'text', nullable: true, personal: false },
        title: { vi: 'Ghi chú', en: 'Note' },
      },
    ],
    kind: 'point',
    system: 'EPSG:9210',
    projection: undefined,
  };
  const zipped = async (rows: AsyncIterable<{ geometry: string | null; cells: (string | null)[] }>) =>
    unzipSync(await bytesIn(writeShapefile(source, { rows, rowEstimate: 1, signal: new AbortController().signal })));

  it('has points where each feature has one, and lists of points otherwise', async () => {
    const single = (index: number) => ({
      geometry: index === 1 ? null : `{"type":"Point","coordinates":[${index},${index + 0.5}]}`,
      cells: ['x'.repeat(index + 1)],
    });
    const files = await zipped(counted(3, single));
    const shp = Buffer.from(files['points.shp'] ?? []);
    expect([shp.readInt32LE(32), shp.length, shp.readInt32BE(24) * 2]).toEqual([1, 100 + 28 + 12 + 28, 168]);
    expect([shp.readDoubleLE(100 + 28 + 12 + 12), shp.readDoubleLE(100 + 28 + 12 + 20)]).toEqual([2, 2.5]);
    const shx = Buffer.from(files['points.shx'] ?? []);
    expect([shx.length, shx.readInt32BE(116) * 2, shx.readInt32BE(120) * 2]).toEqual([124, 140, 20]);
    const dbf = Buffer.from(files['points.dbf'] ?? []).toString('latin1');
    expect(dbf.slice(-13)).toBe(' x   xx  xxx\u001a');
    const many = { geometry: '{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}', cells: [null] };
    const lists = Buffer.from(
      (await zipped(counted(4, (index) => (index < 3 ? single(index) : many))))['points.shp'] ?? [],
    );
    expect([lists.readInt32LE(32), lists.length]).toEqual([8, 100 + 64 + 12 + 64 + 80]);
  });

  it('reads records across the portions of its files', () => {
    const file = new AppendedFile(join(folder, 'records'));
    const records = Array.from({ length: 3000 }, (_, index) => Buffer.alloc(700 + (index % 5), index % 250));
    for (const record of records) {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(4 + record.length);
      file.append(length);
      file.append(record);
    }
    const lengthOf = (bytes: Buffer) => (bytes.length < 4 ? undefined : bytes.readUInt32LE());
    let at = 0;
    for (const record of recordsOf(file, lengthOf))
      expect(record.subarray(4).equals(records[at++] ?? Buffer.of())).toBe(true);
    expect(at).toBe(3000);
    file.close();
  });
});
