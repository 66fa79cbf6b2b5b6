import type { Geometry } from 'geojson';
import type { Text } from '../lib/errors.ts';
import { type Crossings, countCrossings, countCrossingsInTurns, countNested } from './crossings.ts';

/**
 * Most places in which sides of a given geometry may meet. PostGIS repairs a ring with 200 self-crossings in 0.1 s. Its
 * time grows with the square, and neither `statement_timeout` nor a disconnect of the client stops it.
 */
export const MAX_CROSSINGS = 200;
/** Most rings nested within each other. PostGIS takes 3 s for 800. */
const MAX_NESTED = 32;

/** Counts the vertices of all parts. */
export function countVertices(geometry: Geometry): number {
  if (geometry.type === 'GeometryCollection') {
    return geometry.geometries.reduce((sum, each) => sum + countVertices(each), 0);
  }
  return countPositions(geometry.coordinates);
}

/** Depth of the lists in the coordinates of a MultiPolygon. */
const LEVELS = 4;

/** Counts positions in nested lists of unknown JSON. A flat list of numbers counts as a quarter of its length. */
export function countPositions(value: unknown, level = 0): number {
  if (!Array.isArray(value) || level > LEVELS) return 0;
  if (!Array.isArray(value[0])) return Math.max(1, Math.ceil(value.length / 4));
  return value.reduce((sum: number, each) => sum + countPositions(each, level + 1), 0);
}

/**
 * Returns the reason why a geometry would keep PostGIS busy without bound, as a sentence without its subject. Returns
 * undefined if it would not.
 * @param crossings most pairs of sides that may meet
 */
export function tangleOf(geometry: Geometry, crossings = MAX_CROSSINGS): Text | undefined {
  return describeTangle(geometry, countCrossings(geometry, crossings), crossings);
}

/** Checks like {@link tangleOf}, in turns of a few milliseconds, for geometries of more than some 5000 vertices. */
export async function tangleInTurns(geometry: Geometry): Promise<Text | undefined> {
  return describeTangle(geometry, await countCrossingsInTurns(geometry, MAX_CROSSINGS), MAX_CROSSINGS);
}

function describeTangle(geometry: Geometry, { found, isMore }: Crossings, most: number): Text | undefined {
  if (isMore && found > most) {
    return {
      vi: `có hơn ${most} chỗ các cạnh cắt, chạm hoặc đè lên nhau ngoài đầu mút; nhiều nhất là ${most}: hãy sửa cho ranh giới không tự cắt, hoặc chia nhỏ`,
      en: `has more than ${most} places where its sides cross, touch or lie on each other; the most is ${most}: mend it so that no boundary crosses itself, or split it`,
    };
  }
  if (isMore) {
    return {
      vi: 'có quá nhiều cạnh dài nằm sát nhau hoặc cùng qua một điểm; hãy đơn giản hóa hoặc chia nhỏ',
      en: 'has too many long sides close to each other, or through one point; simplify or split it',
    };
  }
  if (countNested(geometry, MAX_NESTED + 1) <= MAX_NESTED) return undefined;
  return {
    vi: `có hơn ${MAX_NESTED} vòng lồng trong nhau; nhiều nhất là ${MAX_NESTED}`,
    en: `has more than ${MAX_NESTED} rings within each other; the most is ${MAX_NESTED}`,
  };
}
