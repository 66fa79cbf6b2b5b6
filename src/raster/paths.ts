import { TILE_EXTENT } from '../geo/tile.ts';
import type { Point } from './decoded-tile.ts';
import type { TilePlace } from './view.ts';

/** Left, top, right, bottom in map pixels. */
export type PixelBox = readonly [left: number, top: number, right: number, bottom: number];

/**
 * Returns rings as path data for the nonzero fill rule, by which overlapping areas, as in tile buffers, form one area.
 */
export function areaPath(rings: readonly (readonly Point[])[], place: TilePlace): string {
  let data = '';
  for (const ring of rings) {
    const points = toPixels(ring, place);
    if (points.length > 2) data += `${drawnPath(points)}Z`;
  }
  return data;
}

/**
 * Returns lines, or the outlines of areas, as path data, clipped to `clip`. Otherwise the lines repeated in a tile's
 * buffer would shift dashes, and the cut edges of areas would show.
 */
export function linePath(lines: readonly (readonly Point[])[], place: TilePlace, clip: PixelBox): string {
  let data = '';
  for (const line of lines) for (const part of clipLine(toPixels(line, place), clip)) data += drawnPath(part);
  return data;
}

type Pixel = readonly [x: number, y: number];

/** Returns points of the map in tenths of a pixel, without repeated ones. */
function toPixels(points: readonly Point[], { x, y, width, height }: TilePlace): Pixel[] {
  const [kx, ky] = [width / TILE_EXTENT, height / TILE_EXTENT];
  const pixels: Pixel[] = [];
  let last: Pixel | undefined;
  for (const point of points) {
    const pixel: Pixel = [Math.round((x + point.x * kx) * 10) / 10, Math.round((y + point.y * ky) * 10) / 10];
    if (last && last[0] === pixel[0] && last[1] === pixel[1]) continue;
    pixels.push(pixel);
    last = pixel;
  }
  return pixels;
}

function drawnPath(points: readonly Pixel[]): string {
  let data = '';
  for (const [index, [x, y]] of points.entries()) data += `${index ? 'L' : 'M'}${x} ${y}`;
  return data;
}

/** Returns the parts of a line inside a box, by Liang and Barsky (1984) for each segment. */
export function clipLine(line: readonly Pixel[], box: PixelBox): Pixel[][] {
  if (box.every((side) => !Number.isFinite(side))) return line.length > 1 ? [[...line]] : [];
  const parts: Pixel[][] = [];
  let part: Pixel[] = [];
  for (let index = 1; index < line.length; index++) {
    const [a, b] = [line[index - 1] as Pixel, line[index] as Pixel];
    const cut = cutSegment(a, b, box);
    if (!cut) continue;
    const [from, to] = cut;
    const last = part.at(-1);
    if (!last || last[0] !== from[0] || last[1] !== from[1]) {
      part = [from];
      parts.push(part);
    }
    part.push(to);
  }
  return parts;
}

function cutSegment(a: Pixel, b: Pixel, [left, top, right, bottom]: PixelBox): [Pixel, Pixel] | undefined {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let [enter, leave] = [0, 1];
  for (const [step, room] of [
    [-dx, a[0] - left],
    [dx, right - a[0]],
    [-dy, a[1] - top],
    [dy, bottom - a[1]],
  ] as const) {
    if (step === 0 && room < 0) return undefined;
    if (step < 0) enter = Math.max(enter, room / step);
    if (step > 0) leave = Math.min(leave, room / step);
  }
  if (enter >= leave) return undefined;
  const at = (t: number): Pixel => (t === 0 ? a : t === 1 ? b : [a[0] + t * dx, a[1] + t * dy]);
  return [at(enter), at(leave)];
}
