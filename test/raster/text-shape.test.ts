import { describe, expect, it } from 'vitest';
import { glyphOf, outline } from '../../src/raster/font.ts';
import { shapeText } from '../../src/raster/text-shape.ts';

const layout = { maxWidth: 7, lineHeight: 1.2, letterSpacing: 0, justify: 'center' as const };
const LETTERS = [...'àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ'];

describe('text', () => {
  it('has an outline of its own for every Vietnamese letter', () => {
    const letters = LETTERS.flatMap((letter) => [letter, letter.toUpperCase()]);
    const outlines = letters.map((letter) => {
      const glyph = glyphOf(letter.codePointAt(0) ?? 0);
      return glyph ? outline(glyph, { x: 0, y: 0, size: 100, angle: 0 }) : '';
    });
    expect(outlines.every((data) => data.length > 100)).toBe(true);
    expect(new Set(outlines).size).toBe(letters.length);
  });

  it('is the same whether its marks are composed or not', () => {
    const set = (text: string) => shapeText([{ text, scale: 1 }], layout)?.glyphs;
    expect(set('Thủ Dầu Một'.normalize('NFD'))).toEqual(set('Thủ Dầu Một'.normalize('NFC')));
  });

  it('is broken into lines of like width, not filled up to the margin', () => {
    const lines = (text: string) => {
      const glyphs = shapeText([{ text, scale: 1 }], layout)?.glyphs ?? [];
      return new Set(glyphs.map(({ y }) => y.toFixed(3))).size;
    };
    expect(lines('Phú Lợi')).toBe(1);
    expect(lines('Phường Thủ Dầu Một')).toBe(2);
    const wide = shapeText([{ text: 'Phường Thủ Dầu Một', scale: 1 }], layout);
    expect(wide?.width).toBeLessThan(6);
    expect(wide?.height).toBeCloseTo(2.4);
  });

  it('keeps breaks and sizes of its parts', () => {
    const shaped = shapeText(
      [
        { text: 'ODT\n', scale: 0.8 },
        { text: '12', scale: 1.2 },
      ],
      { ...layout, maxWidth: 20 },
    );
    expect(shaped?.glyphs.map(({ scale }) => scale)).toEqual([0.8, 0.8, 0.8, 1.2, 1.2]);
    expect(shaped?.height).toBeCloseTo(1.2 * 2);
  });

  it('is nothing where there is nothing to draw', () => {
    expect(shapeText([{ text: ' \n ', scale: 1 }], layout)).toBeUndefined();
  });
});
