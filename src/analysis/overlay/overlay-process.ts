import type { Database } from '../../database/database.ts';
import type { Process } from '../process.ts';
import { OVERLAY_INPUTS, type OverlayInputs, readOverlayRequest } from './inputs.ts';
import { OVERLAY_OUTPUTS, type OverlayValues } from './outputs.ts';
import { type PreparedOverlay, prepareOverlay, runOverlay } from './overlay-analysis.ts';
import { overlayLayers } from './overlay-layers.ts';
import { overlaySheets } from './overlay-sheets.ts';
import { overlayValues } from './overlay-values.ts';

/**
 * Returns the process that finds what applies to a place: plans, corridors, units, sites of the environment.
 * @param homeSrid VN-2000 zone of the province
 */
export function overlayProcess(db: Database, homeSrid: number): Process<OverlayInputs, PreparedOverlay> {
  return {
    id: 'overlay',
    version: '1.0.0',
    title: { vi: 'Quy định áp dụng tại đây', en: 'What applies here' },
    description: {
      vi: 'Một thửa đất, một vùng hay một điểm nằm trong khu quy hoạch, hành lang bảo vệ, đơn vị nào: mã, tên, m², %, quyết định, căn cứ; và các điểm môi trường ở gần. Mỗi chủ đề kết thúc bằng: có liên quan, không liên quan, hoặc chưa có dữ liệu ở đây.',
      en: 'Which planning zones, protection corridors and units a parcel, an area or a point lies in: code, name, m², %, decision, basis; and the sites of the environment nearby. Each theme ends in: concerned, not concerned, or no data here.',
    },
    inputs: OVERLAY_INPUTS,
    alternatives: [['parcel', 'geometry', 'features']],
    outputs: OVERLAY_OUTPUTS,
    prepare: (inputs, context) =>
      prepareOverlay(db, readOverlayRequest(inputs, context), homeSrid, { signal: context.signal }),
    run: async (prepared, { signal, onProgress }) => {
      const overlaid = await runOverlay(db, prepared, { signal, onProgress, priority: 'background', prepared: true });
      return { values: overlayValues(prepared, overlaid), layers: overlayLayers(overlaid.pieces, prepared.zone) };
    },
    sheets: (values, language) => overlaySheets(values as OverlayValues, language),
  };
}
