import { BASELINE, type Glyph, glyphOf, outline } from './font.ts';

/** Part of a text, `scale` times as large as the rest. */
export interface TextSection {
  readonly text: string;
  readonly scale: number;
}

export interface TextLayout {
  /** All lengths are multiples of the font size. */
  readonly maxWidth: number;
  readonly lineHeight: number;
  readonly letterSpacing: number;
  readonly justify: 'left' | 'center' | 'right';
}

/** A text of font size 1, set in lines around its middle. */
export interface ShapedText {
  readonly text: string;
  readonly width: number;
  readonly height: number;
  /** x from the middle of the text to the glyph's left edge, y from the middle to its baseline. */
  readonly glyphs: readonly { readonly glyph: Glyph; readonly x: number; readonly y: number; readonly scale: number }[];
}

interface Letter {
  readonly character: string;
  readonly glyph: Glyph;
  readonly scale: number;
}

const JUSTIFY = { left: 0, center: 0.5, right: 1 } as const;
/** Characters after which a line may break. */
const BREAKS = new Set([' ', '-', '–', '/', '&', '+', '·', '\u200b']);

/** Sets a text in lines of about equal width. Returns undefined if none of it can be drawn. */
export function shapeText(sections: readonly TextSection[], layout: TextLayout): ShapedText | undefined {
  const lines = paragraphsOf(sections)
    .flatMap((letters) => breakLines(letters, layout))
    .map(trimSpaces);
  if (!lines.some((line) => line.length)) return undefined;
  const widths = lines.map((line) => textWidth(line, layout.letterSpacing));
  const scales = lines.map((line) => Math.max(0, ...line.map(({ scale }) => scale)) || 1);
  const width = Math.max(...widths);
  const height = scales.reduce((sum, scale) => sum + scale * layout.lineHeight, 0);
  let top = -height / 2;
  const glyphs = lines.flatMap((line, index) => {
    const scale = scales[index] as number;
    const y = top + (scale * layout.lineHeight) / 2 + BASELINE * scale;
    let x = -width / 2 + (width - (widths[index] as number)) * JUSTIFY[layout.justify];
    top += scale * layout.lineHeight;
    return line.map((letter) => {
      const place = { glyph: letter.glyph, x, y, scale: letter.scale };
      x += letter.glyph.advance * letter.scale + layout.letterSpacing;
      return place;
    });
  });
  return { text: sections.map(({ text }) => text).join(''), width, height, glyphs };
}

function paragraphsOf(sections: readonly TextSection[]): Letter[][] {
  const paragraphs: Letter[][] = [[]];
  for (const { text, scale } of sections) {
    for (const character of text.normalize('NFC')) {
      if (character === '\n') paragraphs.push([]);
      const glyph = glyphOf(character.codePointAt(0) as number);
      if (glyph && character !== '\n') paragraphs.at(-1)?.push({ character, glyph, scale });
    }
  }
  return paragraphs;
}

/** Breaks lines so that the squared deviations from the ideal width are least, since lines of equal width read best. */
function breakLines(letters: readonly Letter[], { maxWidth, letterSpacing }: TextLayout): Letter[][] {
  const total = textWidth(letters, letterSpacing);
  if (total <= maxWidth) return [[...letters]];
  const target = total / Math.ceil(total / maxWidth);
  const ends = letters.flatMap(({ character }, index) => (BREAKS.has(character) ? [index + 1] : []));
  const places = [0, ...ends.filter((end) => end < letters.length), letters.length];
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let to = 1; to < places.length; to++) {
    const costs = places.slice(0, to).map((start, from) => {
      const width = textWidth(trimSpaces(letters.slice(start, places[to])), letterSpacing);
      return { cost: (best[from]?.cost ?? 0) + (width - target) ** 2, from };
    });
    best.push(costs.reduce((a, b) => (b.cost < a.cost ? b : a)));
  }
  const lines: Letter[][] = [];
  for (let to = places.length - 1; to > 0; to = best[to]?.from ?? 0) {
    lines.unshift(letters.slice(places[best[to]?.from ?? 0], places[to]));
  }
  return lines;
}

function textWidth(letters: readonly Letter[], letterSpacing: number): number {
  const width = letters.reduce((sum, { glyph, scale }) => sum + glyph.advance * scale + letterSpacing, 0);
  return Math.max(0, width - letterSpacing);
}

function trimSpaces(letters: readonly Letter[]): Letter[] {
  const isInk = ({ character }: Letter) => character.trim() !== '';
  const first = letters.findIndex(isInk);
  return first < 0 ? [] : letters.slice(first, letters.findLastIndex(isInk) + 1);
}

/** Returns the text's outlines as path data, centred at (x, y), with its font size in pixels. */
export function drawText({ glyphs }: ShapedText, x: number, y: number, size: number): string {
  return glyphs
    .map(({ glyph, scale, ...at }) =>
      outline(glyph, { x: x + at.x * size, y: y + at.y * size, size: size * scale, angle: 0 }),
    )
    .join('');
}
