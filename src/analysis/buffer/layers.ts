import type { Layer } from '../../catalog/layer.ts';
import { foundLayer } from '../found-rows.ts';
import type { ResultLayer } from '../process.ts';
import type { ReportedLayer } from '../report.ts';
import type { BufferProperties } from './outputs.ts';

interface Found {
  readonly layers: readonly Layer[];
  /** One for each layer, in order. */
  readonly reported: readonly ReportedLayer[];
}

/**
 * Returns the layers of the result: the features found in each layer, then the buffer.
 * @param geom the buffer: hexadecimal EWKB in the measuring zone
 */
export function bufferLayers(properties: BufferProperties, geom: string, { layers, reported }: Found): ResultLayer[] {
  const { srid } = properties;
  const all: ResultLayer[] = [];
  for (const [index, layer] of layers.entries()) {
    const rows = reported[index]?.rows ?? [];
    all.push(foundLayer(layer, { rows, srid, taken: all.map(({ id }) => id) }));
  }
  return [...all, bufferLayer(properties, geom)];
}

function bufferLayer({ distanceM, areaM2, srid, preset }: BufferProperties, geom: string): ResultLayer {
  return {
    id: 'buffer',
    title: { vi: 'Vùng đệm', en: 'Buffer' },
    fields: [
      { name: 'distance_m', type: 'number', title: { vi: 'Khoảng cách (m)', en: 'Distance (m)' } },
      { name: 'area_m2', type: 'number', title: { vi: 'Diện tích (m²)', en: 'Area (m²)' } },
      { name: 'rule', type: 'string', title: { vi: 'Quy định', en: 'Rule' } },
      { name: 'rule_status', type: 'string', title: { vi: 'Tình trạng quy định', en: 'Status of the rule' } },
    ],
    geometry: { type: 'MULTIPOLYGON', srid },
    rows: [
      {
        geom,
        properties: {
          distance_m: distanceM,
          area_m2: areaM2,
          rule: preset?.id ?? null,
          rule_status: preset?.ruleStatusText.vi ?? null,
        },
      },
    ],
  };
}
