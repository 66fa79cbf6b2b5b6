import sharp, { type Sharp } from 'sharp';
import type { BBox } from '../geo/bbox.ts';
import type { Sheet } from '../styles/sheet.ts';
import type { DrawOptions, Raster } from './raster.ts';
import { mercatorBounds, type ToMercator, type WarpTarget, warp } from './warp.ts';

export type StackFormat = 'png' | 'webp' | 'jpeg';

/** One map of a stack, listed from below. */
export interface StackLayer {
  readonly style: Sheet;
  /** As `TilePicture.only`. */
  readonly only: ReadonlySet<string> | undefined;
}

export interface Stack {
  readonly layers: readonly StackLayer[];
  /** In the target CRS, x eastwards. */
  readonly bounds: BBox;
  readonly width: number;
  readonly height: number;
  /** undefined for EPSG:3857 itself. */
  readonly toMercator: ToMercator | undefined;
  readonly format: StackFormat;
  /** `#rrggbb`; `style` means the background of the lowest map. */
  readonly background: 'transparent' | 'style' | `#${string}`;
}

/** Renders a stack of maps in any CRS that has a function to EPSG:3857. */
export async function drawStack(raster: Raster, stack: Stack, options: DrawOptions): Promise<Uint8Array> {
  const direct = await drawDirectly(raster, stack, options);
  if (direct) return direct;
  const sheets: Buffer[] = [];
  // One by one, because each takes the memory of a whole picture.
  for (const [index, layer] of stack.layers.entries()) {
    sheets.push(
      await drawSheet(raster, stack, { ...layer, isTransparent: index > 0 || stack.background !== 'style' }, options),
    );
  }
  const [lowest, ...others] = sheets;
  const joined = sharp(lowest).composite(others.map((input) => ({ input })));
  const colour = stack.background === 'transparent' || stack.background === 'style' ? '#ffffff' : stack.background;
  const isOpaque = stack.background !== 'transparent' || stack.format === 'jpeg';
  // Composed first, because sharp would flatten the picture before it adds the other maps.
  const image = sharp(await joined.png({ compressionLevel: 1 }).toBuffer());
  return encodeStack(isOpaque ? image.flatten({ background: colour }) : image, stack.format);
}

function encodeStack(image: Sharp, format: StackFormat): Promise<Uint8Array> {
  if (format === 'jpeg') return image.jpeg({ quality: 90 }).toBuffer();
  return format === 'png'
    ? image.png({ compressionLevel: 6 }).toBuffer()
    : image.webp({ lossless: true, effort: 2 }).toBuffer();
}

/** Returns a cached picture if the stack needs neither composition nor warping. */
async function drawDirectly(raster: Raster, stack: Stack, options: DrawOptions): Promise<Uint8Array | undefined> {
  const { layers, bounds, width, height, toMercator, format, background } = stack;
  const [layer] = layers;
  const isPlain = background === 'style' || background === 'transparent';
  if (!layer || layers.length > 1 || toMercator || format === 'jpeg' || !isPlain) return undefined;
  const { style, only } = layer;
  const picture = { format, isTransparent: background === 'transparent', ...(only && { only }) };
  return raster.map(style, { bounds, width, height, scale: 1 }, picture, options);
}

/** Renders one map as PNG. */
async function drawSheet(
  raster: Raster,
  { bounds, width, height, toMercator }: Stack,
  { style, only, isTransparent }: StackLayer & { readonly isTransparent: boolean },
  options: DrawOptions,
): Promise<Buffer> {
  const picture = { format: 'png', isTransparent, ...(only && { only }) } as const;
  if (!toMercator) return Buffer.from(await raster.map(style, { bounds, width, height, scale: 1 }, picture, options));
  const target: WarpTarget = { bounds, width, height, toMercator };
  const box = mercatorBounds(target);
  // Twice as many pixels, so that letters stay sharp when four are averaged.
  const drawn = await raster.map(style, { bounds: box, width, height, scale: 2 }, picture, options);
  const { data, info } = await sharp(drawn).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const warped = await warp({ data, width: info.width, height: info.height }, box, target);
  return sharp(warped.data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
