import type { Text } from '../../lib/errors.ts';
import type { Relation } from '../relation.ts';
import { type BufferRequest, LIMITS, QUARTER_SEGMENTS } from './buffer-request.ts';
import type { BufferProperties } from './outputs.ts';

const RELATION_NOTES: Readonly<Record<Relation, Text>> = {
  intersecting: {
    vi: 'Đếm mọi đối tượng chạm hoặc nằm trong vùng đệm; diện tích và chiều dài chỉ tính phần bên trong.',
    en: 'Counts are of everything that touches or lies in the buffer; areas and lengths of the parts inside only.',
  },
  within: { vi: 'Chỉ đếm đối tượng nằm trọn trong vùng đệm.', en: 'Counts are of what lies wholly inside the buffer.' },
  clipped: {
    vi: 'Đối tượng được cắt theo vùng đệm; đối tượng chỉ chạm mép không tính.',
    en: 'Features are cut at the buffer; what only touches its edge is not counted.',
  },
};

const VALIDITY_NOTES: Readonly<Record<'unconfirmed' | 'superseded', (id: string) => Text>> = {
  unconfirmed: (id) => ({
    vi: `Chưa rõ "${id}" còn hiệu lực: văn bản thay thế chưa được đối chiếu.`,
    en: `It is not confirmed that "${id}" is in force: the text that replaced it, or may have, was not read.`,
  }),
  superseded: (id) => ({
    vi: `"${id}" đã bị thay thế, không còn hiệu lực.`,
    en: `"${id}" has been superseded and is no longer in force.`,
  }),
};

/** Returns notes needed to read the figures. */
export function notesOf(
  { srid, preset, halfWidthM }: BufferProperties,
  { relation }: BufferRequest,
  truncated: boolean,
): Text[] {
  const notes: Text[] = [
    {
      vi: `Đo trong VN-2000 (EPSG:${srid}); cung tròn vẽ bằng ${4 * QUARTER_SEGMENTS} đoạn, diện tích hụt nhiều nhất 0,01%.`,
      en: `Measured in VN-2000 (EPSG:${srid}); circles have ${4 * QUARTER_SEGMENTS} segments, areas are at most 0.01% small.`,
    },
    RELATION_NOTES[relation],
  ];
  if (halfWidthM) {
    const { min, max } = halfWidthM;
    const [vi, en] = min === max ? [`${min} m`, `${min} m`] : [`từ ${min} đến ${max} m`, `${min} to ${max} m`];
    notes.push({
      vi: `Khoảng cách tính từ mép, nên đã cộng nửa bề rộng của tim tuyến: ${vi}.`,
      en: `The distance runs from the edge, so half the width of the centre line was added: ${en}.`,
    });
  }
  if (preset && !/^source$/.test(preset.status)) {
    notes.push({
      vi: `Khoảng cách của "${preset.id}" chưa được đối chiếu đầy đủ với văn bản (${preset.status}): cần xác nhận trước khi dùng.`,
      en: `The distance of "${preset.id}" has not been fully checked against the law (${preset.status}): confirm it before use.`,
    });
  }
  if (preset && preset.validity !== 'in_force') notes.push(VALIDITY_NOTES[preset.validity](preset.id));
  if (truncated) {
    notes.push({
      vi: `Chỉ giữ ${LIMITS.stored} đối tượng đầu để xem; số đếm và diện tích vẫn đủ. Muốn xem hết, hãy giảm khoảng cách hoặc hỏi từng lớp.`,
      en: `Only the first ${LIMITS.stored} features are kept for viewing; counts and areas are of all. To see all, take a shorter distance or one layer at a time.`,
    });
  }
  return notes;
}
