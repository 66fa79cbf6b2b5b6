import type { Shape } from './draw.ts';
import type { Word } from './page-words.ts';

/** The shapes that a person can draw, with their words. */
export const SHAPES: readonly {
  readonly shape: Shape;
  readonly word: Word;
  readonly hint: Word;
  readonly drawn: Word;
}[] = [
  { shape: 'point', word: 'drawPoint', hint: 'hintPoint', drawn: 'drawnPoint' },
  { shape: 'linestring', word: 'drawLine', hint: 'hintLine', drawn: 'drawnLine' },
  { shape: 'polygon', word: 'drawPolygon', hint: 'hintPolygon', drawn: 'drawnPolygon' },
];
