import type { MetricBox } from './coverage/cell-index.ts';

/** Largest side in metres of a place that is checked by itself. Rivers are larger: they make the whole rule due. */
const WIDEST = 1500;
/** Most places that are checked one by one. Each takes up to 0.1 s in a town, and 100 000 parcels as a whole 20 s. */
const MOST_PLACES = 100;

/** Metres around a place that its check reads. */
const AROUND = 200;

/**
 * Merges boxes of edited features, so that those of neighbours are checked once.
 * @param texts as PostGIS writes a `box2d`, in the layer's CRS
 * @param most number of places
 * @returns boxes of the same form; undefined: they are too many or too large to be checked one by one
 */
export function mergePlaces(texts: readonly string[], most = MOST_PLACES): readonly string[] | undefined {
  const merged: MetricBox[] = [];
  for (const text of texts) {
    const box = parsePlace(text);
    if (!box || !isNarrow(box)) return undefined;
    const near = merged.findIndex((other) => isCheaper(unite(box, other), [box, other]));
    if (near < 0) merged.push(box);
    else merged[near] = unite(box, merged[near] as MetricBox);
    if (merged.length > most) return undefined;
  }
  return merged.map(boxText);
}

/** Returns a box as PostGIS writes a `box2d`. */
export function boxText([west, south, east, north]: MetricBox): string {
  return `BOX(${west} ${south},${east} ${north})`;
}

function parsePlace(text: string): MetricBox | undefined {
  const numbers = /^BOX\((\S+) (\S+),(\S+) (\S+)\)$/.exec(text)?.slice(1).map(Number) ?? [];
  return numbers.length === 4 && numbers.every(Number.isFinite) ? (numbers as unknown as MetricBox) : undefined;
}

function unite(a: MetricBox, b: MetricBox): MetricBox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Returns true if one check of the whole reads less ground than one of each part. */
function isCheaper(whole: MetricBox, parts: readonly MetricBox[]): boolean {
  return isNarrow(whole) && areaRead(whole) <= parts.reduce((sum, part) => sum + areaRead(part), 0);
}

function areaRead([west, south, east, north]: MetricBox): number {
  return (east - west + 2 * AROUND) * (north - south + 2 * AROUND);
}

function isNarrow([west, south, east, north]: MetricBox): boolean {
  return east - west <= WIDEST && north - south <= WIDEST;
}
