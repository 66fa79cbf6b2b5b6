import { z } from 'zod';
import { readShape } from '../../lib/shape.ts';
import { defaultLayers } from '../parts/treatment.ts';
import type { InputValues, PrepareContext, ProcessInput } from '../process.ts';
import type { AskedPlace } from '../source/source.ts';
import { layerIdSchema, readSource, SOURCE_INPUTS } from '../source/source-inputs.ts';
import { inputLayer, requireFew, wrongInput } from '../wrong-input.ts';
import { type OverlayRequest, PLACE_LIMITS } from './overlay-request.ts';

const PARCELS = 'land.parcel';

const layersSchema = z.array(layerIdSchema).min(1).max(PLACE_LIMITS.layers).optional();

export const OVERLAY_INPUTS = {
  parcel: {
    description: {
      vi: 'Số hiệu (id) của một thửa đất; hoặc "geometry", "features"',
      en: 'Id of a parcel; or "geometry", or "features"',
    },
    schema: z.int().min(1).optional(),
  },
  ...SOURCE_INPUTS,
  layers: {
    description: {
      vi: 'Các lớp cần xét; mặc định: mọi quy hoạch, hành lang bảo vệ, đơn vị hành chính và các lớp môi trường',
      en: 'Layers to examine; by default every plan, protection corridors, units, and the layers of the environment',
    },
    schema: layersSchema,
    read: (value: unknown, path: string) => {
      requireFew(value, PLACE_LIMITS.layers, path);
      return readShape(layersSchema, value, { root: path });
    },
  },
  within: {
    description: {
      vi: 'Khoảng cách (mét) quanh nơi được hỏi để liệt kê các điểm, cơ sở môi trường',
      en: 'Metres around the place in which sites of the environment are listed',
    },
    schema: z.number().min(0).max(PLACE_LIMITS.within).default(500),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

export type OverlayInputs = InputValues<typeof OVERLAY_INPUTS>;

/** @throws Problem that says what would be right */
export function readOverlayRequest(inputs: OverlayInputs, context: PrepareContext): OverlayRequest {
  const source = readPlace(inputs, context);
  requireAreas(source);
  const layers = inputs.layers
    ? [...new Set(inputs.layers)].map((id) => inputLayer(context, id, 'layers'))
    : defaultLayers(context.layers);
  return { source, layers, within: inputs.within };
}

function readPlace(inputs: OverlayInputs, context: PrepareContext): AskedPlace {
  if (inputs.parcel === undefined) return readSource(inputs, context);
  if (inputs.crs !== undefined) {
    throw wrongInput('crs', {
      vi: '"crs" chỉ đi với "geometry": thửa đất đã có hệ tọa độ của nó.',
      en: '"crs" goes with "geometry" only: a parcel has its CRS.',
    });
  }
  return { kind: 'features', layer: inputLayer(context, PARCELS, 'parcel'), ids: [inputs.parcel] };
}

/** Lines have no area that could lie in a zone. */
function requireAreas(source: AskedPlace): void {
  const isRight =
    source.kind === 'geometry'
      ? ['Point', 'MultiPoint', 'Polygon', 'MultiPolygon'].includes(source.geometry.type)
      : source.layer.geometry.dimension !== 'line';
  if (isRight) return;
  throw wrongInput(source.kind === 'geometry' ? 'geometry' : 'features.layer', {
    vi: 'Cần một vùng hay một điểm (Polygon, MultiPolygon, Point, MultiPoint). Với đường, hãy dùng tiến trình "buffer" để có vùng quanh nó.',
    en: 'An area or a point is needed (Polygon, MultiPolygon, Point, MultiPoint). For a line, use the process "buffer", which gives the area around it.',
  });
}
