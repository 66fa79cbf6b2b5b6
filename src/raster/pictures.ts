import { roundToHundredth } from '../lib/number.ts';
import { readStretch, type SignDrawing, signsByName } from '../styles/sprite.ts';

interface PictureSign extends SignDrawing {
  readonly stretch: ReturnType<typeof readStretch>;
}

const signs = new Map<string, PictureSign>(
  [...signsByName()].map(([name, sign]) => [name, { ...sign, stretch: readStretch(sign.svg, 1) }]),
);

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The signs of the sprite as SVG, sharp at any scale because they are vectors. Those in use become the picture's
 * `<defs>`.
 */
export class Pictures {
  readonly #used = new Map<string, string>();
  /** Pixels of the world left of and above the view. Patterns start from there, so that neighbours agree. */
  readonly #origin: readonly [x: number, y: number];

  constructor(origin: readonly [x: number, y: number]) {
    this.#origin = origin;
  }

  has(name: string): boolean {
    return signs.has(name);
  }

  size(name: string): Size | undefined {
    return signs.get(name);
  }

  /** Returns the parts of a stretchable sign that lie around the text: left, top, right, bottom. */
  margins(name: string): readonly [number, number, number, number] {
    const sign = signs.get(name);
    const [left = 0, top = 0, right = sign?.width ?? 0, bottom = sign?.height ?? 0] = sign?.stretch.content ?? [];
    return [left, top, (sign?.width ?? 0) - right, (sign?.height ?? 0) - bottom];
  }

  /** Returns a pattern as paint: `url(#…)`. */
  pattern(name: string): string {
    const { svg, width, height } = signs.get(name) as PictureSign;
    const id = `pattern-${name}`;
    const [x, y] = [-(this.#origin[0] % width), -(this.#origin[1] % height)];
    this.#used.set(
      id,
      `<pattern id="${id}" width="${width}" height="${height}" patternUnits="userSpaceOnUse" patternTransform="translate(${x} ${y})">${svg}</pattern>`,
    );
    return `url(#${id})`;
  }

  /** Returns the sign centred at (x, y). */
  sign(name: string, x: number, y: number, scale: number): string {
    const { width, height } = this.#define(name);
    const move = `translate(${roundToHundredth(x - (width * scale) / 2)} ${roundToHundredth(y - (height * scale) / 2)})`;
    return `<use href="#${name}" transform="${move}${scale === 1 ? '' : ` scale(${roundToHundredth(scale)})`}"/>`;
  }

  /** Returns the sign stretched to a box, in whole pixels. Its corners are not scaled. */
  stretched(name: string, box: readonly [left: number, top: number, right: number, bottom: number]): string {
    const { width, height, stretch } = this.#define(name);
    const [left, top] = [Math.round(box[0]), Math.round(box[1])];
    const columns = slices(width, stretch.stretchX?.[0], Math.round(box[2]) - left);
    const rows = slices(height, stretch.stretchY?.[0], Math.round(box[3]) - top);
    return rows
      .flatMap((row) =>
        columns.map(
          (column) =>
            `<svg x="${left + column.to}" y="${top + row.to}" width="${column.toLength}" height="${row.toLength}" viewBox="${column.from} ${row.from} ${column.length} ${row.length}" preserveAspectRatio="none"><use href="#${name}"/></svg>`,
        ),
      )
      .join('');
  }

  toDefs(): string {
    return this.#used.size ? `<defs>${[...this.#used.values()].join('')}</defs>` : '';
  }

  #define(name: string): PictureSign {
    const sign = signs.get(name) as PictureSign;
    // Used directly, a nested svg would be as large as the whole picture.
    this.#used.set(name, `<g id="${name}">${sign.svg}</g>`);
    return sign;
  }
}

interface Slice {
  readonly from: number;
  readonly length: number;
  readonly to: number;
  readonly toLength: number;
}

/** Returns the slices before, in and after the part that may stretch. */
function slices(length: number, [start, end]: readonly [number, number] = [0, length], target: number): Slice[] {
  const middle = Math.max(0, target - start - (length - end));
  return [
    { from: 0, length: start, to: 0, toLength: start },
    { from: start, length: end - start, to: start, toLength: middle },
    { from: end, length: length - end, to: start + middle, toLength: length - end },
  ].filter((slice) => slice.length > 0 && slice.toLength > 0);
}
