/** The thread in which groups of rows become Parquet: a group of 20 000 parcels takes some 0.3 s. */
import type { RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { GrowingWkbExtent, type WkbExtent } from '../../geo/wkb-extent.ts';
import { answerQuestions } from '../../lib/thread-answers.ts';
import type { FileRow, FileTable } from './geopackage.ts';
import { PARQUET_MAGIC, type WrittenElement, writtenColumn } from './parquet-values.ts';

export interface RowGroupRequest {
  readonly table: Pick<FileTable, 'columns' | 'geometry'>;
  readonly schema: SchemaElement[];
  readonly rows: readonly FileRow[];
}

/** A group of rows. */
export interface WrittenRowGroup {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its description, with offsets as of the first group of a file. */
  readonly group: RowGroup;
  readonly extent: WkbExtent;
}

answerQuestions(writeGroup, ({ bytes }) => [bytes.buffer]);

function writeGroup({ table, schema, rows }: RowGroupRequest): WrittenRowGroup {
  const extent = new GrowingWkbExtent();
  const columns = table.columns.map((column, index) => {
    const { element, write } = writtenColumn(column);
    const data = rows.map(({ cells }) => (typeof cells[index] === 'string' ? write(cells[index]) : null));
    return { name: column.name, data, statistics: hasBounds(element), offsetIndex: false };
  });
  const shapes = rows.map(({ geometry }) => {
    if (geometry === null) return null;
    const wkb = Buffer.from(geometry, 'hex');
    extent.add(wkb);
    return new Uint8Array(wkb);
  });
  const geometry = { name: table.geometry.name, data: shapes, statistics: false, offsetIndex: false };
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema });
  parquet.write({ columnData: [...columns, geometry], rowGroupSize: rows.length });
  const [group] = parquet.row_groups;
  if (!group) throw new Error('a group without rows');
  return { bytes: new Uint8Array(writer.getBuffer().slice(PARQUET_MAGIC.length)), group, extent: extent.extent() };
}

/** The least and the greatest of bytes that are no text say nothing. */
function hasBounds({ type, converted_type: converted }: WrittenElement): boolean {
  return type !== 'BYTE_ARRAY' || converted === 'UTF8';
}
