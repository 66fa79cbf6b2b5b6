import type { Text } from '../../lib/errors.ts';
import type { ResultSheet } from '../process.ts';
import type { NearestValues } from './outputs.ts';

/** Returns the sheet of distances; the features are a layer, and have a sheet as such. */
export function nearestSheets({ features }: NearestValues, language: keyof Text): ResultSheet[] {
  const text = (vi: string, en: string) => ({ vi, en })[language];
  return [
    {
      title: text('Gần nhất', 'Nearest'),
      columns: [
        { title: text('Thứ tự', 'Rank'), type: 'integer' },
        { title: text('Mã', 'Id'), type: 'string' },
        { title: text('Khoảng cách (m)', 'Distance (m)'), type: 'number' },
        { title: text('Phương vị (độ)', 'Bearing (degrees)'), type: 'number' },
      ],
      rows: features.map(({ rank, id, distanceM, bearing }) => [rank, id, distanceM, bearing]),
    },
  ];
}
