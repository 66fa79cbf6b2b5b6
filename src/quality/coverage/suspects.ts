import type { MetricBox } from './cell-index.ts';
import { edgeBox, pairOpposites, splitEdges, UNPAIRED, unorderedPair } from './edges.ts';
import { eachMeeting } from './meetings.ts';
import { Neighbours } from './neighbours.ts';
import { type CoverageParts, type PairedCoverage, readCoverageParts } from './parts.ts';
import { type Uncovered, uncoveredPlaces } from './uncovered.ts';
import { type PlanePoint, partsAround, positionInside } from './winding.ts';

/** Metres by which a border may lie elsewhere: snapped twice, by 2 mm each, and widened by 5 mm where gaps are computed. */
const BLUR = 0.01;
/** Share of the tolerance that two parcels may have lost to snapping between them before they are looked at. */
const HIDDEN = 0.9;

/** Parcels of a region, and what is looked for. */
export interface Region {
  /** Shapes that meet the square, or lie clampedCell `margin` of it: WKB of two dimensions, one after another. */
  readonly shapes: Uint8Array;
  readonly square: MetricBox;
  /** Metres around the square whose parcels are given, and largest side of a gap. */
  readonly margin: number;
  /** Square metres from which an overlap or a gap counts, and above which a place is no gap. */
  readonly tolerance: number;
  readonly largest: number;
}

/** Parcels and places that a check must look at. Nothing else in the square has an overlap or a gap. */
export interface Suspects {
  /** Numbers of shapes that may overlap others. */
  readonly shapes: readonly number[];
  /** Boxes that meet each place that may be a gap. */
  readonly places: readonly MetricBox[];
}

/**
 * Looks for overlaps and gaps by the edges of parcels, without computing an intersection. Where parcels cover the ground
 * once, each edge has one parcel on either side, or none on its right. Edges with a parcel on either side are paired;
 * where the count of parcels changes, there are unpaired edges.
 *
 * A parcel overlaps nothing if no unpaired edge crosses its edges or lies in it, and if it is covered once in one
 * position. Otherwise unpaired edges would bound the ground that others cover as well.
 * A gap is a place that unpaired edges surround, or a part of one behind two edges that nearly meet.
 */
export function findSuspects(region: Region): Suspects {
  const around = expandBox(region.square, region.margin);
  const read = readCoverageParts(region.shapes, [around[0], around[1]]);
  const { vertices } = read;
  const edges = splitEdges(read.edges, { vertices, pairs: pairOpposites(read.edges), region: around });
  const parts: PairedCoverage = { ...read, edges, pairs: pairOpposites(edges) };
  const boxes = partBoxes(parts);
  const overlapping = new Set<number>();
  const places: MetricBox[] = [];
  const flag = (part: number) => void overlapping.add(part);
  eachMeeting(
    { ...parts, region: around },
    {
      crossing(one, two) {
        flag(edges.part[one] as number);
        flag(edges.part[two] as number);
      },
      narrow: (one, two) => void places.push(boxOfBoth(parts, one, two)),
    },
  );
  flagCovered(parts, { boxes, region: around, flag });
  const uncovered = uncoveredPlaces(parts).filter((place) => mayBeGap(place, region));
  // Where parcels overlap, the border of a gap may not have been followed.
  places.push(...uncovered.map(({ box }) => box), ...[...overlapping].map((part) => boxes[part] as MetricBox));
  flagMoved(parts, region.tolerance, flag);
  return {
    shapes: [...new Set([...read.others, ...[...overlapping].map((part) => parts.shapeOf[part] as number)])],
    places: places.filter((box) => beginsIn(box, region.square)),
  };
}

/**
 * Flags the parts that contain an unpaired edge, and those that lie in another. Of parts without an unpaired edge only
 * the neighbours of flagged ones are looked at: the count of parcels is the same on either side of a pair.
 */
