import type { Field, Layer } from '../../catalog/layer.ts';
import { fieldNamed } from '../../catalog/names.ts';
import type { Database } from '../../database/database.ts';
import type { CsvHeaders } from '../../features/csv.ts';
import { drawnQuery, type ExportQuestion } from '../../features/export-query.ts';
import { streamSheet } from '../../features/sheet.ts';
import { invalidParameter } from '../../lib/errors.ts';
import { writeDrawing } from '../office/drawing.ts';
import type { DrawnFeature } from '../office/office-request.ts';
import { writeStreamedWorkbook } from '../office/streamed-workbook.ts';

interface OfficeSource {
  readonly layer: Layer;
  readonly question: ExportQuestion;
  readonly signal: AbortSignal;
}

/** Yields the features of a layer as a workbook. Points have two columns; other geometries are left out. */
export async function* writeLayerWorkbook(
  db: Database,
  { layer, question, headers, signal }: OfficeSource & { readonly headers: CsvHeaders },
): AsyncGenerator<Uint8Array> {
  yield* writeStreamedWorkbook(streamSheet(db, layer, question, { headers, signal, priority: 'background' }));
}

/**
 * Yields the features of a layer as a drawing in metres.
 * @param source `by`: the field whose values are layers of the drawing; absent: its land use or kind
 * @throws Problem invalid-parameter for an unknown field; too-much for too many layers
 */
export async function* writeLayerDrawing(
  db: Database,
  source: OfficeSource & { readonly by: string | undefined },
): AsyncGenerator<Uint8Array | string> {
  yield* writeDrawing(drawnFeatures(db, source, drawnBy(source.layer, source.by)));
}

async function* drawnFeatures(
  db: Database,
  { layer, question, signal }: OfficeSource,
  by: Field | undefined,
): AsyncGenerator<DrawnFeature> {
  const query = drawnQuery(layer, question, by);
  const options = { signal, priority: 'background' } as const;
  for await (const { name, geometry } of db.stream<{ name: string | null; geometry: string | null }>(query, options)) {
    if (geometry !== null) yield { layer: name ?? layer.table, geometry };
  }
}

/** Fields with a land use, or else a kind, that a drawing is layered by if no other is named. */
const CLASSES = ['main_use', 'land_use', 'use_code', 'use', 'zone_code', 'code', 'kind'];

/**
 * Returns the field whose values are layers of a drawing; undefined if all features are on one.
 * @throws Problem invalid-parameter for an unknown field
 */
export function drawnBy({ fields }: Layer, by: string | undefined): Field | undefined {
  if (by === undefined) return fields.find(({ name }) => CLASSES.includes(name));
  const field = fieldNamed(fields, by);
  if (field) return field;
  const known = fields.map(({ name }) => name).join(', ');
  throw invalidParameter('by', { vi: `một trường của lớp: ${known}`, en: `a field of the layer: ${known}` });
}
