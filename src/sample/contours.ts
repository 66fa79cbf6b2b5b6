import type { EastNorth } from '../geo/vn2000.ts';
import { roundToHundredth } from '../lib/number.ts';

/** Metres between heights on the grid, and between two contours. */
const STEP = 250;
const INTERVAL = 10;

export interface Contour {
  readonly level: number;
  readonly line: number[];
}

/** Returns the eastings at which a row of the grid enters and leaves the outline. */
function crossings(outline: readonly EastNorth[], y: number): number[] {
  const result: number[] = [];
  for (let index = 0, last = outline.length - 1; index < outline.length; last = index++) {
    const [[ax, ay], [bx, by]] = [outline[index]!, outline[last]!];
    if (ay > y !== by > y) result.push(((bx - ax) * (y - ay)) / (by - ay) + ax);
  }
  return result.sort((a, b) => a - b);
}

/**
 * Traces contours by marching squares over the heights inside the outline. Lines are in metres, smoothed by two passes
 * of Chaikin.
 */
export function contours(outline: readonly EastNorth[], heightAt: (x: number, y: number) => number): Contour[] {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const [west, south] = [Math.min(...xs), Math.min(...ys)];
  const columns = Math.ceil((Math.max(...xs) - west) / STEP) + 1;
  const rows = Math.ceil((Math.max(...ys) - south) / STEP) + 1;
  const heights = new Float64Array(columns * rows).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    const y = south + row * STEP;
    const cuts = crossings(outline, y);
    for (let index = 0; index + 1 < cuts.length; index += 2) {
      const from = Math.ceil((cuts[index]! - west) / STEP);
      for (let column = from; west + column * STEP < cuts[index + 1]!; column++) {
        heights[row * columns + column] = heightAt(west + column * STEP, y);
      }
    }
  }
  const grid = { heights, columns, rows, west, south };
  const highest = heights.reduce((most, value) => Math.max(most, value || 0), 0);
  const result: Contour[] = [];
  for (let level = INTERVAL; level < highest; level += INTERVAL) {
    for (const line of traceLevel(grid, level))
      if (line.length >= 12) result.push({ level, line: round(round(line)).map(roundToHundredth) });
  }
  return result;
}

interface Grid {
  readonly heights: Float64Array;
  readonly columns: number;
  readonly rows: number;
  readonly west: number;
  readonly south: number;
}

/** Returns the lines of one level. Each square gives up to two pieces, joined where they share an edge of the grid. */
function traceLevel(grid: Grid, level: number): number[][] {
  const next = new Map<number, number[]>();
  const link = (a: number, b: number) => {
    next.set(a, [...(next.get(a) ?? []), b]);
    next.set(b, [...(next.get(b) ?? []), a]);
  };
  for (let row = 0; row + 1 < grid.rows; row++) {
    for (let column = 0; column + 1 < grid.columns; column++) {
      const crossed = squareEdges(grid, row * grid.columns + column, level);
      for (let index = 0; index + 1 < crossed.length; index += 2) link(crossed[index]!, crossed[index + 1]!);
    }
  }
  const lines: number[][] = [];
  const starts = [...next.keys()].sort((a, b) => next.get(a)!.length - next.get(b)!.length);
  for (const start of starts) {
    const line: number[] = [];
    let edge: number | undefined = start;
    let before = -1;
    while (edge !== undefined && next.has(edge)) {
      line.push(...crossingAt(grid, edge, level));
      const following: number[] = next.get(edge)!;
      next.delete(edge);
      const [a, b]: number[] = following;
      [before, edge] = [edge, a === before || !next.has(a!) ? b : a];
    }
    if (before !== start && edge === start) line.push(line[0]!, line[1]!);
    lines.push(line);
  }
  return lines;
}

/** Returns the edges of a square that the level crosses. An edge id is 2 × node + (0: to the east, 1: to the north). */
function squareEdges({ heights, columns }: Grid, node: number, level: number): number[] {
  const [a, b, c, d] = [heights[node]!, heights[node + 1]!, heights[node + columns + 1]!, heights[node + columns]!];
  if (Number.isNaN(a + b + c + d)) return [];
  const result: number[] = [];
  if (a < level !== b < level) result.push(2 * node);
  if (b < level !== c < level) result.push(2 * (node + 1) + 1);
  if (c < level !== d < level) result.push(2 * (node + columns));
  if (d < level !== a < level) result.push(2 * node + 1);
  return result;
}

function crossingAt({ heights, columns, west, south }: Grid, edge: number, level: number): [number, number] {
  const node = edge >> 1;
  const north = edge & 1;
  const other = north ? node + columns : node + 1;
  const t = (level - heights[node]!) / (heights[other]! - heights[node]!);
  return [
    west + ((node % columns) + (north ? 0 : t)) * STEP,
    south + (Math.floor(node / columns) + (north ? t : 0)) * STEP,
  ];
}

/** Smooths by Chaikin's method: cuts each corner at a quarter; the ends stay. */
function round(line: readonly number[]): number[] {
  const result = [line[0]!, line[1]!];
  for (let index = 0; index + 3 < line.length; index += 2) {
    const [ax, ay, bx, by] = [line[index]!, line[index + 1]!, line[index + 2]!, line[index + 3]!];
    result.push(ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25, ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75);
  }
  result.push(line.at(-2)!, line.at(-1)!);
  return result;
}
