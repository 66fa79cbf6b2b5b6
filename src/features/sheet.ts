import type { FieldType, Layer } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { type Language, Problem } from '../lib/errors.ts';
import { type CsvHeaders, headings } from './csv.ts';
import { cellsQuery, type ExportQuestion, hasIdCell } from './export-query.ts';

/** Rows of a layer as a sheet of a workbook, values in PostgreSQL's text form. */
export interface LayerSheet {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly type: FieldType }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

interface SheetOptions extends QueryOptions {
  readonly language: Language;
  /** Rows that a workbook can hold. */
  readonly room: number;
}

/**
 * Reads a layer as a sheet. Points have two columns; other geometries are left out.
 * @throws Problem too-much for more rows than there is room
 */
export async function readSheet(
  db: Database,
  layer: Layer,
  question: ExportQuestion,
  { language, room, ...options }: SheetOptions,
): Promise<LayerSheet> {
  const shown = { ...question, most: Math.min(question.most ?? room + 1, room + 1) };
  const { rows: source, ...sheet } = streamSheet(db, layer, shown, { headers: language, ...options });
  const rows: (readonly (string | null)[])[] = [];
  for await (const row of source) if (rows.push(row) > room) throw tooManyRows(room);
  return { ...sheet, rows };
}

/** A sheet whose rows are read one by one. */
interface StreamedLayerSheet extends Omit<LayerSheet, 'rows'> {
  readonly rows: AsyncIterable<readonly (string | null)[]>;
}

/** Returns a layer as a sheet of any number of rows. Points have two columns; other geometries are left out. */
export function streamSheet(
  db: Database,
  layer: Layer,
  question: ExportQuestion,
  { headers, ...options }: QueryOptions & { readonly headers: CsvHeaders },
): StreamedLayerSheet {
  const skipGeometry = question.skipGeometry || layer.geometry.type !== 'POINT';
  const shown = { ...question, skipGeometry };
  const { fields = layer.fields } = question;
  const before = hasIdCell(layer, fields) ? 1 : 0;
  const columns = headings(layer, { ...shown, headers }).map((title, index) => {
    if (index < before) return { title, type: 'string' as const };
    // Behind the fields are the coordinates.
    return { title, type: fields[index - before]?.type ?? ('number' as const) };
  });
  const title = layer.title[headers === 'en' ? 'en' : 'vi'];
  return { title, columns, rows: rowCells(db.stream(cellsQuery(layer, shown), options)) };
}

async function* rowCells(rows: AsyncIterable<{ readonly cells: readonly (string | null)[] }>) {
  for await (const { cells } of rows) yield cells;
}

/** Returns the problem of a result that is too large for a workbook. */
function tooManyRows(most: number): Problem {
  return new Problem('too-much', {
    vi: `Bảng tính của một kết quả chứa nhiều nhất ${most} dòng; hãy tải từng lớp của kết quả (/collections/…/items?f=xlsx, f=gpkg, f=csv), không có giới hạn.`,
    en: `The workbook of a result holds at most ${most} rows; take each layer of the result (/collections/…/items?f=xlsx, f=gpkg, f=csv), which has no limit.`,
  });
}
