import { describe, expect, it } from 'vitest';
import { readStatisticsDefinition } from '../../../src/analysis/land-statistics/definition.ts';
import { readFormula } from '../../../src/analysis/land-statistics/formula.ts';
import { readReference } from '../../../src/database/reference.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, step) => from + step);

describe('formulas of the forms', () => {
  it.each<[string, number, number[]]>([
    ['(4)=(5)+(18)', 4, [5, 18]],
    ['(5)=(6)+…+(17)', 5, range(6, 17)],
    ['(4) = (5) + …', 4, range(5, 20)],
    ['(9)=(10)', 9, [10]],
  ])('%s', (text, column, terms) => {
    expect(readFormula(text, range(1, 20))).toEqual({ column, terms });
  });

  it.each(['', '(4)', '4=5+6', '(4)=', '(4)=…+(5)', '(4)=(5)-(6)', '(4)=(a)'])('%j is none', (text) => {
    expect(readFormula(text, range(1, 20))).toBeUndefined();
  });
});

describe('the forms as data', () => {
  const { forms, uses, rowOf } = readStatisticsDefinition();

  it('have the columns and formulas of the circular', () => {
    const shapes = [...forms.values()].map(({ code, columns }) => [code, columns.length, sumsOf(columns)]);
    expect(shapes).toEqual([
      ['01/TKKK', 22, { 4: [5, 18], 5: range(6, 17), 18: range(19, 22) }],
      ['02/TKKK', 20, { 4: range(5, 20) }],
      ['03/TKKK', 6, { 4: [5, 35] }],
      ['04/TKKK', 37, {}],
      ['05/TKKK', 57, {}],
      ['06/TKKKQPAN', 10, {}],
    ]);
  });

  it('name every subject that the database knows, once, and no other', () => {
    const subjects = readReference('land_subject').map(({ code }) => code);
    for (const form of ['01/TKKK', '02/TKKK'] as const) {
      const named = forms.get(form)?.columns.flatMap(({ code }) => code ?? []);
      expect(named?.toSorted()).toEqual(subjects.toSorted());
    }
    const shares = forms.get('04/TKKK')?.columns.flatMap(({ code }) => code ?? []);
    expect(shares?.toSorted()).toEqual([...subjects, ...subjects].toSorted());
  });

  it('have a row for each of the 52 uses of form 05, in its order, and only known codes', () => {
    const parents = new Set(uses.map(({ parent }) => parent));
    const leaves = uses.map(({ code }) => code).filter((code) => !parents.has(code));
    expect(forms.get('05/TKKK')?.columns.flatMap(({ code }) => code ?? [])).toEqual(leaves);
    expect(leaves).toHaveLength(52);
    const known = readReference('land_use_type').map(({ code }) => code);
    expect([...uses.map(({ code }) => code), ...rowOf.keys()].filter((code) => !known.includes(code))).toEqual([]);
  });
});

function sumsOf(columns: readonly { number: number; terms: readonly number[] }[]) {
  return Object.fromEntries(columns.filter(({ terms }) => terms.length).map(({ number, terms }) => [number, terms]));
}
