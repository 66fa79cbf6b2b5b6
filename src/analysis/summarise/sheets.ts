import type { Text } from '../../lib/errors.ts';
import type { ResultSheet } from '../process.ts';
import type { SummariseValues } from './outputs.ts';

/** Returns the sheet of groups. */
export function summariseSheets({ groups }: SummariseValues, language: keyof Text): ResultSheet[] {
  const text = (vi: string, en: string) => ({ vi, en })[language];
  const number = (title: string) => ({ title, type: 'number' }) as const;
  const sums = Object.keys(groups[0]?.sums ?? {});
  return [
    {
      title: text('Tổng hợp', 'Summary'),
      columns: [
        { title: text('Khóa', 'Key'), type: 'string' },
        { title: text('Tên', 'Name'), type: 'string', width: 40 },
        { title: text('Số lượng', 'Count'), type: 'integer' },
        number(text('Diện tích (m²)', 'Area (m²)')),
        number(text('Chiều dài (m)', 'Length (m)')),
        ...sums.map(number),
      ],
      rows: groups.map(({ key, name, count, areaM2, lengthM, ...group }) => [
        ...[key, name, count, areaM2, lengthM],
        ...sums.map((sum) => group.sums[sum] ?? null),
      ]),
    },
  ];
}
