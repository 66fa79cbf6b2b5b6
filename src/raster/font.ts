import { createRequire } from 'node:module';
import { type Font, openSync } from 'fontkit';

/** The one font that our styles name; npm carries it under the SIL Open Font License, every Vietnamese letter included. */
export const FONT_NAME = 'Noto Sans Regular';
const FILE = '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf';

/** Of a font size of 1: from the middle of a line of text down to the letters' feet, as MapLibre sets them. */
export const BASELINE = 0.37;

/** A letter, of a font size of 1, y upwards. */
export interface Glyph {
  readonly advance: number;
  /** SVG path commands, each with its absolute coordinates in x, y pairs. */
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
 * The glyph of a code point; undefined where the font has none, which MapLibre leaves out too. Letters are set one by one,
 * as MapLibre sets them: Vietnamese in NFC needs nothing more.
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

/** Where a glyph is put: its foot's left end, pixels; the font size; the angle of its line, radians clockwise. */
export interface GlyphPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly angle: number;
}

/** The outline as path data, two decimals. */
export function outline(glyph: Glyph, { x, y, size, angle }: GlyphPlace): string {
  const [cos, sin] = [Math.cos(angle) * size, Math.sin(angle) * size];
  let data = '';
  for (const [letter, ...numbers] of glyph.commands) {
    data += letter;
    for (let at = 0; at < numbers.length; at += 2) {
      const [gx, gy] = [numbers[at] as number, -(numbers[at + 1] as number)];
      data += `${at ? ' ' : ''}${hundredths(x + gx * cos - gy * sin)} ${hundredths(y + gx * sin + gy * cos)}`;
    }
  }
  return data;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
