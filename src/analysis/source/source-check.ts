import { coordAll } from '@turf/meta';
import { understandPoint } from '../../geo/axis-order.ts';
import type { BBox } from '../../geo/bbox.ts';
import { type Crs, formatMeridian, meridianOf, shortCrsName, VIETNAM } from '../../geo/crs.ts';
import { FAULTS } from '../../geo/faults.ts';
import { tangleInTurns } from '../../geo/tangle.ts';
import { Problem, type Text } from '../../lib/errors.ts';
import { type FeatureSource, type GeometrySource, SOURCE_LIMITS } from './source.ts';

/** Degrees from a zone's meridian within which areas are true to 0.1 %: (1 + (218 km / R)² / 2 · k 0.9999)² = 1.001. */
const REACH = 2;
/** Metres of a degree of longitude in the far south, where it is longest; at 23° N 8 % less. */
const DEGREE = 102_000;

/**
 * Requires every position to lie in Vietnam as written, east first.
 * @throws Problem that suggests swapping if only that fits
 */
export function requirePlace({ geometry, crs }: GeometrySource): void {
  let vertices = 0;
  for (const [first = 0, second = 0] of coordAll(geometry)) {
    vertices++;
    const understood = understandPoint(first, second, crs);
    if (understood?.order === 'east-north') continue;
    throw understood
      ? swappedAxes(first, second, shortCrsName(crs))
      : outside(`[${first}, ${second}]`, shortCrsName(crs));
  }
  if (vertices > SOURCE_LIMITS.vertices) {
    throw tooMuch(
      { vi: `Hình học có ${vertices} đỉnh`, en: `The geometry has ${vertices} vertices` },
      {
        vi: `${SOURCE_LIMITS.vertices} đỉnh. Hãy đơn giản hóa hoặc chia nhỏ.`,
        en: `${SOURCE_LIMITS.vertices}. Simplify or split it.`,
      },
    );
  }
}

/**
 * Rejects geometries that PostGIS could not process in time.
 * @throws Problem invalid-geometry
 */
export async function requireUntangled({ geometry }: GeometrySource): Promise<void> {
  const tangle = await tangleInTurns(geometry);
  if (!tangle) return;
  throw new Problem(
    'invalid-geometry',
    { vi: `Hình học ${tangle.vi}.`, en: `The geometry ${tangle.en}.` },
    { parameter: 'geometry' },
  );
}

function swappedAxes(first: number, second: number, crs: string): Problem {
  return new Problem(
    'invalid-geometry',
    {
      vi: `[${first}, ${second}] chỉ nằm trong Việt Nam nếu đổi chỗ. GeoJSON ghi hướng đông trước, hướng bắc sau; giấy tờ Việt Nam ghi X là hướng bắc, Y là hướng đông. Hãy gửi [${second}, ${first}] (${crs}).`,
      en: `[${first}, ${second}] lies in Vietnam only when swapped. GeoJSON has east first, then north; Vietnamese documents write X for north, Y for east. Send [${second}, ${first}] (${crs}).`,
    },
    { parameter: 'geometry', position: [first, second], swapped: [second, first] },
  );
}

function outside(what: string, crs: string): Problem {
  return new Problem(
    'invalid-geometry',
    {
      vi: `${what} (${crs}) nằm ngoài Việt Nam (100-120°Đ, 4-25°B), nơi VN-2000 được định nghĩa. Kiểm tra lại "crs".`,
      en: `${what} (${crs}) lies outside Vietnam (100-120° E, 4-25° N), where VN-2000 is defined. Check "crs".`,
    },
    { parameter: 'geometry' },
  );
}

/** A row of {@link checkQuery}. */
export interface CheckRow {
  readonly valid: boolean;
  readonly reason: string | null;
  readonly x: number | null;
  readonly y: number | null;
  readonly box: BBox;
}

/** @throws Problem invalid-geometry with the place, in the request's own CRS, and the reason */
export function requireValid({ valid, reason, x, y }: CheckRow, { unit }: Crs): void {
  if (valid) return;
  const en = reason ?? 'invalid';
  const vi = FAULTS[en]?.vi ?? en;
  const digits = unit === 'degree' ? 7 : 2;
  const place = x === null || y === null ? undefined : [x, y].map((each) => Number(each.toFixed(digits)));
  const at: Text = place ? { vi: ` tại [${place}]`, en: ` at [${place}]` } : { vi: '', en: '' };
  throw new Problem(
    'invalid-geometry',
    {
      vi: `Hình học không hợp lệ: ${vi}${at.vi}. Mỗi vòng phải khép kín và không tự cắt.`,
      en: `The geometry is invalid: ${en}${at.en}. Each ring must be closed and must not cross itself.`,
    },
    { parameter: 'geometry', reason: { vi, en }, ...(place ? { location: place } : {}) },
  );
}

