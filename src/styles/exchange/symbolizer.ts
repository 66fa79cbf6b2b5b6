import type { PlainLayer } from './choices.ts';
import { type Curve, readCurve } from './curve.ts';

/** A CSS colour, or an expression of attributes that gives one. */
export type Colour = string | readonly unknown[];

/** Lengths are pixels of MapLibre (1/96 inch); opacities lie in 0..1. */
export interface FillSymbolizer {
  readonly kind: 'fill';
  /** undefined: only a pattern. */
  readonly colour: Colour | undefined;
  readonly opacity: Curve;
  readonly outline: Colour | undefined;
  /** Name of a picture of the sprite. */
  readonly pattern: string | undefined;
}

export interface LineSymbolizer {
  readonly kind: 'line';
  readonly colour: Colour;
  readonly opacity: Curve;
  readonly width: Curve;
  /** Dash and gap in turn, in multiples of the line width. */
  readonly dashes: readonly number[] | undefined;
  readonly cap: 'butt' | 'round' | 'square';
  readonly join: 'miter' | 'round' | 'bevel';
}

export interface CircleSymbolizer {
  readonly kind: 'circle';
  readonly colour: Colour;
  readonly opacity: Curve;
  /** To the inner edge of the stroke. */
  readonly radius: Curve;
  readonly strokeColour: Colour;
  readonly strokeWidth: Curve;
}

export interface IconSymbolizer {
  readonly kind: 'icon';
  /** Name of a picture of the sprite. */
  readonly image: string;
  readonly scale: Curve;
  readonly opacity: Curve;
}

/** A value of the specification's `text-anchor`: the side of the text that lies on the point. */
export type Anchor = 'center' | 'left' | 'right' | 'top' | 'bottom';

export interface TextSymbolizer {
  readonly kind: 'text';
  /** An expression. */
  readonly text: unknown;
  readonly colour: Colour;
  readonly size: Curve;
  readonly haloColour: Colour | undefined;
  readonly haloWidth: Curve;
  readonly placement: 'point' | 'line';
  /** Anchors in order of preference. */
  readonly anchors: readonly Anchor[];
  /** Ems, right and down, from the point to the anchor. */
  readonly offset: readonly [number, number];
  /** Ems after which a line breaks. */
  readonly maxWidth: number;
  readonly letterSpacing: number;
  readonly isUppercase: boolean;
  /** True if the text is drawn over other labels. */
  readonly overlaps: boolean;
  /** Distance between repetitions along a line. */
  readonly spacing: number;
  /** Name of the picture behind the text. */
  readonly shield: string | undefined;
}

export type Symbolizer = FillSymbolizer | LineSymbolizer | CircleSymbolizer | IconSymbolizer | TextSymbolizer;

const TRANSPARENT = /^(transparent|rgba\([^)]*,\s*0(\.0+)?\))$/;

const SYMBOLIZER_READERS: Record<Symbolizer['kind'], (read: PropertyReader) => Symbolizer | undefined> = {
  fill: fillOf,
  line: lineOf,
  circle: circleOf,
  icon: iconOf,
  text: textSymbolizer,
};

/** @returns undefined if the layer draws nothing, because its icon or text is empty */
export function symbolizerOf(kind: Symbolizer['kind'], { values }: PlainLayer): Symbolizer | undefined {
  return SYMBOLIZER_READERS[kind](new PropertyReader(values));
}

/** Reads values by their names in the specification. */
class PropertyReader {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  curve(name: string, fallback: number): Curve {
    return readCurve(this.#values[name]) ?? fallback;
  }

  number(name: string, fallback: number): number {
    const value = this.#values[name];
    return typeof value === 'number' ? value : fallback;
  }

  colour(name: string): Colour | undefined {
    const value = this.#values[name];
    if (Array.isArray(value)) return value;
    return typeof value === 'string' && !TRANSPARENT.test(value) ? value : undefined;
  }

  /** Returns a value that is neither a colour nor a number, such as a word or a list. */
  any<T>(name: string): T | undefined {
    return this.#values[name] as T | undefined;
  }
}

function fillOf(read: PropertyReader): FillSymbolizer {
  const pattern = read.any<string>('fill-pattern');
  return {
    kind: 'fill',
    colour: pattern === undefined ? (read.colour('fill-color') ?? '#000000') : undefined,
    opacity: read.curve('fill-opacity', 1),
    outline: read.colour('fill-outline-color'),
    pattern,
  };
}

function lineOf(read: PropertyReader): LineSymbolizer {
  return {
    kind: 'line',
    colour: read.colour('line-color') ?? '#000000',
    opacity: read.curve('line-opacity', 1),
    width: read.curve('line-width', 1),
    dashes: read.any('line-dasharray'),
    cap: read.any('line-cap') ?? 'butt',
    join: read.any('line-join') ?? 'miter',
  };
}

function circleOf(read: PropertyReader): CircleSymbolizer {
  return {
    kind: 'circle',
    colour: read.colour('circle-color') ?? 'transparent',
    opacity: read.curve('circle-opacity', 1),
    radius: read.curve('circle-radius', 5),
    strokeColour: read.colour('circle-stroke-color') ?? '#000000',
    strokeWidth: read.curve('circle-stroke-width', 0),
  };
}

function iconOf(read: PropertyReader): IconSymbolizer | undefined {
  const image = read.any<string>('icon-image');
  // A picture that grows with a text is part of the text.
  if (!image || read.any('icon-text-fit')) return undefined;
  return { kind: 'icon', image, scale: read.curve('icon-size', 1), opacity: read.curve('icon-opacity', 1) };
}

function textSymbolizer(read: PropertyReader): TextSymbolizer | undefined {
  const text = read.any('text-field');
  if (text === undefined || text === '') return undefined;
  const radial = read.curve('text-radial-offset', 0);
  const distance = typeof radial === 'number' ? radial : (radial.stops[0]?.[1] ?? 0);
  const anchors = read.any<Anchor[]>('text-variable-anchor') ?? [read.any<Anchor>('text-anchor') ?? 'center'];
  return {
    kind: 'text',
    text,
    colour: read.colour('text-color') ?? '#000000',
    size: read.curve('text-size', 16),
    haloColour: read.colour('text-halo-color'),
    haloWidth: read.curve('text-halo-width', 0),
    placement: read.any<string>('symbol-placement') === 'line' ? 'line' : 'point',
    anchors,
    offset: read.any<[number, number]>('text-offset') ?? radialOffset(anchors[0] ?? 'center', distance),
    maxWidth: read.number('text-max-width', 10),
    letterSpacing: read.number('text-letter-spacing', 0),
    isUppercase: read.any('text-transform') === 'uppercase',
    overlaps: read.any('text-allow-overlap') === true,
    spacing: read.number('symbol-spacing', 250),
    shield: read.any('icon-text-fit') ? read.any('icon-image') : undefined,
  };
}

/** Returns the offset away from the point, on the side of the text. */
function radialOffset(anchor: Anchor, distance: number): [number, number] {
  const sides: Record<Anchor, [number, number]> = {
    center: [0, 0],
    left: [distance, 0],
    right: [-distance, 0],
    top: [0, distance],
    bottom: [0, -distance],
  };
  return sides[anchor];
}
