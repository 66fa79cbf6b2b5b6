import type { ColumnChunk, RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Crs } from '../../geo/crs.ts';
import { projJsonOf } from '../../geo/projjson.ts';
import { GrowingWkbExtent, type WkbExtent } from '../../geo/wkb-extent.ts';
import { RenewedThread } from '../../lib/renewed-thread.ts';
import { startThread } from '../../lib/thread.ts';
import type { FileRow, FileTable } from './geopackage.ts';
import { PARQUET_MAGIC, writtenColumn } from './parquet-values.ts';
import type { RowGroupRequest, WrittenRowGroup } from './parquet-worker.ts';

/** Size of a group of rows, which is in memory as a whole. */
const GROUP = { rows: 20_000, characters: 16_000_000 };
const IDLE_MS = 5000;

const encoder = new RenewedThread<RowGroupRequest, WrittenRowGroup>({
  start: () => startThread('./parquet-worker', import.meta.url),
  name: 'the writer of GeoParquet',
  idleMs: IDLE_MS,
});

interface ParquetSource {
  readonly table: FileTable;
  /** CRS of the coordinates, x = east. */
  readonly crs: Crs;
  /** Geometries without M. */
  readonly rows: AsyncIterable<FileRow>;
}

/**
 * Yields a GeoParquet 1.1 file, group by group. A group is encoded once the previous was consumed, so memory does not
 * grow with the layer.
 * @throws as the rows
 */
export async function* writeGeoParquet({ table, crs, rows }: ParquetSource): AsyncGenerator<Uint8Array> {
  const schema = fileSchema(table);
  const extent = new GrowingWkbExtent();
  const groups: RowGroup[] = [];
  yield Buffer.from(PARQUET_MAGIC);
  let written = 0;
  for await (const group of rowGroups(rows)) {
    const { columns, geometry } = table;
    const answer = await encoder.ask({ table: { columns, geometry }, schema, rows: group });
    groups.push({
      ...answer.group,
      columns: answer.group.columns.map((column) => movedColumn(column, BigInt(written))),
    });
    extent.join(answer.extent);
    written += answer.bytes.length;
    yield answer.bytes;
  }
  yield fileEnd(schema, groups, geoMetadata(table, crs, extent.extent()));
}

/** Gathers rows to groups of bounded size. */
async function* rowGroups(rows: AsyncIterable<FileRow>): AsyncGenerator<FileRow[]> {
  let group: FileRow[] = [];
  let characters = 0;
  for await (const row of rows) {
    group.push(row);
    characters += row.cells.reduce((sum, cell) => sum + (cell?.length ?? 0), row.geometry?.length ?? 0);
    if (group.length < GROUP.rows && characters < GROUP.characters) continue;
    yield group;
    group = [];
    characters = 0;
  }
  if (group.length) yield group;
}

function fileSchema({ name, columns, geometry }: FileTable): SchemaElement[] {
  return [
    { name, num_children: columns.length + 1 },
    ...columns.map(
      (column): SchemaElement => ({
        ...writtenColumn(column).element,
        ...{ name: column.name, repetition_type: 'OPTIONAL' },
      }),
    ),
    { name: geometry.name, type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  ];
}

/** Moves the offsets of a column from the first group to its place in the file. */
function movedColumn(column: ColumnChunk, by: bigint): ColumnChunk {
  const { meta_data: data, file_offset: offset } = column;
  if (!data) throw new Error('a column without a description');
  const { data_page_offset: page, dictionary_page_offset: dictionary } = data;
  return {
    ...column,
    file_offset: offset && offset + by,
    meta_data: {
      ...data,
      data_page_offset: page + by,
      ...(dictionary === undefined ? {} : { dictionary_page_offset: dictionary + by }),
    },
  };
}

/** Returns the metadata of GeoParquet 1.1.0 (https://geoparquet.org/releases/v1.1.0). */
function geoMetadata({ geometry: { name } }: FileTable, crs: Crs, { types, bbox }: WkbExtent): object {
  const column = { encoding: 'WKB', geometry_types: types, crs: projJsonOf(crs), ...(bbox && { bbox }) };
  return { version: '1.1.0', primary_column: name, columns: { [name]: column } };
}

function fileEnd(schema: SchemaElement[], groups: RowGroup[], geo: object): Uint8Array {
  const writer = new ByteWriter();
  const kvMetadata = [{ key: 'geo', value: JSON.stringify(geo) }];
  const parquet = new ParquetWriter({ writer, schema, kvMetadata, createdBy: 'diaba' });
  parquet.row_groups = groups;
  parquet.num_rows = groups.reduce((sum, { num_rows: count }) => sum + count, 0n);
  parquet.finish();
  return writer.getBytes().subarray(PARQUET_MAGIC.length);
}
