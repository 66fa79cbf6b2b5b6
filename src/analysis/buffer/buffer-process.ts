import type { Database } from '../../database/database.ts';
import type { Process, ProcessTable } from '../process.ts';
import { BufferAnalysis, type PreparedBuffer } from './buffer-analysis.ts';
import { bufferSheets } from './buffer-sheets.ts';
import { BUFFER_INPUTS, type BufferInputs, readBufferRequest } from './inputs.ts';
import { BUFFER_OUTPUTS, type BufferValues } from './outputs.ts';
import { presetSchema } from './preset-schema.ts';
import { listPresets, requirePreset } from './presets.ts';

/**
 * Returns the process that finds everything within a distance of a source.
 * @param homeSrid VN-2000 zone of the province
 */
export function bufferProcess(db: Database, homeSrid: number): Process<BufferInputs, PreparedBuffer> {
  const analysis = new BufferAnalysis(db, homeSrid);
  return {
    id: 'buffer',
    version: '1.0.0',
    title: { vi: 'Vùng đệm', en: 'Buffer' },
    description: {
      vi: 'Những gì nằm trong một khoảng cách quanh một hình học, hoặc quanh các đối tượng của một lớp; đo trong VN-2000. Trả về vùng đệm, số đếm, diện tích theo loại đất và theo đơn vị, các đối tượng (từng trang) và bộ ô. Đất nhiều mục đích: diện tích bên trong chia theo tỉ lệ diện tích các mục đích trên giấy.',
      en: 'What lies within a distance of a geometry, or of features of a layer, measured in VN-2000. Gives the buffer, counts, areas by land use and by unit, the features (paged) and tiles. Of a parcel of several uses the area inside is shared out as the areas of its uses are.',
    },
    inputs: BUFFER_INPUTS,
    alternatives: [
      ['geometry', 'features'],
      ['distance', 'preset'],
    ],
    outputs: BUFFER_OUTPUTS,
    tables: { presets: presetTable(db) },
    prepare: async (inputs, context) => {
      const { signal } = context;
      const request = await readBufferRequest(inputs, context, (id) => requirePreset(db, id, { signal }));
      return analysis.prepare(request, { signal });
    },
    run: (prepared, context) => analysis.run(prepared, context),
    sheets: (values, language) => bufferSheets(values as BufferValues, language),
  };
}

function presetTable(db: Database): ProcessTable {
  return {
    title: { vi: 'Khoảng cách bảo vệ, an toàn', en: 'Protection and safety distances' },
    summary: {
      vi: 'Khoảng cách bảo vệ, an toàn và căn cứ',
      en: 'Protection and safety distances with their legal basis',
    },
    schema: presetSchema,
    columns: {
      feature: { vi: 'Đối tượng', en: 'Feature' },
      condition: { vi: 'Điều kiện', en: 'Condition' },
      distanceM: { vi: 'Khoảng cách (m)', en: 'Distance (m)' },
      measuredFrom: { vi: 'Tính từ', en: 'Measured from' },
      legalBasis: { vi: 'Căn cứ', en: 'Legal basis' },
      ruleStatusText: { vi: 'Đối chiếu', en: 'Checked' },
    },
    choices: {
      superseded: {
        description: {
          vi: 'true: cả quy định đã bị thay thế (validity: superseded)',
          en: 'true: superseded rules too (validity: superseded)',
        },
        values: ['true', 'false'],
        fallback: 'false',
      },
    },
    list: ({ superseded }, options) => listPresets(db, superseded === 'true', options),
  };
}
