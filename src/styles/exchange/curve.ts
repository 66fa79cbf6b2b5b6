/** A number that depends on the zoom. Between stops it grows by `base` (1: linearly), or jumps if `isStep`. */
export interface ZoomCurve {
  readonly base: number;
  readonly isStep: boolean;
  /** Zoom and value, in order. */
  readonly stops: readonly (readonly [zoom: number, value: number])[];
}

export type Curve = number | ZoomCurve;

/** @returns undefined if the value is neither a number nor a curve of the zoom alone */
export function readCurve(value: unknown): Curve | undefined {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value)) return undefined;
  const [operator, ...rest] = value as unknown[];
  if (operator === 'step') {
    const [input, first, ...stops] = rest;
    return isZoom(input) ? readStops([0, first, ...stops], { base: 1, isStep: true }) : undefined;
  }
  if (operator !== 'interpolate') return undefined;
  const [kind, input, ...stops] = rest;
  if (!isZoom(input) || !Array.isArray(kind)) return undefined;
  const [name, base = 1] = kind as [string, number?];
  return name === 'linear' || name === 'exponential' ? readStops(stops, { base, isStep: false }) : undefined;
}

function readStops(flat: readonly unknown[], kind: Pick<ZoomCurve, 'base' | 'isStep'>): ZoomCurve | undefined {
  if (flat.some((each) => typeof each !== 'number')) return undefined;
  const numbers = flat as readonly number[];
  const stops = numbers.flatMap((zoom, index) => (index % 2 ? [] : [[zoom, numbers[index + 1] as number] as const]));
  return { ...kind, stops };
}

export function isZoom(input: unknown): boolean {
  return Array.isArray(input) && input[0] === 'zoom';
}

/** Returns the zooms at which a curve bends or jumps. */
export function bendsOf(curve: Curve): number[] {
  return typeof curve === 'number' ? [] : curve.stops.map(([zoom]) => zoom);
}

/** Returns the value at a zoom, as the MapLibre style specification defines `interpolate` and `step`. */
export function valueAt(curve: Curve, zoom: number): number {
  if (typeof curve === 'number') return curve;
  const { stops, base, isStep } = curve;
  const next = stops.findIndex(([at]) => at > zoom);
  const [from, low] = stops[next === -1 ? stops.length - 1 : Math.max(0, next - 1)] as readonly [number, number];
  if (isStep || next <= 0) return low;
  const [to, high] = stops[next] as readonly [number, number];
  const share = base === 1 ? (zoom - from) / (to - from) : (base ** (zoom - from) - 1) / (base ** (to - from) - 1);
  return low + (high - low) * share;
}

/** Returns a curve of the same zooms with every value replaced. */
export function mapCurve(curve: Curve, change: (value: number) => number): Curve {
  if (typeof curve === 'number') return change(curve);
  return { ...curve, stops: curve.stops.map(([zoom, value]) => [zoom, change(value)] as const) };
}
