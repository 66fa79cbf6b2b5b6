import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { BootError } from '../lib/errors.ts';

const FOLDER = new URL('../../styles/sprites/', import.meta.url);

/** A picture's place in the sheet, in pixels of the sheet, as MapLibre reads it. */
export interface SpritePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly stretchX?: readonly [number, number][];
  readonly stretchY?: readonly [number, number][];
  readonly content?: readonly number[];
}

export interface Sprite {
  readonly index: Readonly<Record<string, SpritePlace>>;
  readonly png: Uint8Array;
}

/** A drawing of `styles/sprites`. */
export interface SignDrawing {
  readonly name: string;
  readonly svg: string;
  /** Map pixels. */
  readonly width: number;
  readonly height: number;
}

/** @throws BootError for a drawing without a size */
function readSigns(): SignDrawing[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.svg'));
  return files.sort().map((file) => {
    const svg = readFileSync(new URL(file, FOLDER), 'utf8');
    const [, width, height] = /^<svg [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
    if (!width || !height) throw new BootError(`styles/sprites/${file} does not say its width and height.`);
    return { name: file.replace(/\.svg$/, ''), svg, width: Number(width), height: Number(height) };
  });
}

let signs: ReadonlyMap<string, SignDrawing> | undefined;

/** @returns the drawings by their names, read from disk once */
export function signsByName(): ReadonlyMap<string, SignDrawing> {
  signs ??= new Map(readSigns().map((sign) => [sign.name, sign]));
  return signs;
}

/** Renders `styles/sprites/*.svg` side by side. */
export async function drawSprite(ratio: number): Promise<Sprite> {
  const pictures = await Promise.all([...signsByName().values()].map((sign) => drawPicture(sign, ratio)));
  const index: Record<string, SpritePlace> = {};
  let x = 0;
  const placed = pictures.map(({ name, png, ...picture }) => {
    index[name] = { x, y: 0, ...picture, pixelRatio: ratio };
    const left = x;
    // A gap, so that sampling does not reach into a neighbour.
    x += picture.width + ratio;
    return { input: png, left, top: 0 };
  });
  const height = Math.max(...pictures.map((picture) => picture.height));
  const sheet = sharp({ create: { width: x, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  return { index, png: await sheet.composite(placed).png({ compressionLevel: 9 }).toBuffer() };
}

async function drawPicture({ name, svg }: SignDrawing, ratio: number) {
  // At 72 dpi a unit of the drawing is a pixel.
  const { data, info } = await sharp(Buffer.from(svg), { density: 72 * ratio })
    .png()
    .toBuffer({ resolveWithObject: true });
  return {
    name,
    png: data,
    width: info.width,
    height: info.height,
    ...readStretch(svg, ratio),
  };
}

/** Reads the `data-` attributes of a sign that grows with its text: the stretchable part, and the place of the text. */
export function readStretch(svg: string, ratio: number): Pick<SpritePlace, 'stretchX' | 'stretchY' | 'content'> {
  const numbers = (attribute: string): number[] | undefined =>
    new RegExp(`data-${attribute}="([\\d.,]+)"`)
      .exec(svg)?.[1]
      ?.split(',')
      .map((part) => Number(part) * ratio);
  const [stretchX, stretchY, content] = [numbers('stretch-x'), numbers('stretch-y'), numbers('content')];
  if (!stretchX || !stretchY || !content) return {};
  return { stretchX: [stretchX as [number, number]], stretchY: [stretchY as [number, number]], content };
}
