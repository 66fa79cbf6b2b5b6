import { drawText, shapeText } from './text-shape.ts';
import type { PictureView } from './view.ts';

const SIZE = 10;
const LAYOUT = { lineHeight: 1.3, letterSpacing: 0, justify: 'right' } as const;

/** Returns the attribution as SVG, in the lower right corner. In a narrow picture it takes several lines. */
export function attributionSvg(text: string, { width, height }: Pick<PictureView, 'width' | 'height'>): string {
  const shaped = shapeText([{ text, scale: 1 }], { ...LAYOUT, maxWidth: Math.max(8, (width - 12) / SIZE) });
  if (!shaped) return '';
  const [w, h] = [Math.ceil(shaped.width * SIZE) + 8, Math.ceil(shaped.height * SIZE) + 2];
  const box = `<rect x="${width - w}" y="${height - h}" width="${w}" height="${h}" fill="#ffffff" fill-opacity="0.78"/>`;
  return `${box}<path fill="#333333" d="${drawText(shaped, width - w / 2, height - h / 2, SIZE)}"/>`;
}
