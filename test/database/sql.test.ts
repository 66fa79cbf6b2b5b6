import { describe, expect, it } from 'vitest';
import { all, EMPTY, ident, join, raw, sql } from '../../src/database/sql.ts';
import { cpuTimeOf } from '../cpu-time.ts';

describe('SQL as a value', () => {
  it('numbers its parameters in their order, whichever piece they came in', () => {
    const inner = sql`b = ${2} AND c = ${3}`;
    const query = sql`SELECT ${ident('a"', 'x')} WHERE a = ${1} AND ${inner} OR d = ${4}`;
    expect(query.text).toBe('SELECT "a"""."x" WHERE a = $1 AND b = $2 AND c = $3 OR d = $4');
    expect(query.values).toEqual([1, 2, 3, 4]);
  });

  it('joins pieces with a separator between them', () => {
    expect(join([], ', ').text).toBe('');
    expect(join([sql`${1}`], ', ')).toMatchObject({ text: '$1', values: [1] });
    const three = join([sql`a = ${1}`, EMPTY, sql`${2} = b`], ' AND ');
    expect(three).toMatchObject({ text: 'a = $1 AND  AND $2 = b', values: [1, 2] });
    expect(all([]).text).toBe('TRUE');
    expect(all([raw('a'), raw('b')]).text).toBe('(a AND b)');
  });

  // In quadratic time, they took 28 s.
  it('costs in proportion to its pieces: 100 000 take well below half a second', () => {
    const pieces = Array.from({ length: 100_000 }, (_, index) => sql`(key = ${index})`);
    const took = cpuTimeOf(() => {
      const { text, values } = sql`SELECT ${all(pieces)}`;
      expect(values).toHaveLength(100_000);
      expect(text.endsWith('(key = $100000))')).toBe(true);
    });
    expect(took).toBeLessThan(500);
  });
});
