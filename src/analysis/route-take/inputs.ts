import { z } from 'zod';
import { Problem } from '../../lib/errors.ts';
import { readShape } from '../../lib/shape.ts';
import { MOST_CORNERS } from '../../phrase/corner-list.ts';
import { CAPS } from '../corridor/corridor.ts';
import type { InputValues, PrepareContext, ProcessInput } from '../process.ts';
import { readSource, SOURCE_INPUTS } from '../source/source-inputs.ts';
import { inputLayer, requireFew, wrongInput } from '../wrong-input.ts';
import { readCornerLine } from './corner-line.ts';
import { ROUTE_LIMITS, type RouteRequest } from './route-request.ts';

/** Characters of a list: 80 a line. */
const MOST_LENGTH = 80 * MOST_CORNERS;

const usesSchema = z
  .array(z.string().regex(/^[A-Z]{2,6}$/))
  .max(ROUTE_LIMITS.uses)
  .default([]);

export const ROUTE_INPUTS = {
  ...SOURCE_INPUTS,
  corners: {
    description: {
      vi: `Tọa độ các điểm của tuyến, mỗi dòng một điểm, như trên giấy tờ hoặc bảng tính; nhiều nhất ${MOST_CORNERS} điểm. Có thể ghi kinh tuyến trục hoặc EPSG. Thay cho "geometry".`,
      en: `Coordinates of the points of the line, one a line, as on paper or in a spreadsheet; at most ${MOST_CORNERS} points. It may name its central meridian or EPSG code. In place of "geometry".`,
    },
    schema: z.string().min(1).max(MOST_LENGTH).optional(),
  },
  left: {
    description: {
      vi: 'Mét về bên trái, theo chiều của tuyến',
      en: 'Metres to the left, in the direction of the line',
    },
    schema: z.number().gte(0).lte(ROUTE_LIMITS.side),
  },
  right: {
    description: { vi: 'Mét về bên phải', en: 'Metres to the right' },
    schema: z.number().gte(0).lte(ROUTE_LIMITS.side),
  },
  caps: {
    description: { vi: 'Hai đầu: flat (bằng), round (tròn)', en: 'Form of both ends' },
    schema: z.enum(CAPS).default('flat'),
  },
  excludeUses: {
    description: {
      vi: 'Mã loại đất không thu hồi (ví dụ "DGT"): thửa chỉ có các loại này được cộng riêng, không liệt kê',
      en: 'Codes of uses that are not taken, such as "DGT": parcels with no other use are summed apart and not listed',
    },
    schema: usesSchema,
    read: (value: unknown, path: string) => {
      requireFew(value, ROUTE_LIMITS.uses, path);
      return readShape(usesSchema, value, { root: path });
    },
  },
} satisfies Readonly<Record<string, ProcessInput>>;

export type RouteInputs = InputValues<typeof ROUTE_INPUTS>;

/**
 * @param homeSrid VN-2000 zone of a list of corners that names none
 * @throws Problem that says what would be right
 */
export function readRouteRequest(inputs: RouteInputs, context: PrepareContext, homeSrid: number): RouteRequest {
  const { left, right, caps } = inputs;
  if (left + right === 0) {
    throw wrongInput('left', {
      vi: '"left" và "right" không được cùng bằng 0: hãy cho bề rộng ít nhất một bên, mét.',
      en: '"left" and "right" must not both be 0: give the width of one side at least, in metres.',
    });
  }
  const { source, reading } = readLine(inputs, context, homeSrid);
  return {
    source,
    reading,
    profile: { left, right, caps },
    excludedUses: inputs.excludeUses ?? [],
    layers: {
      parcels: inputLayer(context, 'land.parcel', 'inputs'),
      buildings: visibleLayer(context, 'base.building'),
      zones: visibleLayer(context, 'land.planning_zone'),
    },
  };
}

function readLine(
  inputs: RouteInputs,
  context: PrepareContext,
  homeSrid: number,
): Pick<RouteRequest, 'source' | 'reading'> {
  if (inputs.corners !== undefined) {
    if (inputs.crs !== undefined) throw crsOfCorners();
    return readCornerLine(inputs.corners, homeSrid);
  }
  const source = readSource(inputs, context);
  const isLine =
    source.kind === 'features'
      ? source.layer.geometry.dimension === 'line'
      : /^(Multi)?LineString$/.test(source.geometry.type);
  if (isLine) return { source, reading: null };
  throw wrongInput(source.kind === 'features' ? 'features.layer' : 'geometry', {
    vi: 'Tuyến phải là đường: LineString hoặc MultiLineString, hoặc đối tượng của một lớp đường như base.road.',
    en: 'The route must be a line: LineString or MultiLineString, or features of a layer of lines such as base.road.',
  });
}

function crsOfCorners(): Problem {
  return wrongInput('crs', {
    vi: `"crs" chỉ đi với "geometry": hãy ghi hệ tọa độ trong chính danh sách, ví dụ "KTT 105°45'" hoặc "EPSG:9210".`,
    en: `"crs" goes with "geometry" only: write the system into the list, such as "KTT 105°45'" or "EPSG:9210".`,
  });
}

function visibleLayer({ layerOf }: PrepareContext, id: string) {
  try {
    return layerOf(id);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
