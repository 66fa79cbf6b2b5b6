import { describe, expect, it } from 'vitest';
import { joinSources } from '../../../../src/transfer/source/register/joined-source.ts';
import type { Source, SourceRow } from '../../../../src/transfer/source/row/source-row.ts';

/** A layer of one column and two rows. */
function layer(name: string, type: string, srid: number | undefined = 9210): Source {
  async function* rows(wanted: ReadonlySet<number>): AsyncGenerator<SourceRow> {
    for (const number of [1, 2]) yield { number, shape: null, values: [wanted.has(0) ? `${name}${number}` : null] };
  }
  const box = name === 'a' ? ([0, 1, 2, 3] as const) : ([-1, 2, 1, 9] as const);
  return { name, featureCount: 2, fields: [{ name: 'v', type }], srid, extent: box, text: { check() {} }, rows };
}

describe('layers as one', () => {
  it.each([
    ['integer', 'integer', 'integer'],
    ['integer', 'bigint', 'bigint'],
    ['bigint', 'double precision', 'numeric'],
    ['double precision', 'integer', 'double precision'],
    ['numeric', 'double precision', 'numeric'],
    ['date', 'timestamp', 'text'],
    ['integer', 'text', 'text'],
  ])('%s and %s are %s', (one, other, both) => {
    expect(joinSources([layer('a', one), layer('b', other)]).fields[1]).toEqual({ name: 'v', type: both });
    expect(joinSources([layer('a', other), layer('b', one)]).fields[1]).toEqual({ name: 'v', type: both });
  });

  it('go on counting, around one box, with the values that are wanted', async () => {
    const joined = joinSources([layer('a', 'text'), layer('b', 'text')]);
    expect(joined).toMatchObject({ featureCount: 4, extent: [-1, 1, 2, 9], srid: 9210 });
    const rowsOf = async (wanted: number[]) => {
      const found: unknown[] = [];
      for await (const { number, values } of joined.rows(new Set(wanted))) found.push([number, ...values]);
      return found;
    };
    expect(await rowsOf([1])).toEqual(
      [1, 2, 3, 4].map((number) => [number, number < 3 ? 'a' : 'b', number < 3 ? `a${number}` : `b${number - 2}`]),
    );
    expect(await rowsOf([0])).toEqual([1, 2, 3, 4].map((number) => [number, number < 3 ? 'a' : 'b', null]));
  });

  it('have no system if one of them has none', () => {
    expect(joinSources([layer('a', 'text'), { ...layer('b', 'text'), srid: undefined }]).srid).toBeUndefined();
  });
});
