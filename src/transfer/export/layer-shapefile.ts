import type { Field, Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import { freeName } from '../../features/column-names.ts';
import { type ExportQuestion, hasIdCell, type PlacemarkRow, placemarksQuery } from '../../features/export-query.ts';
import type { Text } from '../../lib/errors.ts';
import { textField } from '../shapefile/column.ts';
import { describeShapefile, writeShapefile } from '../shapefile/shapefile.ts';

interface LayerShapefile {
  readonly layer: Layer;
  readonly question: ExportQuestion;
  /** Source of the data. */
  readonly attribution: Text;
  /** Number of rows, roughly. */
  readonly rowEstimate: number;
  readonly signal: AbortSignal;
}

/**
 * Yields the features of a layer as a zip of shapefiles.
 * @throws Problem too-much beyond the limit of the format
 */
export async function* writeLayerShapefile(
  db: Database,
  { layer, question, attribution, rowEstimate, signal }: LayerShapefile,
): AsyncGenerator<Uint8Array> {
  const fields = withIdField(layer, question.fields);
  const source = await describeShapefile(db, { layer, fields, crs: question.crs, attribution });
  const rows = db.stream<PlacemarkRow>(placemarksQuery(layer, question), { signal, priority: 'background' });
  yield* writeShapefile(source, { rows, rowEstimate, signal });
}

/** Returns the fields of the cells of a row: its id comes first where no field is its key. */
function withIdField(layer: Layer, fields: readonly Field[] = layer.fields): readonly Field[] {
  if (!hasIdCell(layer, fields)) return fields;
  const names = fields.map(({ name }) => name);
  return [textField(freeName('id', names), { vi: 'Mã đối tượng', en: 'Id of the feature' }), ...fields];
}
