import { open, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Problem, type Text } from '../../../lib/errors.ts';
import type { SourceFiles } from '../row/source-row.ts';
import { DbfReader } from './dbf.ts';
import { readIndex, type ShapeCount, walkShapes } from './shape-index.ts';

/** The parts of a shapefile that belong together. */
export interface ShapefileParts {
  /** Names of the files, without a .shx that is not of use. */
  readonly names: readonly string[];
  readonly notes: readonly Text[];
}

interface PartCounts {
  readonly shapes: ShapeCount;
  /** Entries of the .shx; undefined without one. */
  readonly indexed: number | undefined;
  /** Rows of the .dbf, by its header and by its size; undefined without one. */
  readonly records: { readonly declared: number; readonly present: number } | undefined;
}

/**
 * Compares the parts of a shapefile. GDAL reads as many rows as the shortest of them has, without a word.
 * A .shx that contradicts the others is removed, since it can be computed anew.
 * @throws Problem with the counts, if a part is cut or lacks rows of another
 */
export async function checkShapefile({ file, names }: SourceFiles): Promise<ShapefileParts> {
  const { dir, name } = parse(file);
  const pathOf = (extension: string) => (names.includes(name + extension) ? join(dir, name + extension) : undefined);
  const [shx, dbf] = [pathOf('.shx'), pathOf('.dbf')];
  const records = dbf === undefined ? undefined : await countRecords(dbf);
  const { shapes, indexed, isIndexed, notes } = await countShapes(file, shx, records?.declared);
  if (shapes.isCut || (records && records.present < records.declared)) throw partsDiffer({ shapes, indexed, records });
  // Some programs leave the count in the header as it was.
  const isStale = records !== undefined && records.declared !== shapes.count && records.present === shapes.count;
  if (records && !isStale && records.declared !== shapes.count) throw partsDiffer({ shapes, indexed, records });
  if (dbf && isStale) await writeRecordCount(dbf, shapes.count);
  const isUseless = shx !== undefined && !isIndexed;
  if (isUseless) await rm(shx);
  return {
    names: isUseless ? names.filter((each) => each !== `${name}.shx`) : names,
    notes: [
      ...notes,
      ...(isUseless ? [rebuiltIndex(indexed ?? 0, shapes.count)] : []),
      ...(dbf ? (isStale ? [staleCount(records?.declared ?? 0, shapes.count)] : []) : [noDbf(shapes.count)]),
    ],
  };
}

/**
 * PartCounts the shapes that are in use: those in the .shx if it fits the .shp, else all.
 * @param wanted rows of the .dbf, which decide if the .shx lists fewer shapes than there are
 */
async function countShapes(shp: string, shx: string | undefined, wanted: number | undefined) {
  const handle = await open(shp);
  try {
    const { size } = await handle.stat();
    const index = shx === undefined ? undefined : await readIndex(shx);
    const indexed = index?.starts.length;
    // Entries one after another up to the end of the file leave nothing that a walk would find.
    if (index?.isGapless && index.end === size)
      return { shapes: { count: index.starts.length, isCut: false }, indexed, isIndexed: true, notes: [] };
    const walk = await walkShapes(handle, size);
    const isShort = wanted === walk.starts.size && wanted !== indexed;
    const isIndexed = !!index && !walk.isCut && !isShort && index.starts.every((start) => walk.starts.has(start));
    const count = isIndexed ? index.starts.length : walk.starts.size;
    const notes = isIndexed && count < walk.starts.size ? [deletedShapes(walk.starts.size - count)] : [];
    return { shapes: { count, isCut: walk.isCut }, indexed, isIndexed, notes };
  } finally {
    await handle.close();
  }
}

/** @throws Problem if the header is no header of a .dbf */
async function countRecords(dbf: string): Promise<NonNullable<PartCounts['records']>> {
  const reader = await DbfReader.open(dbf);
  try {
    return await reader.count();
  } finally {
    await reader.close();
  }
}

/** Writes the number of rows to the header of a copy, since GDAL reads no row beyond it. */
async function writeRecordCount(dbf: string, count: number): Promise<void> {
  const handle = await open(dbf, 'r+');
  try {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(count);
    await handle.write(bytes, 0, 4, 4);
  } finally {
    await handle.close();
  }
}

function partsDiffer({ shapes, indexed, records }: PartCounts): Problem {
  const isCut = records !== undefined && records.present < records.declared;
  const vi = [
    `.shp có ${shapes.count} hình${shapes.isCut ? ' rồi bị cắt' : ''}`,
    ...(indexed === undefined ? [] : [`.shx ghi ${indexed} hình`]),
    ...(records ? [`.dbf có ${isCut ? `${records.present} trên ${records.declared}` : records.declared} dòng`] : []),
  ];
  const en = [
    `the .shp has ${shapes.count} shapes${shapes.isCut ? ' and is then cut' : ''}`,
    ...(indexed === undefined ? [] : [`the .shx lists ${indexed}`]),
    ...(records ? [`the .dbf has ${isCut ? `${records.present} of ${records.declared}` : records.declared} rows`] : []),
  ];
  return new Problem('invalid-body', {
    vi: `Các tệp của shapefile không khớp nhau: ${vi.join(', ')}. Hãy chép lại đủ các tệp từ bản gốc, hoặc mở bằng QGIS, kiểm tra rồi xuất lại.`,
    en: `The files of the shapefile do not belong together: ${en.join(', ')}. Copy all of them again from the original, or open it in QGIS, check it and export it again.`,
  });
}

function rebuiltIndex(indexed: number, count: number): Text {
  return {
    vi: `Tệp .shx (${indexed} hình) không khớp với .shp (${count} hình) nên không dùng; chỉ mục được lập lại từ .shp.`,
    en: `The .shx (${indexed} shapes) contradicts the .shp (${count} shapes) and was not used; the index comes from the .shp.`,
  };
}

function deletedShapes(count: number): Text {
  return {
    vi: `${count} hình còn trong .shp nhưng đã bị xóa khỏi chỉ mục .shx: không nhập.`,
    en: `${count} shapes are in the .shp still, but deleted from its index .shx: not imported.`,
  };
}

function staleCount(declared: number, count: number): Text {
  return {
    vi: `Đầu tệp .dbf ghi ${declared} dòng; tệp có ${count} dòng, đúng bằng số hình: đã đọc đủ.`,
    en: `The header of the .dbf says ${declared} rows; it has ${count}, one for each shape: all were read.`,
  };
}

function noDbf(count: number): Text {
  return {
    vi: `Không có tệp .dbf: ${count} hình được đọc không có thuộc tính nào.`,
    en: `There is no .dbf: ${count} shapes were read without any attribute.`,
  };
}
