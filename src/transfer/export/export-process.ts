import { z } from 'zod';
import type {
  InputValues,
  Outcome,
  PrepareContext,
  Process,
  ProcessInput,
  ProcessOutput,
} from '../../analysis/process.ts';
import { layerIdSchema } from '../../analysis/source/source-inputs.ts';
import { inputLayer, wrongInput } from '../../analysis/wrong-input.ts';
import type { Field, Layer } from '../../catalog/layer.ts';
import { fieldNamed } from '../../catalog/names.ts';
import { parseCql2Json } from '../../cql2/json.ts';
import type { CsvHeaders } from '../../features/csv.ts';
import type { ExportQuestion } from '../../features/export-query.ts';
import { bindFilter } from '../../filter/filter.ts';
import { requireCrs } from '../../geo/crs.ts';
import { LAYER_FILE_FORMATS, type LayerFileServices, layerFileCrs, layerFileForm } from './layer-file.ts';
import { drawnBy } from './layer-office.ts';
import { type LayerTilesServices, writeLayerTiles } from './layer-tiles.ts';

const EXPORT_FORMATS = [...LAYER_FILE_FORMATS, 'pmtiles'] as const;
const MOST_PROPERTIES = 500;

const EXPORT_INPUTS = {
  layer: { description: { vi: 'Lớp cần xuất', en: 'Layer to export' }, schema: layerIdSchema },
  format: {
    description: {
      vi: 'Định dạng tệp; pmtiles: các ô vectơ của lớp',
      en: 'Format of the file; pmtiles: the vector tiles of the layer',
    },
    schema: z.enum(EXPORT_FORMATS),
  },
  filter: {
    description: {
      vi: 'Chỉ các đối tượng khớp bộ lọc (CQL2 JSON)',
      en: 'Only features that match the filter (CQL2 JSON)',
    },
    schema: z.looseObject({ op: z.string(), args: z.array(z.unknown()) }).optional(),
  },
  crs: {
    description: {
      vi: 'Hệ tọa độ; không có: như khi tải thẳng định dạng ấy',
      en: 'Coordinate system; absent: that of the same format as a download',
    },
    schema: z.string().min(1).max(200).optional(),
  },
  properties: {
    description: { vi: 'Các trường; không có: mọi trường', en: 'Fields; absent: all' },
    schema: z.array(z.string().min(1).max(63)).min(1).max(MOST_PROPERTIES).optional(),
  },
  headers: {
    description: {
      vi: 'Dòng đầu của CSV và XLSX: tên cột (CSV: mặc định), tiêu đề tiếng Việt (XLSX: mặc định) hay tiếng Anh',
      en: 'First line of CSV and XLSX: names of columns (default of CSV), Vietnamese (default of XLSX) or English titles',
    },
    schema: z.enum(['names', 'vi', 'en']).optional(),
  },
  by: {
    description: {
      vi: 'Chỉ với dxf: trường mà mỗi giá trị thành một lớp của bản vẽ; mặc định là loại đất',
      en: 'With dxf only: the field whose values become layers of the drawing; by default the land use',
    },
    schema: z.string().min(1).max(63).optional(),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

const EXPORT_OUTPUTS = {
  file: { title: { vi: 'Tên tệp', en: 'Name of the file' }, schema: z.string(), type: 'text/plain' },
} satisfies Readonly<Record<string, ProcessOutput>>;

type ExportInputs = InputValues<typeof EXPORT_INPUTS>;

interface PreparedExport {
  readonly layer: Layer;
  readonly format: ExportInputs['format'];
  readonly question: ExportQuestion;
  readonly headers: CsvHeaders;
  readonly by: string | undefined;
}

type ExportServices = LayerFileServices &
  LayerTilesServices & {
    /** SRID of the province's zone. */
    readonly srid: number;
  };

/** Returns the process that writes a layer of any size as a file, which its result holds. */
export function exportProcess(services: ExportServices): Process<ExportInputs, PreparedExport> {
  return {
    id: 'export',
    version: '1.1.0',
    title: { vi: 'Xuất lớp thành tệp', en: 'Layer as a file' },
    description: {
      vi: 'Ghi một lớp lớn bao nhiêu cũng được thành tệp, tải ở /jobs/{mã}/file, cả từng khoảng byte (PMTiles đọc thẳng từ đó).',
      en: 'Writes a layer of any size as a file, at /jobs/{id}/file, by ranges of bytes too (PMTiles are read there directly).',
    },
    inputs: EXPORT_INPUTS,
    outputs: EXPORT_OUTPUTS,
    prepare: async (inputs, context) => prepareExport(inputs, context, services.srid),
    run: async ({ layer, format, question, ...options }, context): Promise<Outcome> => {
      const form = format === 'pmtiles' ? undefined : layerFileForm(format);
      const name = `${layer.id}.${form?.extension ?? format}`;
      const source = { layer, question, ...options, members: {}, signal: context.signal };
      const chunks = form ? form.write(services, source) : writeLayerTiles(services, { layer, question, ...context });
      return { values: { file: name }, layers: [], file: { name, chunks } };
    },
  };
}

function prepareExport({ format, ...inputs }: ExportInputs, context: PrepareContext, home: number): PreparedExport {
  const layer = inputLayer(context, inputs.layer, 'layer');
  if (format === 'pmtiles' && inputs.crs !== undefined) throw mercatorTilesOnly();
  const requested = inputs.crs === undefined ? undefined : requireCrs(inputs.crs);
  const question: ExportQuestion = {
    crs: layerFileCrs(format === 'pmtiles' ? 'geojson' : format, layer, { requested, home }),
    fields: inputs.properties?.map((name) => readField(layer, name)),
    filter: inputs.filter && bindFilter(parseCql2Json(inputs.filter), layer),
    equals: [],
  };
  if (format === 'dxf') drawnBy(layer, inputs.by);
  const headers = inputs.headers ?? (format === 'xlsx' ? 'vi' : 'names');
  return { layer, format, question, headers, by: inputs.by };
}

function readField({ fields }: Layer, name: string): Field {
  const field = fieldNamed(fields, name);
  if (field) return field;
  const known = fields.map((each) => each.name).join(', ');
  throw wrongInput('properties', {
    vi: `Không có trường "${name}". Các trường: ${known}.`,
    en: `There is no field "${name}". The fields: ${known}.`,
  });
}

function mercatorTilesOnly() {
  return wrongInput('crs', {
    vi: 'Các ô của pmtiles luôn ở Web Mercator: bỏ crs, hoặc chọn định dạng khác.',
    en: 'Tiles of pmtiles are always in Web Mercator: leave out crs, or choose another format.',
  });
}
