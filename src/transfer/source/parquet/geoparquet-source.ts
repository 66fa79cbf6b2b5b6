import { type FileHandle, open } from 'node:fs/promises';
import { parse } from 'node:path';
import {
  type AsyncBuffer,
  type FileMetaData,
  type KeyValue,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { BBox } from '../../../geo/bbox.ts';
import { Problem, type Text } from '../../../lib/errors.ts';
import { unreadableFile } from '../../unreadable-file.ts';
import { cutFile } from '../files/cut-file.ts';
import { chooseLayer } from '../files/gather.ts';
import { sridOf } from '../row/source-crs.ts';
import type { Source, SourceOptions, SourceRow } from '../row/source-row.ts';
import { TextReader } from '../text/text-reader.ts';
import { openParquetColumn, PARQUET_PARSERS, type ParquetColumn } from './parquet-column.ts';

/** SRID of coordinates without a declared system (GeoParquet 1.1.0, "crs"; Parquet, "Geospatial"). */
const DEFAULT_SRID = 4326;

/** The parts of GeoParquet's metadata in use (version 1.1.0). */
interface GeoColumn {
  readonly encoding?: string;
  /** PROJJSON; null if unknown, absent for longitude and latitude of WGS 84. */
  readonly crs?: unknown;
  readonly bbox?: readonly number[];
  readonly covering?: { readonly bbox?: { readonly xmin?: readonly string[] } };
}
interface GeoMetadata {
  readonly primary_column?: string;
  readonly columns?: Readonly<Record<string, GeoColumn>>;
}

/** The column of the geometries. */
interface Geometry {
  readonly name: string;
  readonly srid: number | undefined;
  readonly extent: BBox | undefined;
  /** A column that repeats the boxes of the geometries. */
  readonly boxes: string | undefined;
}

/**
 * Opens GeoParquet, or Parquet with a column of type GEOMETRY. A group of rows is in memory at a time.
 * @throws Problem if the file is cut or no Parquet, or if it has no geometries as WKB
 */
export async function openGeoParquet(file: string, { encoding, changes }: SourceOptions): Promise<Source> {
  const metadata = await withBuffer(file, readMetadata);
  const geometry = findGeometry(metadata, file);
  const text = new TextReader(encoding === undefined ? undefined : { name: encoding, isGiven: true }, changes);
  const columns = parquetSchema(metadata)
    .children.filter(({ element: { name } }) => name !== geometry.name && name !== geometry.boxes)
    .map(openParquetColumn);
  return {
    ...{
      name: parse(file).name,
      featureCount: Number(metadata.num_rows),
      srid: geometry.srid,
      extent: geometry.extent,
    },
    ...{ text, fields: columns.map(({ field }) => field), notes: boxesNote(geometry.boxes) },
    rows: (wanted) => parquetRows({ file, metadata, geometry, columns }, wanted, text),
  };
}

function boxesNote(boxes: string | undefined): Text[] {
  if (boxes === undefined) return [];
  return [
    {
      vi: `Cột ${boxes} chỉ lặp lại khung bao của hình học: không đọc.`,
      en: `Column ${boxes} repeats the boxes of the geometries and was not read.`,
    },
  ];
}

async function withBuffer<T>(file: string, work: (buffer: AsyncBuffer) => Promise<T>): Promise<T> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return await work({ byteLength: size, slice: (start, end = size) => readSlice(handle, start, end) });
  } catch (error) {
    throw error instanceof Problem ? error : unreadableFile((error as Error).message);
  } finally {
    await handle.close();
  }
}

async function readSlice(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(new ArrayBuffer(end - start));
  await handle.read(bytes, 0, bytes.length, start);
  return bytes.buffer;
}

