import { readdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { z } from 'zod';
import { notFound } from '../../errors.ts';
import type { Parameter } from '../parameters.ts';
import { bytes, json } from '../reply.ts';
import { type Route, route } from '../route.ts';
import { bytesSchema } from '../shapes.ts';

const FOLDER = new URL('../../../styles/sprites/', import.meta.url);
const NAME = 'diaba';
const FILES = [`${NAME}.json`, `${NAME}.png`, `${NAME}@2x.json`, `${NAME}@2x.png`] as const;

/** A picture's place in the sheet, in pixels of the sheet, as MapLibre reads it. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly stretchX?: readonly [number, number][];
  readonly stretchY?: readonly [number, number][];
  readonly content?: readonly number[];
}

const stretchSchema = z.array(z.array(z.number()).length(2));
const indexSchema = z.record(
  z.string(),
  z.strictObject({
    x: z.int(),
    y: z.int(),
    width: z.int(),
    height: z.int(),
    pixelRatio: z.number(),
    stretchX: stretchSchema.optional(),
    stretchY: stretchSchema.optional(),
    content: z.array(z.number()).length(4).optional(),
  }),
);

interface Sprite {
  readonly index: Readonly<Record<string, Place>>;
  readonly png: Uint8Array;
}

export function spriteRoutes(): Route[] {
  const sprites = new Map<number, Promise<Sprite>>();
  const spriteAt = (ratio: number): Promise<Sprite> => {
    const sprite = sprites.get(ratio) ?? drawSprite(ratio);
    sprites.set(ratio, sprite);
    sprite.catch(() => sprites.delete(ratio));
    return sprite;
  };
  return [
    route({
      path: '/sprites/:file',
      tag: 'styles',
      summary: { vi: 'Ký hiệu của bản đồ', en: 'Symbols of the map' },
      pathParameters: { file: fileParameter },
      responses: { 200: { content: { 'application/json': indexSchema, 'image/png': bytesSchema } } },
      problems: [],
      handle: async ({ path }) => {
        const { index, png } = await spriteAt(path.file.includes('@2x') ? 2 : 1);
        return path.file.endsWith('.json') ? json(index) : bytes(png, 'image/png');
      },
    }),
  ];
}

const fileParameter: Parameter<string> & { required: true } = {
  description: { vi: 'Tên tệp', en: 'Name of the file' },
  schema: { type: 'string', enum: FILES },
  expected: { vi: `một trong: ${FILES.join(', ')}`, en: `one of: ${FILES.join(', ')}` },
  required: true,
  read: (text) => {
    const file = FILES.find((each) => each === text);
    if (file) return file;
    throw notFound({
      vi: `Không có tệp này. Có: ${FILES.join(', ')}.`,
      en: `There is no such file. There are: ${FILES.join(', ')}.`,
    });
  },
};

/** Draws `styles/sprites/*.svg` side by side. */
async function drawSprite(ratio: number): Promise<Sprite> {
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
