import { readdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';

const FOLDER = new URL('../../styles/sprites/', import.meta.url);

/** A picture's place in the sheet, in pixels of the sheet, as MapLibre reads it. */
export interface Place {
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
  readonly index: Readonly<Record<string, Place>>;
  readonly png: Uint8Array;
}

/** Draws `styles/sprites/*.svg` side by side. */
export async function drawSprite(ratio: number): Promise<Sprite> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.svg')).sort();
  const pictures = await Promise.all(files.map((file) => drawPicture(file, ratio)));
  const index: Record<string, Place> = {};
  let x = 0;
  const placed = pictures.map(({ name, png, ...picture }) => {
    index[name] = { x, y: 0, ...picture, pixelRatio: ratio };
    const left = x;
    // A gap keeps a neighbour's edge from being sampled in.
    x += picture.width + ratio;
    return { input: png, left, top: 0 };
  });
  const height = Math.max(...pictures.map((picture) => picture.height));
  const sheet = sharp({ create: { width: x, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  return { index, png: await sheet.composite(placed).png({ compressionLevel: 9 }).toBuffer() };
}

async function drawPicture(file: string, ratio: number) {
  const svg = await readFile(new URL(file, FOLDER), 'utf8');
  // At 72 dpi a unit of the drawing is a pixel.
  const { data, info } = await sharp(Buffer.from(svg), { density: 72 * ratio })
    .png()
    .toBuffer({ resolveWithObject: true });
  return {
    name: file.replace(/\.svg$/, ''),
    png: data,
    width: info.width,
    height: info.height,
    ...readStretch(svg, ratio),
  };
}

/** A sign that grows with its text says in `data-` attributes which part may grow and where the text goes. */
function readStretch(svg: string, ratio: number): Pick<Place, 'stretchX' | 'stretchY' | 'content'> {
  const numbers = (attribute: string): number[] | undefined =>
    new RegExp(`data-${attribute}="([\\d.,]+)"`)
      .exec(svg)?.[1]
      ?.split(',')
      .map((part) => Number(part) * ratio);
  const [stretchX, stretchY, content] = [numbers('stretch-x'), numbers('stretch-y'), numbers('content')];
  if (!stretchX || !stretchY || !content) return {};
  return { stretchX: [stretchX as [number, number]], stretchY: [stretchY as [number, number]], content };
}
