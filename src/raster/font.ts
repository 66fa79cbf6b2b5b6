import { createRequire } from 'node:module';
import { type Font, openSync } from 'fontkit';
import { roundToHundredth } from '../lib/number.ts';

/**
 * The only font that our styles name. npm distributes it under the SIL Open Font License, with every Vietnamese letter.
 */
export const FONT_NAME = 'Noto Sans Regular';
const FILE = '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf';

/** Distance from the middle of a text line down to the baseline, as in MapLibre, for a font size of 1. */
export const BASELINE = 0.37;

/** A glyph for a font size of 1, y upwards. */
export interface Glyph {
  readonly advance: number;
  /** SVG path commands with absolute coordinates in x, y pairs. */
  readonly commands: readonly (readonly [letter: string, ...coordinates: number[]])[];
}

const LETTERS: Readonly<Record<string, string>> = {
  moveTo: 'M',
  lineTo: 'L',
  quadraticCurveTo: 'Q',
  bezierCurveTo: 'C',
  closePath: 'Z',
};

let font: Font | undefined;
const glyphs = new Map<number, Glyph | undefined>();

/**
 * Returns the glyph of a code point. It is undefined if the font has none; MapLibre omits those too. Letters are set
 * one by one as in MapLibre, which suffices for Vietnamese in NFC.
 */
export function glyphOf(codePoint: number): Glyph | undefined {
  if (glyphs.has(codePoint)) return glyphs.get(codePoint);
  const glyph = readGlyph(codePoint);
  glyphs.set(codePoint, glyph);
  return glyph;
}

function readGlyph(codePoint: number): Glyph | undefined {
  font ??= openSync(createRequire(import.meta.url).resolve(FILE)) as Font;
  if (!font.hasGlyphForCodePoint(codePoint)) return undefined;
  const { unitsPerEm } = font;
  const glyph = font.glyphForCodePoint(codePoint);
  const commands = glyph.path.commands.map(
    ({ command, args }) => [LETTERS[command] ?? 'Z', ...args.map((value) => value / unitsPerEm)] as const,
  );
  return { advance: glyph.advanceWidth / unitsPerEm, commands };
}

/** Placement of a glyph: left end of its baseline, pixels; font size; angle of the line, radians clockwise. */
export interface GlyphPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly angle: number;
}

/** Returns the outline as path data with two decimals. */
export function outline(glyph: Glyph, { x, y, size, angle }: GlyphPlace): string {
  const [cos, sin] = [Math.cos(angle) * size, Math.sin(angle) * size];
  let data = '';
  for (const [letter, ...numbers] of glyph.commands) {
    data += letter;
    for (let at = 0; at < numbers.length; at += 2) {
      const [gx, gy] = [numbers[at] as number, -(numbers[at + 1] as number)];
      data += `${at ? ' ' : ''}${roundToHundredth(x + gx * cos - gy * sin)} ${roundToHundredth(y + gx * sin + gy * cos)}`;
    }
  }
  return data;
}
