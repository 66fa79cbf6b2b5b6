import type { Text } from '../../lib/errors.ts';
import type { ResultSheet, SheetValue } from '../process.ts';
import type { ListValues } from './outputs.ts';

/** Returns the sheet of the lines, and that of the sums. */
export function listSheets({ summary, lines }: ListValues, language: keyof Text): ResultSheet[] {
  const text = (vi: string, en: string) => ({ vi, en })[language];
  const integer = (title: string) => ({ title, type: 'integer' }) as const;
  const string = (title: string, width = 20) => ({ title, type: 'string', width }) as const;
  return [
    {
      title: text('Tổng hợp', 'Summary'),
      columns: [string(text('Chỉ tiêu', 'Figure'), 40), { title: text('Giá trị', 'Value'), type: 'number' }],
      rows: [
        [text('Số dòng', 'Lines'), summary.lines],
        ...summary.byStatus.map((each): SheetValue[] => [each.status, each.lines]),
        [text('Số thửa tìm thấy', 'Parcels found'), summary.parcels],
        [text('Diện tích pháp lý (m²)', 'Legal area (m²)'), summary.legalAreaM2],
        [text('Diện tích đo (m²)', 'Measured area (m²)'), summary.areaM2],
      ],
    },
    {
      title: text('Từng dòng', 'Lines'),
      columns: [
        integer(text('Dòng', 'Line')),
        string(text('Đơn vị', 'Unit'), 30),
        string(text('Số tờ', 'Sheet')),
        integer(text('Số thửa', 'Number')),
        string(text('Kết quả', 'Result'), 60),
        string(text('Thửa hiện nay', 'Present parcels'), 40),
      ],
      rows: lines.map(({ line, asked, message, parcels }) => [
        line,
        asked?.unit ?? null,
        asked?.sheet ?? null,
        asked?.number ?? null,
        message[language],
        parcels.map(({ unit, sheet, number }) => `${unit.name}, ${sheet}/${number}`).join('; ') || null,
      ]),
    },
  ];
}
