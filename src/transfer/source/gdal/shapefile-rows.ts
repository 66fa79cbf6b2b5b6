import type { SourceField, SourceRow } from '../row/source-row.ts';
import type { TextReader } from '../text/text-reader.ts';
import { type DbfField, DbfReader, dbfType, dbfValue } from './dbf.ts';
import { readSqlite, type SqliteTable } from './sqlite-rows.ts';

/** The values of a shapefile, from its .dbf, beside the geometries that GDAL reads. */
export interface ShapefileTable extends SqliteTable {
  /** Path of the .dbf. */
  readonly dbf: string;
}

/**
 * Returns the fields with types that hold the .dbf's content. Returns undefined if its columns differ from those that
 * GDAL found.
 */
export async function dbfFields(file: string, byGdal: readonly SourceField[]): Promise<SourceField[] | undefined> {
  const dbf = await DbfReader.open(file);
  await dbf.close();
  if (dbf.fields.length !== byGdal.length) return undefined;
  return byGdal.map(({ name, type }, index) => ({ name, type: dbfType(dbf.fields[index] as DbfField, type) }));
}

export async function* readShapefile(
  table: ShapefileTable,
  wanted: ReadonlySet<number>,
  text: TextReader,
): AsyncGenerator<SourceRow> {
  const dbf = await DbfReader.open(table.dbf);
  try {
    for await (const { number, key, shape } of readSqlite(table, new Set(), text)) {
      const record = await dbf.record(key);
      const values = table.fields.map(({ name }, index) => {
        const field = dbf.fields[index];
        const value = record && field && wanted.has(index) ? dbfValue(record, field) : null;
        return value === null ? null : text.read(value, name, true);
      });
      yield { number, shape, values };
    }
  } finally {
    await dbf.close();
  }
}
