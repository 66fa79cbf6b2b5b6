import type { Text } from '../../lib/errors.ts';
import { roundToHundredth } from '../../lib/number.ts';
import { nearRowsOf, overlayRows, type Whole } from '../parts/part-rows.ts';
import type { OverlayValues } from './outputs.ts';
import type { Overlaid, PreparedOverlay } from './overlay-analysis.ts';
import { themesOf } from './overlay-themes.ts';

/** Returns the answer of an overlay. */
export function overlayValues({ request, zone }: PreparedOverlay, overlaid: Overlaid): OverlayValues {
  const { subjects, area, pieces, sites, coverage } = overlaid;
  const whole: Whole = { count: subjects.length, areaM2: subjects.reduce((sum, { areaM2 }) => sum + areaM2, 0) };
  const rows = [...overlayRows(pieces, whole), ...nearRowsOf(sites, whole)];
  return {
    place: { count: whole.count, areaM2: roundToHundredth(whole.areaM2), srid: zone, withinM: request.within },
    themes: themesOf(request.layers, rows, coverage),
    rows,
    coverage: [...coverage],
    bbox: area.bbox,
    notes: overlayNotes(zone, rows),
  };
}

function overlayNotes(zone: number, rows: OverlayValues['rows']): Text[] {
  const notes: Text[] = [
    {
      vi: `Đo trong VN-2000 (EPSG:${zone}). Trong mỗi quy hoạch, các phần cộng lại bằng diện tích được hỏi. Các quy hoạch khác nhau phủ cùng một đất, nên không cộng với nhau.`,
      en: `Measured in VN-2000 (EPSG:${zone}). The parts of each plan add up to the place. Different plans cover the same ground, and have no sum.`,
    },
  ];
  if (rows.some(({ kind }) => kind === 'overlap')) {
    notes.push({
      vi: 'Có phần đất nằm trong nhiều khu của cùng một quy hoạch: dòng "chồng lấn" nêu tên các khu đó, mỗi m² chỉ tính một lần.',
      en: 'Some ground lies in several zones of one plan: the row of kind "overlap" names them, and each m² is counted once.',
    });
  }
  if (rows.some(({ basisStatus }) => basisStatus === 'unchecked')) {
    notes.push({
      vi: 'Căn cứ ghi "chưa đối chiếu" cần được xác nhận với văn bản trước khi dùng.',
      en: 'A basis that is not checked against the text must be confirmed before use.',
    });
  }
  return notes;
}
