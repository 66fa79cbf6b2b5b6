import type { Field, Layer } from '../../catalog/layer.ts';
import { fieldNamed } from '../../catalog/names.ts';
import { drawnQuery, type ExportQuestion } from '../../features/export-query.ts';
import { readSheet, tooManyRows } from '../../features/sheet.ts';
import { type Crs, crsOfSrid, meridianOf } from '../../geo/crs.ts';
import { invalidParameter, type Language } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { MOST_DRAWN, writeDrawing } from '../../transfer/office/drawing.ts';
import type { DrawnFeature } from '../../transfer/office/office-request.ts';
import { MOST_SHEET_ROWS, writeWorkbook } from '../../transfer/office/workbook.ts';
import { DXF_TYPE, XLSX_TYPE } from '../kit/media-types.ts';
import { textParameter } from '../kit/parameters.ts';
import { fileReply, type Reply } from '../kit/reply.ts';

export const drawnByParameter = textParameter(
  {
    vi: 'Chỉ với f=dxf: trường mà mỗi giá trị thành một lớp của bản vẽ; mặc định là loại đất',
    en: 'With f=dxf only: the field whose values become layers of the drawing; by default the land use',
  },
  { max: 200 },
);

interface OfficeFileSource {
  readonly layer: Layer;
  readonly question: ExportQuestion;
  readonly signal: AbortSignal;
}

/** Returns the VN-2000 zone in which a layer is stored, else that of the province. */
export function storedCrs({ geometry }: Layer, home: number): Crs {
  const crs = crsOfSrid(meridianOf(geometry.srid) === undefined ? home : geometry.srid);
  if (!crs) throw new Error(`no CRS ${home}`);
  return crs;
}

/** @throws Problem too-much */
export async function workbookReply(
  { db }: Services,
  { layer, question, signal }: OfficeFileSource,
  language: Language,
): Promise<Reply> {
  const sheet = await readSheet(db, layer, question, { language, room: MOST_SHEET_ROWS, signal });
  return fileReply(await writeWorkbook([sheet]), XLSX_TYPE, `${layer.id}.xlsx`);
}

/** Fields with a land use, or else a kind, that a drawing is layered by if no other is named. */
const CLASSES = ['main_use', 'land_use', 'use_code', 'use', 'zone_code', 'code', 'kind'];

/**
 * Returns a drawing in metres.
 * @throws Problem too-much; invalid-parameter for a CRS in degrees or an unknown field
 */
export async function drawingReply(
  { db }: Services,
  { layer, question, signal }: OfficeFileSource,
  by: string | undefined,
): Promise<Reply> {
  const { crs } = question;
  if (crs.unit !== 'metre') {
    throw invalidParameter('crs', {
      vi: 'một hệ tọa độ tính bằng mét, như EPSG:9210: bản vẽ DXF không có độ',
      en: 'a coordinate system in metres such as EPSG:9210: a DXF drawing has no degrees',
    });
  }
  const field = classField(layer, by);
  const shown = { ...question, most: Math.min(question.most ?? MOST_DRAWN + 1, MOST_DRAWN + 1) };
  const features: DrawnFeature[] = [];
  const rows = db.stream<{ name: string | null; geometry: string | null }>(drawnQuery(layer, shown, field), { signal });
  for await (const { name, geometry } of rows) {
    if (geometry === null) continue;
    if (features.push({ layer: name ?? layer.table, geometry }) > MOST_DRAWN) throw tooManyRows(MOST_DRAWN);
  }
  return fileReply(await writeDrawing(features), DXF_TYPE, `${layer.id}.dxf`, { 'content-crs': `<${crs.uri}>` });
}

function classField({ fields }: Layer, by: string | undefined): Field | undefined {
  if (by === undefined) return fields.find(({ name }) => CLASSES.includes(name));
  const field = fieldNamed(fields, by);
  if (field) return field;
  const known = fields.map(({ name }) => name).join(', ');
  throw invalidParameter('by', { vi: `một trường của lớp: ${known}`, en: `a field of the layer: ${known}` });
}
