import type { FieldType, Layer } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { type Language, Problem } from '../lib/errors.ts';
import { headings } from './csv.ts';
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
  const skipGeometry = question.skipGeometry || layer.geometry.type !== 'POINT';
  const shown = { ...question, skipGeometry, most: Math.min(question.most ?? room + 1, room + 1) };
  const rows: (readonly (string | null)[])[] = [];
  for await (const { cells } of db.stream<{ cells: (string | null)[] }>(cellsQuery(layer, shown), options)) {
    if (rows.push(cells) > room) throw tooManyRows(room);
  }
  const { fields = layer.fields } = question;
  const before = hasIdCell(layer, fields) ? 1 : 0;
  const columns = headings(layer, { ...shown, headers: language }).map((title, index) => {
    if (index < before) return { title, type: 'string' as const };
    // Behind the fields are the coordinates.
    return { title, type: fields[index - before]?.type ?? ('number' as const) };
  });
  return { title: layer.title[language], columns, rows };
}

/** Returns the problem of a file for an office that would be too large. */
export function tooManyRows(most: number): Problem {
  return new Problem('too-much', {
    vi: `Tệp XLSX hay DXF chứa nhiều nhất ${most} đối tượng; hãy lọc (bbox, filter), hoặc lấy GPKG hay CSV (f=gpkg, f=csv), không có giới hạn; tiến trình "export" ghi chúng ở nền.`,
    en: `An XLSX or DXF file holds at most ${most} features; narrow the question (bbox, filter), or take a GPKG or CSV (f=gpkg, f=csv), which have no limit; the process "export" writes them in the background.`,
  });
}
