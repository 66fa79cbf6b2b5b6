import type { Text } from '../../lib/errors.ts';
import type { StatisticsValues } from './outputs.ts';
import type { StatisticsRow } from './table-rows.ts';

/** Returns the sentences without which the figures would be misread. */
export function statisticsNotes(checks: StatisticsValues['checks'], rows: readonly StatisticsRow[]): Text[] {
  const outside = rows.filter(({ isOutside }) => isOutside).flatMap(({ code }) => code ?? []);
  return [
    {
      vi: 'Diện tích là diện tích đo đạc của thửa (VN-2000), vì thửa chưa có giấy chứng nhận cũng được thống kê. Thửa có nhiều mục đích được chia theo tỷ lệ diện tích các mục đích.',
      en: 'Areas are the measured areas of the parcels (VN-2000), since parcels without a certificate count as well. A parcel of several uses is divided in proportion to the areas of the uses.',
    },
    {
      vi: 'Mỗi số ở ô chi tiết và ở các tổng hàng, tổng cột lệch số đúng dưới 0,01 ha, và mọi tổng bằng đúng tổng các số in ra. Biểu của tỉnh là tổng các biểu của phường, xã.',
      en: 'Each figure of a detailed cell and each sum of a row or of a column is less than 0.01 ha off, and every sum is exactly that of the printed figures. The forms of a province are the sums of those of its communes.',
    },
    {
      vi: 'Số liệu là hiện trạng lúc tính; cơ sở dữ liệu không lưu hiện trạng của ngày khác.',
      en: 'The figures are the state at the time of the computation; the database has no state of other days.',
    },
    ...boundaryNote(checks),
    ...(outside.length === 0
      ? []
      : [
          {
            vi: `Dữ liệu có mã loại đất không thuộc dòng nào của biểu: ${outside.join(', ')}. Mỗi mã có một dòng ngoài biểu, cuối nhóm của nó.`,
            en: `The data has codes of uses that no row of the form counts: ${outside.join(', ')}. Each has a row beside the form, last in its group.`,
          },
        ]),
  ];
}

function boundaryNote({ parcelsHa, boundaryHa, registeredHa }: StatisticsValues['checks']): Text[] {
  if (boundaryHa === null && registeredHa === null) return [];
  const shown = (value: number, locale: string) => value.toLocaleString(locale, { maximumFractionDigits: 2 });
  const whole = boundaryHa ?? registeredHa ?? 0;
  const [vi, en] = (['vi-VN', 'en-GB'] as const).map((locale) =>
    [parcelsHa, whole, parcelsHa - whole].map((value) => shown(value, locale)),
  );
  const [source, sourceEn] = boundaryHa === null ? ['nghị quyết', 'its decision'] : ['đường địa giới', 'its boundary'];
  return [
    {
      vi: `Các thửa cộng lại ${vi?.[0]} ha; đơn vị theo ${source} có ${vi?.[1]} ha; chênh lệch ${vi?.[2]} ha.`,
      en: `The parcels add up to ${en?.[0]} ha; the unit has ${en?.[1]} ha by ${sourceEn}; the difference is ${en?.[2]} ha.`,
    },
  ];
}
