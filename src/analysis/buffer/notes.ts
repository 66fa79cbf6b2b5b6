import type { Text } from '../../lib/errors.ts';
import type { Relation } from '../relation.ts';
import { type BufferRequest, LIMITS, QUARTER_SEGMENTS } from './buffer-request.ts';
import type { BufferProperties } from './outputs.ts';
import type { Preset } from './preset-schema.ts';

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

const VALIDITY_NOTES: Readonly<Record<'unconfirmed' | 'superseded', (rule: Preset) => Text>> = {
  unconfirmed: () => ({
    vi: 'Chưa rõ quy định này còn hiệu lực: văn bản thay thế chưa được đối chiếu.',
    en: 'It is not confirmed that this rule is in force: the text that replaced it, or may have, was not read.',
  }),
  superseded: ({ validTo }) => ({
    vi: `Quy định này đã bị thay thế, không còn hiệu lực${validTo ? ` từ ngày ${dayInVietnamese(validTo)}` : ''}.`,
    en: `This rule has been superseded and is no longer in force${validTo ? ` since ${validTo}` : ''}.`,
  }),
};

/** Returns notes needed to read the figures. */
export function notesOf(
  { srid, halfWidthM, caps, ring }: BufferProperties,
  { relation, preset }: BufferRequest,
  { truncated, outOfScope }: { readonly truncated: boolean; readonly outOfScope: readonly string[] },
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
  if (ring) {
    notes.push({
      vi: 'Chỉ gồm phần bao quanh: chính vùng (hay đường theo bề rộng) được hỏi không tính.',
      en: 'Only the ground around is counted, not the asked area (or the line as wide as it is) itself.',
    });
  }
  if (caps === 'flat') {
    notes.push({
      vi: 'Hai đầu đường cắt bằng; các đường nối tiếp nhau được nối lại trước.',
      en: 'Lines end flat; those that continue each other are joined first.',
    });
  }
  if (preset?.ruleStatus === 'unchecked') {
    notes.push({
      vi: 'Khoảng cách của quy định này chưa được đối chiếu với văn bản: cần xác nhận trước khi dùng.',
      en: 'The distance of this rule has not been checked against the law: confirm it before use.',
    });
  }
  if (preset && preset.validity !== 'in_force') notes.push(VALIDITY_NOTES[preset.validity](preset));
  if (preset && outOfScope.length > 0) {
    const [rule, found] = [(preset.appliesTo ?? []).join(', '), outOfScope.join(', ')];
    notes.push({
      vi: `Cảnh báo: quy định này áp dụng cho ${preset.feature.vi} (${rule}), không phải cho đối tượng được chọn (${found}).`,
      en: `Warning: this is a rule for ${preset.feature.en} (${rule}), not for the selected features (${found}).`,
    });
  }
  if (truncated) {
    notes.push({
      vi: `Chỉ giữ ${LIMITS.stored} đối tượng đầu để xem; số đếm và diện tích vẫn đủ. Muốn xem hết, hãy giảm khoảng cách hoặc hỏi từng lớp.`,
      en: `Only the first ${LIMITS.stored} features are kept for viewing; counts and areas are of all. To see all, take a shorter distance or one layer at a time.`,
    });
  }
  return notes;
}

/** Returns `31/12/2024` of `2024-12-31`. */
function dayInVietnamese(day: string): string {
  return day.split('-').reverse().join('/');
}
