import { z } from 'zod';
import { readShape } from '../../lib/shape.ts';
import { CAPS } from '../corridor/corridor.ts';
import type { InputValues, PrepareContext, ProcessInput } from '../process.ts';
import { RELATIONS } from '../relation.ts';
import { layerIdSchema, readSource, SOURCE_INPUTS } from '../source/source-inputs.ts';
import { inputLayer, requireFew } from '../wrong-input.ts';
import { type BufferRequest, LIMITS } from './buffer-request.ts';
import type { Preset } from './preset-schema.ts';

const layersSchema = z.array(layerIdSchema).min(1).max(LIMITS.layers).default(['land.parcel']);

export const BUFFER_INPUTS = {
  ...SOURCE_INPUTS,
  distance: {
    description: {
      vi: 'Khoảng cách, mét; đúng như đã cho, kể cả từ tim tuyến; 0 là chính vùng đó',
      en: 'Distance in metres; taken as given, from a centre line too; 0 is the area itself',
    },
    schema: z.number().gte(0).lte(LIMITS.distance).optional(),
  },
  preset: {
    description: {
      vi: 'Quy định khoảng cách (/processes/buffer/presets) thay cho "distance"; tính từ mép: của vùng, hoặc của đường có bề rộng ("width", width_m)',
      en: 'A distance rule (/processes/buffer/presets) in place of "distance"; it runs from the edge of an area, or of a line whose width is known ("width", width_m)',
    },
    schema: z.string().min(1).max(100).optional(),
  },
  width: {
    description: {
      vi: 'Bề rộng (mét) của đường trong "geometry": "preset" tính từ mép thì cộng thêm một nửa; không có thì bị từ chối',
      en: 'Width in metres of the lines of "geometry": half of it is added to a "preset" that runs from the edge, which is refused without it',
    },
    schema: z.number().gte(0).lte(LIMITS.width).optional(),
  },
  caps: {
    description: {
      vi: 'Hai đầu của đường: round (tròn), flat (bằng, chỉ với đường)',
      en: 'Ends of lines: round, or flat (lines only)',
    },
    schema: z.enum(CAPS).default('round'),
  },
  ring: {
    description: {
      vi: 'true: chỉ phần bao quanh, không gồm chính vùng (hay đường có bề rộng) được hỏi',
      en: 'true: only the ground around, without the asked area (or line of known width) itself',
    },
    schema: z.boolean().default(false),
  },
  layers: {
    description: { vi: 'Các lớp cần báo cáo', en: 'Layers to report' },
    schema: layersSchema,
    read: (value: unknown, path: string) => {
      requireFew(value, LIMITS.layers, path);
      return readShape(layersSchema, value, { root: path });
    },
  },
  relation: {
    description: {
      vi: 'intersecting: chạm hoặc nằm trong; within: nằm trọn; clipped: cắt theo vùng đệm',
      en: 'intersecting: touches or lies in; within: wholly inside; clipped: cut at the buffer',
    },
    schema: z.enum(RELATIONS).default('intersecting'),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

export type BufferInputs = InputValues<typeof BUFFER_INPUTS>;

/**
 * Parses the inputs.
 * @param findPreset returns the rule of an id, and throws a Problem if there is none
 * @throws Problem that says what would be right
 */
export async function readBufferRequest(
  inputs: BufferInputs,
  context: PrepareContext,
  findPreset: (id: string) => Promise<Preset>,
): Promise<BufferRequest> {
  const { distance, width, caps, ring, relation } = inputs;
  const preset = inputs.preset === undefined ? undefined : await findPreset(inputs.preset);
  return {
    source: readSource(inputs, context),
    distance: preset?.distanceM ?? (distance as number),
    preset,
    width,
    caps,
    ring,
    layers: [...new Set(inputs.layers)].map((id) => inputLayer(context, id, 'layers')),
    relation,
  };
}