async function readMetadata(buffer: AsyncBuffer): Promise<FileMetaData> {
  const magic = async (start: number) => Buffer.from(await buffer.slice(start, start + 4)).toString('latin1');
  const isCut =
    buffer.byteLength >= 4 && (await magic(0)) === 'PAR1' && (await magic(buffer.byteLength - 4)) !== 'PAR1';
  if (isCut) throw cutFile({ size: buffer.byteLength, wanted: undefined });
  const metadata = await parquetMetadataAsync(buffer, { parsers: PARQUET_PARSERS });
  for (const element of metadata.schema) {
    // The reader converts decimals to doubles; without the type it gives their bytes.
    if (element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL') delete element.converted_type;
  }
  return metadata;
}

/** @throws Problem if there is no column of geometries, or one that is not WKB */
function findGeometry(metadata: FileMetaData, file: string): Geometry {
  const { schema, key_value_metadata: pairs = [] } = metadata;
  const geo = JSON.parse(metadataValue(pairs, 'geo') ?? '{}') as GeoMetadata;
  const marked = schema.filter(({ logical_type: type }) => type?.type === 'GEOMETRY' || type?.type === 'GEOGRAPHY');
  const foreign = Object.entries(geo.columns ?? {}).find(([, { encoding }]) => encoding !== 'WKB');
  if (!marked.length && foreign) throw notWkb(foreign[0], foreign[1].encoding ?? '');
  const primary =
    marked.find(({ name }) => name === geo.primary_column) ?? chooseLayer(marked.slice(0, 1), file, undefined);
  const described = geo.columns?.[primary.name];
  const type = primary.logical_type;
  const stated = type && 'crs' in type ? type.crs : undefined;
  return {
    name: primary.name,
    srid: described ? describedSrid(described) : statedSrid(stated, pairs),
    extent: parquetBox(described?.bbox),
    boxes: described?.covering?.bbox?.xmin?.[0],
  };
}

const metadataValue = (pairs: readonly KeyValue[], wanted: string) => pairs.find(({ key }) => key === wanted)?.value;

function describedSrid(column: GeoColumn): number | undefined {
  return 'crs' in column ? sridOf(column.crs ?? undefined) : DEFAULT_SRID;
}

/** Reads the system of Parquet's own type: `OGC:CRS84`, `EPSG:9210`, `srid:9210` or `projjson:key`. */
function statedSrid(stated: string | undefined, pairs: readonly KeyValue[]): number | undefined {
  if (stated === undefined || stated === '' || /CRS:?84$/i.test(stated)) return DEFAULT_SRID;
  const key = /^projjson:(.+)$/i.exec(stated)?.[1];
  if (key !== undefined) return sridOf(JSON.parse(metadataValue(pairs, key) ?? 'null') ?? undefined);
  return Number(/^(?:EPSG|srid):(\d+)$/i.exec(stated)?.[1]) || undefined;
}

/** Returns the box of two or three dimensions. */
function parquetBox(bbox: readonly number[] | undefined): BBox | undefined {
  const half = (bbox?.length ?? 0) / 2;
  const [minX, minY, maxX, maxY] = [bbox?.[0], bbox?.[1], bbox?.[half], bbox?.[half + 1]];
  if (minX === undefined || minY === undefined || maxX === undefined || maxY === undefined) return undefined;
  return Number.isFinite(minX + minY + maxX + maxY) && half >= 2 ? [minX, minY, maxX, maxY] : undefined;
}

function notWkb(column: string, encoding: string): Problem {
  return new Problem('unsupported-media-type', {
    vi: `Hình học ở cột "${column}" của tệp Parquet được mã hóa kiểu "${encoding}". Hãy xuất lại GeoParquet với hình học dạng WKB.`,
    en: `The geometries in column "${column}" of the Parquet file are encoded as "${encoding}". Export GeoParquet with geometries as WKB.`,
  });
}

interface OpenParquet {
  readonly file: string;
  readonly metadata: FileMetaData;
  readonly geometry: Geometry;
  readonly columns: readonly ParquetColumn[];
}

async function* parquetRows(
  { file, metadata, geometry, columns }: OpenParquet,
  wanted: ReadonlySet<number>,
  text: TextReader,
): AsyncGenerator<SourceRow> {
  const names = [geometry.name, ...columns.flatMap(({ name }, index) => (wanted.has(index) ? [name] : []))];
  let number = 0;
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const options = { metadata, columns: names, rowStart, rowEnd, compressors, utf8: false, parsers: PARQUET_PARSERS };
    const rows = await withBuffer(file, (buffer) => parquetReadObjects({ ...options, file: buffer }));
    rowStart = rowEnd;
    for (const row of rows) {
      const shape = row[geometry.name] as string | null | undefined;
      const values = columns.map(({ name, field, read }, index) => {
        const value: unknown = wanted.has(index) ? row[name] : null;
        return value === null || value === undefined ? null : text.read(read(value), field.name, false);
      });
      yield { number: ++number, shape: shape ?? null, values };
    }
  }
}