/** A row of {@link selectionQuery}. */
export interface SelectionRow {
  readonly count: number;
  readonly vertices: number;
  /** Features without a width, if widths are used. */
  readonly widthless: number;
  readonly found: readonly string[] | null;
  readonly box: BBox | null;
}

/** @throws Problem if nothing is selected, an id is missing, or the selection exceeds the limits of one buffer */
export function requireSelection(source: FeatureSource, { count, vertices, found, box }: SelectionRow): BBox {
  const missing = source.filter ? [] : (source.ids ?? []).filter((id) => !found?.includes(String(id)));
  if (missing.length) {
    const some = missing.slice(0, 5).join(', ');
    throw new Problem(
      'invalid-body',
      {
        vi: `${source.layer.id} không có (hoặc không có hình học) ${missing.length} trong số các id đã cho: ${some}. "ids" phải là id của các đối tượng trong lớp.`,
        en: `${source.layer.id} has no feature, or none with a geometry, for ${missing.length} of the ids: ${some}. "ids" must be ids of features of the layer.`,
      },
      { parameter: 'features.ids', missing: missing.slice(0, 100) },
    );
  }
  if (count === 0 || !box) {
    throw new Problem(
      'invalid-body',
      {
        vi: `Không đối tượng nào của ${source.layer.id} khớp "filter"; hãy nới điều kiện.`,
        en: `No feature of ${source.layer.id} meets "filter"; widen it.`,
      },
      { parameter: 'features' },
    );
  }
  if (count > SOURCE_LIMITS.features) {
    throw tooMuch(
      { vi: `Chọn được ${count} đối tượng`, en: `${count} features are selected` },
      { vi: `${SOURCE_LIMITS.features}. Hãy thu hẹp "filter".`, en: `${SOURCE_LIMITS.features}. Narrow "filter".` },
    );
  }
  if (vertices > SOURCE_LIMITS.featureVertices) {
    throw tooMuch(
      { vi: `Các đối tượng được chọn có ${vertices} đỉnh`, en: `The selected features have ${vertices} vertices` },
      {
        vi: `${SOURCE_LIMITS.featureVertices}. Hãy chọn ít hơn.`,
        en: `${SOURCE_LIMITS.featureVertices}. Select fewer.`,
      },
    );
  }
  return box;
}

/** @throws Problem if a part is so far from the zone's meridian that areas would be more than 0.1 % off */
export function requireReach([west, , east]: BBox, distance: number, zone: number): void {
  const meridian = meridianOf(zone) ?? 0;
  const reach = Math.max(Math.abs(west - meridian), Math.abs(east - meridian)) + distance / DEGREE;
  if (reach <= REACH) return;
  throw tooMuch(
    {
      vi: `Vùng hỏi vươn ${reach.toFixed(1)}° khỏi kinh tuyến trục ${formatMeridian(meridian)}`,
      en: `The area reaches ${reach.toFixed(1)}° from the meridian ${formatMeridian(meridian)}`,
    },
    {
      vi: `${REACH}°, để diện tích đúng đến 0,1%. Hãy chia theo hướng đông - tây.`,
      en: `${REACH}°, for areas to be true to 0.1%. Split it from east to west.`,
    },
  );
}

/** @param box longitude and latitude */
export function requireVietnam(box: BBox): void {
  const [west, south, east, north] = VIETNAM;
  if (box[0] >= west && box[1] >= south && box[2] <= east && box[3] <= north) return;
  throw outside(`[${box.map((degrees) => degrees.toFixed(3)).join(', ')}]`, 'CRS84');
}

/** Returns the 422 problem that `what` exceeds the most of one request, `limit`. */
export function tooMuch(what: Text, limit: Text): Problem {
  return new Problem('too-much', {
    vi: `${what.vi}; nhiều nhất là ${limit.vi}`,
    en: `${what.en}; the most is ${limit.en}`,
  });
}
