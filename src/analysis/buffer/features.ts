import type { Layer } from '../../catalog/layer.ts';
import { tileFields } from '../../tiles/derived/tile-values.ts';
import type { ResultFeatures, ResultLayer } from '../process.ts';
import type { ReportedLayer } from '../report.ts';
import type { BufferValues } from './outputs.ts';

/**
 * Returns the buffer, and the features found in it.
 * @param reported one for each layer, in order
 */
export function shownFeatures(
  values: BufferValues,
  layers: readonly Layer[],
  reported: readonly ReportedLayer[],
): ResultFeatures {
  return {
    bbox: values.bbox,
    created: [bufferLayer(values.buffer)],
    found: layers.flatMap((layer, index) => {
      const found = reported[index];
      if (!found) return [];
      const { report, features } = found;
      return { id: layer.id, title: layer.title, columns: tileFields(layer), count: report.count, features };
    }),
    isTruncated: values.featuresTruncated,
  };
}

function bufferLayer({ geometry, properties }: BufferValues['buffer']): ResultLayer {
  const { distanceM, areaM2 } = properties;
  const shown = { type: 'Feature', geometry, properties: { distanceM, areaM2 } };
  return {
    id: 'buffer',
    title: { vi: 'Vùng đệm', en: 'Buffer' },
    columns: [
      { name: 'distanceM', type: 'number' },
      { name: 'areaM2', type: 'number' },
    ],
    features: [JSON.stringify(shown)],
  };
}
