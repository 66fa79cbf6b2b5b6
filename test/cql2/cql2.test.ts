import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCql2Json } from '../../src/cql2/json.ts';
import { readNumber } from '../../src/cql2/literal.ts';
import { parseCql2Text } from '../../src/cql2/text.ts';
import { Problem } from '../../src/lib/errors.ts';

interface Example {
  readonly json: unknown;
  /** Equivalent texts, by name. */
  readonly texts: Readonly<Record<string, string>>;
}

const EXAMPLES: Readonly<Record<string, Example>> = JSON.parse(
  readFileSync(new URL('../fixtures/cql2/examples.json', import.meta.url), 'utf8'),
).examples;

/** [text, the same in JSON] */
const SAME: readonly [string, unknown][] = [
  ["name = 'Thủ Dầu Một'", { op: '=', args: [{ property: 'name' }, 'Thủ Dầu Một'] }],
  ["tên_đường LIKE 'Đường%'", { op: 'like', args: [{ property: 'tên_đường' }, 'Đường%'] }],
  [`"so thua" = 'O''Neill'`, { op: '=', args: [{ property: 'so thua' }, "O'Neill"] }],
  [
    'a=1 or b=2 and not c=3',
    {
      op: 'or',
      args: [
        { op: '=', args: [{ property: 'a' }, 1] },
        {
          op: 'and',
          args: [
            { op: '=', args: [{ property: 'b' }, 2] },
            { op: 'not', args: [{ op: '=', args: [{ property: 'c' }, 3] }] },
          ],
        },
      ],
    },
  ],
  ['-3 < a', { op: '<', args: [-3, { property: 'a' }] }],
  ['a - 1 - 2 > 0', { op: '>', args: [{ op: '-', args: [{ op: '-', args: [{ property: 'a' }, 1] }, 2] }, 0] }],
  ['notes IS NULL', { op: 'isNull', args: [{ property: 'notes' }] }],
  [
    'A_EQUALS(a, ((f(1, 2)), (3, 4)))',
    {
      op: 'a_equals',
      args: [{ property: 'a' }, [{ op: 'f', args: [1, 2] }, [3, 4]]],
    },
  ],
  ['paved', { property: 'paved' }],
  ['not paved', { op: 'not', args: [{ property: 'paved' }] }],
  [
    'S_INTERSECTS(geom, POINT(106.7 11))',
    { op: 's_intersects', args: [{ property: 'geom' }, { type: 'Point', coordinates: [106.7, 11] }] },
  ],
  [
    "t_finishedby(seen, INTERVAL('..', '2026-01-31'))",
    { op: 't_finishedBy', args: [{ property: 'seen' }, { interval: ['..', '2026-01-31'] }] },
  ],
  [
    "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%đường%'))",
    {
      op: 'like',
      args: [
        { op: 'casei', args: [{ op: 'accenti', args: [{ property: 'name' }] }] },
        { op: 'casei', args: [{ op: 'accenti', args: ['%đường%'] }] },
      ],
    },
  ],
];

/** [text, expected problem] */
const WRONG: readonly [string, RegExp][] = [
  ['', /at its end expected/],
  ['a =', /at its end expected a name/],
  ['a == 1', /at character 4 \("= 1"\)/],
  ['a LIKE', /at its end/],
  ["name = 'x", /at character 8/],
  ['a IN ()', /1 to 1000 values/],
  ['s_near(a, POINT(1 2))', /one of s_intersects/],
  ["a = DATE('2026-02-30')", /dates such as/],
  ["a = TIMESTAMP('2026-01-31')", /timestamps such as/],
  ['s_intersects(g, POINT EMPTY)', /at character/],
  ['s_intersects(g, POLYGON((0 0, 1 1, 1 0, 2 2)))', /not closed/],
  ['s_intersects(g, BBOX(1, 2, 3))', /four or six/],
  [`${'('.repeat(5000)}a`, /levels deep/],
  [`${'not '.repeat(3000)}a`, /levels deep/],
  [`${'-'.repeat(5000)}1 = 1`, /levels deep/],
  [`a = ${'1+'.repeat(5000)}1`, /levels deep/],
  [`a = '${'x'.repeat(20_000)}'`, /at most 16384 characters/],
  ["a = '\0'", /without U\+0000/],
];

it.each(SAME)('reads %s and its JSON alike', (text, json) => {
  expect(parseCql2Text(text)).toEqual(parseCql2Json(json));
});

it.each(WRONG)('refuses %.40s', (text, said) => {
  let problem: unknown;
  try {
    parseCql2Text(text);
  } catch (error) {
    problem = error;
  }
  expect(problem).toBeInstanceOf(Problem);
  expect((problem as Problem).message).toMatch(said);
});

it('never fails otherwise, whatever the text', () => {
  const pieces = [
    "'",
    '"',
    '(',
    ')',
    ',',
    ' and ',
    ' not ',
    'a',
    '1',
    '-',
    '^',
    '<',
    's_within',
    'POLYGON',
    'DATE',
    '..',
    '\u0301',
    'đ',
    '%',
    '\\',
    'in',
    ' is null',
  ];
  let seed = 7;
  const next = (limit: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % limit;
  };
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]).join('');
    try {
      parseCql2Text(text);
    } catch (error) {
      expect(error, text).toBeInstanceOf(Problem);
    }
  }
});

describe("the standard's examples", () => {
  const texts = Object.entries(EXAMPLES).flatMap(([name, example]) =>
    Object.entries(example.texts).map(([text, content]) => [text, content, name] as const),
  );

  it('are all there', () => expect([Object.keys(EXAMPLES).length, texts.length]).toEqual([109, 120]));

  it.each(Object.keys(EXAMPLES))('%s is read', (name) => {
    expect(() => parseCql2Json(EXAMPLES[name]?.json)).not.toThrow();
  });

  it.each(texts)('%s means what its JSON does', (_, text, name) => {
    expect(parseCql2Text(text)).toEqual(parseCql2Json(EXAMPLES[name]?.json));
  });
});

it.each([
  ['123456789012345', undefined],
  ['1234567890123456', '1234567890123456'],
  ['0.0001234567890123456', '0.0001234567890123456'],
  ['000000000000000001', undefined],
  ['1.5e15', undefined],
])('has the digits of %s beside its value where a double may lose some', (text, digits) => {
  expect(readNumber(text)).toEqual({ kind: 'literal', value: Number(text), ...(digits && { digits }) });
});
