import { expect, it } from 'vitest';
import { headLines } from '../../../src/http/processes/form-head.ts';

it('lays out headings that share their upper ones, as the printed forms do', () => {
  const lines = headLines([
    ['Mã'],
    ['Tổng', 'ha'],
    ['Tổng', '%'],
    ['Dùng', 'CNC', 'ha'],
    ['Dùng', 'CNC', '%'],
    ['Dùng', 'TTG', 'ha'],
  ]);
  const shown = lines.map((line) =>
    line.map(({ text, column, columnSpan, rowSpan }) => [text, column, columnSpan, rowSpan]),
  );
  expect(shown).toEqual([
    [
      ['Mã', 0, 1, 3],
      ['Tổng', 1, 2, 2],
      ['Dùng', 3, 3, 1],
    ],
    [
      ['CNC', 3, 2, 1],
      ['TTG', 5, 1, 1],
    ],
    [
      ['ha', 1, 1, 1],
      ['%', 2, 1, 1],
      ['ha', 3, 1, 1],
      ['%', 4, 1, 1],
      ['ha', 5, 1, 1],
    ],
  ]);
});

it('lets a last heading reach down, and joins no two of the same text', () => {
  const lines = headLines([['A'], ['A'], ['B', 'C'], ['B', 'C']]);
  expect(lines.map((line) => line.map(({ text, columnSpan, rowSpan }) => [text, columnSpan, rowSpan]))).toEqual([
    [
      ['A', 1, 2],
      ['A', 1, 2],
      ['B', 2, 1],
    ],
    [
      ['C', 1, 1],
      ['C', 1, 1],
    ],
  ]);
});