function flagCovered(
  parts: PairedCoverage,
  { boxes, region, flag }: { boxes: readonly MetricBox[]; region: MetricBox; flag(part: number): void },
): void {
  const { edges, pairs, vertices, shapeOf } = parts;
  const { x, y } = vertices;
  const neighbours = new Neighbours(parts);
  const boxed = { ...parts, boxes, edgesOf: (part: number) => neighbours.edgesOf(part) };
  /** Flags the owners of positions that lie in other parts, and these. Returns those owners. */
  const flagAt = (owners: readonly number[], positions: readonly PlanePoint[]) => {
    const around = partsAround(boxed, region, positions);
    return owners.filter((own, at) => {
      const others = (around[at] ?? []).filter((part) => shapeOf[part] !== shapeOf[own]);
      for (const part of others) flag(part);
      if (others.length > 0) flag(own);
      return others.length > 0;
    });
  };
  const unpaired = edges.withPair(pairs, UNPAIRED);
  const owners = unpaired.map((edge) => edges.part[edge] as number);
  const middle = (of: readonly number[], edge: number) =>
    ((of[edges.from[edge] as number] as number) + (of[edges.to[edge] as number] as number)) / 2;
  flagAt(
    owners,
    unpaired.map((edge) => [middle(x, edge), middle(y, edge)]),
  );
  const seen = new Set(owners);
  for (let next = [...seen]; next.length > 0; ) {
    const places = next.map((part) => positionInside(boxed, part));
    // A part without width where it should be wide is looked at.
    for (const [at, part] of next.entries()) if (!places[at]) flag(part);
    const placed = next.filter((_, at) => places[at]);
    const covered = flagAt(
      placed,
      places.filter((place) => place !== undefined),
    );
    const beside = [...covered, ...next.filter((_, at) => !places[at])].flatMap((part) => neighbours.of(part));
    next = [...new Set(beside)].filter((part) => !seen.has(part));
    for (const part of next) seen.add(part);
  }
}

/** Flags parts between which snapping may hide an overlap. */
function flagMoved({ edges, pairs }: PairedCoverage, tolerance: number, flag: (part: number) => void): void {
  const moved = new Map<number, number>();
  for (let edge = 0; edge < edges.count; edge++) {
    const area = edges.moved[edge] as number;
    const pair = pairs[edge] as number;
    if (area === 0 || pair === UNPAIRED) continue;
    const [one, two] = [edges.part[edge] as number, edges.part[pair] as number];
    const both = unorderedPair(one, two);
    const sum = (moved.get(both) ?? 0) + area;
    moved.set(both, sum);
    if (sum <= HIDDEN * tolerance) continue;
    flag(one);
    flag(two);
  }
}

function partBoxes({ vertices, edges, shapeOf }: CoverageParts): readonly MetricBox[] {
  const boxes = Array.from(shapeOf, (): [number, number, number, number] => [Infinity, Infinity, -Infinity, -Infinity]);
  const box = new Float64Array(4);
  for (let edge = 0; edge < edges.count; edge++) {
    edgeBox(vertices, edges, edge, box);
    widen(boxes[edges.part[edge] as number] as [number, number, number, number], box);
  }
  return boxes;
}

function boxOfBoth({ vertices, edges }: CoverageParts, one: number, two: number): MetricBox {
  const both: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const box = new Float64Array(4);
  for (const edge of [one, two]) {
    edgeBox(vertices, edges, edge, box);
    widen(both, box);
  }
  return both;
}

function widen(box: [number, number, number, number], by: ArrayLike<number>): void {
  box[0] = Math.min(box[0], by[0] as number);
  box[1] = Math.min(box[1], by[1] as number);
  box[2] = Math.max(box[2], by[2] as number);
  box[3] = Math.max(box[3], by[3] as number);
}

function mayBeGap({ box: [west, south, east, north], area, least, border }: Uncovered, region: Region): boolean {
  const isShort = east - west <= region.margin && north - south <= region.margin;
  return isShort && area + border * BLUR >= region.tolerance && least - border * BLUR <= region.largest;
}

function beginsIn([x, y]: MetricBox, [west, south, east, north]: MetricBox): boolean {
  return x >= west && x < east && y >= south && y < north;
}

function expandBox([west, south, east, north]: MetricBox, by: number): MetricBox {
  return [west - by, south - by, east + by, north + by];
}
