import type { Crs } from '../../geo/crs.ts';
import { shortCrsName } from '../../geo/crs.ts';
import type { Problem, Text } from '../../lib/errors.ts';
import { type CornerList, MOST_CORNERS, readCornerList } from '../../phrase/corner-list.ts';
import { crsFor, placeCorners } from '../../phrase/placed-corners.ts';
import type { GeometrySource } from '../source/source.ts';
import { tooMuch } from '../source/source-check.ts';
import { wrongInput } from '../wrong-input.ts';
import type { LineReading } from './route-request.ts';

/**
 * Reads a line out of a list of corners. A list whose last corner repeats the first is a ring.
 * @param homeSrid VN-2000 zone of the province, for a list in metres that names no system
 * @throws Problem for a list that is no line, or of which a line was not understood
 */
export function readCornerLine(text: string, homeSrid: number): { source: GeometrySource; reading: LineReading } {
  const list = readCornerList(text);
  const [first, second] = list?.corners[0] ?? [];
  if (!list || first === undefined || second === undefined) throw wrong(NO_CORNERS);
  if (list.corners.length > MOST_CORNERS) throw tooMany(list.corners.length);
  if (list.skipped.length > 0) throw wrong(notUnderstood(list.skipped));
  const crs = crsFor({ first, second, system: list.system }, homeSrid);
  if (!crs) throw wrong(UNKNOWN_SYSTEM);
  const placed = placeCorners(list, crs);
  if (!placed) throw wrong(elsewhere(crs));
  const points = placed.eastings.map((easting, index) => [easting, placed.northings[index] as number]);
  const coordinates = list.isClosed ? [...points, points[0] as number[]] : points;
  return {
    source: { kind: 'geometry', geometry: { type: 'LineString', coordinates }, crs },
    reading: {
      corners: points.length,
      order: placed.order,
      crs: shortCrsName(crs),
      crsName: crs.name,
      isNamed: isNamed(list),
      isClosed: list.isClosed,
    },
  };
}

function isNamed({ system: { srid, meridian, datum } }: CornerList): boolean {
  return srid !== undefined || meridian !== undefined || datum === 'wgs84';
}

/** Describes a line as it was understood: its points, their order, and the system. */
export function describeLine({ corners, order, crs, crsName, isNamed, isClosed }: LineReading): Text {
  const [first, end, system] = [
    order === 'north-east'
      ? { vi: 'số đầu là X (bắc)', en: 'north first' }
      : { vi: 'số đầu là Y (đông)', en: 'east first' },
    isClosed ? { vi: ', nối về điểm đầu', en: ', joined to its first point' } : { vi: '', en: '' },
    isNamed
      ? { vi: '', en: '' }
      : {
          vi: '; danh sách không ghi hệ tọa độ, nên hiểu theo độ lớn của số và múi của tỉnh',
          en: '; the list names no system, so it was chosen by the size of the numbers and the zone of the province',
        },
  ];
  return {
    vi: `Tuyến đọc từ danh sách: ${corners} điểm${end.vi}, ${first.vi}, ${crsName} (${crs})${system.vi}.`,
    en: `Line read from a list: ${corners} points${end.en}, ${first.en}, ${crsName} (${crs})${system.en}.`,
  };
}

const wrong = (detail: Text): Problem => wrongInput('corners', detail);

const NO_CORNERS: Text = {
  vi: '"corners" phải có ít nhất hai điểm, mỗi dòng một điểm: X (bắc) và Y (đông), cách nhau bằng tab, chấm phẩy hoặc khoảng trắng.',
  en: '"corners" must have at least two points, one a line: X (north) and Y (east), separated by tabs, semicolons or spaces.',
};

const UNKNOWN_SYSTEM: Text = {
  vi: "Không biết hệ tọa độ mà danh sách ghi. Ghi kinh tuyến trục, ví dụ 105°45', hoặc EPSG:9210.",
  en: "The system that the list names is unknown. Name the central meridian, e.g. 105°45', or EPSG:9210.",
};

/** A line with a corner left out would take other parcels. */
function notUnderstood(lines: readonly string[]): Text {
  const shown = lines
    .slice(0, 3)
    .map((line) => `"${line}"`)
    .join(', ');
  return {
    vi: `Không hiểu ${lines.length} dòng của "corners": ${shown}. Mỗi dòng phải có một cặp tọa độ, hoặc không có tọa độ nào.`,
    en: `${lines.length} lines of "corners" were not understood: ${shown}. A line must have one pair of coordinates, or none.`,
  };
}

function elsewhere(crs: Crs): Text {
  return {
    vi: `Có điểm không nằm trong Việt Nam theo ${crs.name}. Kiểm tra từng dòng và kinh tuyến trục.`,
    en: `A point is not in Vietnam in ${crs.name}. Check each line and the central meridian.`,
  };
}

function tooMany(count: number): Problem {
  return tooMuch(
    { vi: `Danh sách có ${count} điểm`, en: `The list has ${count} points` },
    { vi: `${MOST_CORNERS}. Hãy chia tuyến.`, en: `${MOST_CORNERS}. Split the line.` },
  );
}
