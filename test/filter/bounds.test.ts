import type { Geometry } from 'geojson';
import { describe, expect, it } from 'vitest';
import type { Expression, Operand, SpatialOperator } from '../../src/cql2/expression.ts';
import { parseCql2Json } from '../../src/cql2/json.ts';
import { parseCql2Text } from '../../src/cql2/text.ts';
import { requireBounded } from '../../src/filter/bounds.ts';
import { Problem } from '../../src/lib/errors.ts';
import { circle, comb, crossed, nested, points, star, tiles, zigzag } from '../hostile/shapes.ts';

const GEOMETRY: Operand = { kind: 'property', name: 'geometry' };
const spatial = (geometry: Geometry, op: SpatialOperator = 's_intersects'): Expression => ({
  ...{ kind: 'spatial', op, left: GEOMETRY },
  right: { kind: 'geometry', geometry },
});
const near = (geometry: Geometry): Expression => ({ kind: 'near', place: { kind: 'geometry', geometry }, metres: 10 });
const both = (args: Expression[]): Expression => ({ kind: 'and', args });
const repeated = (part: string, count: number, separator = ' OR ') =>
  Array.from({ length: count }, () => part).join(separator);
const fold = (depth: number): string => (depth ? `CASEI(${fold(depth - 1)})` : 'a');
const text = (length: number): Expression => parseCql2Json({ op: '=', args: [{ property: 'a' }, 'x'.repeat(length)] });
/** In XML, which has no limit on the length of a text. */
const longText: Expression = {
  ...{ kind: 'compare', op: '=', left: { kind: 'property', name: 'a' } },
  right: { kind: 'literal', value: 'x'.repeat(1001) },
};
const among = (length: number): Expression => ({
  ...{ kind: 'in', value: { kind: 'property', name: 'a' } },
  list: [{ kind: 'literal', value: 'x'.repeat(length) }],
});
const deepPlace = (depth: number): Expression =>
  depth ? { kind: 'not', arg: deepPlace(depth - 1) } : spatial(circle(5));
const deepNot = (depth: number): Expression =>
  depth ? { kind: 'not', arg: deepNot(depth - 1) } : { kind: 'holds', value: { kind: 'property', name: 'a' } };

/** [what, the largest that is accepted, one more, expected problem] */
const EDGES: readonly (readonly [string, () => Expression, () => Expression, RegExp])[] = [
  [
    'operations',
    () => parseCql2Text(repeated('a=1', 499)),
    () => parseCql2Text(repeated('a=1', 500)),
    /has 501 operations or more; the most is 500/,
  ],
  [
    'folds',
    () => parseCql2Text(repeated("CASEI(a)=''", 10)),
    () => parseCql2Text(repeated("CASEI(a)=''", 11)),
    /has 11 operations CASEI.*most is 10/,
  ],
  [
    'folds in folds',
    () => parseCql2Text(`${fold(6)}='' OR ${fold(4)}=''`),
    () => parseCql2Text(`${fold(6)}='' OR ${fold(5)}=''`),
    /most is 10/,
  ],
  [
    'lists',
    () => parseCql2Text(repeated(`a IN (${repeated('1', 1000, ',')})`, 5)),
    () => parseCql2Text(`${repeated(`a IN (${repeated('1', 1000, ',')})`, 5)} OR b IN (1)`),
    /has 5001 values in its lists or more; the most is 5000/,
  ],
  [
    'spatial operations',
    () => parseCql2Text(repeated('S_INTERSECTS(g,BBOX(1,2,3,4))', 10)),
    () => parseCql2Text(repeated('S_INTERSECTS(g,BBOX(1,2,3,4))', 11)),
    /has 11 spatial operations or more; the most is 10/,
  ],
  [
    'vertices',
    () => spatial(circle(4000)),
    () => spatial(circle(4001)),
    /has 4001 vertices in its geometries or more; the most is 4000/,
  ],
  [
    'vertices together',
    () => both([spatial(comb(2000)), spatial(comb(2000))]),
    () => both([spatial(comb(2000)), spatial(comb(2001))]),
    /has 4001 vertices/,
  ],
  [
    'vertices of touches',
    () => spatial(circle(250), 's_touches'),
    () => spatial(circle(251), 's_touches'),
    /has 251 vertices in geometries of S_TOUCHES/,
  ],
  [
    'vertices of crosses',
    () => spatial(zigzag(250), 's_crosses'),
    () => spatial(zigzag(251), 's_crosses'),
    /most is 250/,
  ],
  [
    'vertices of overlaps',
    () => spatial(circle(250), 's_overlaps'),
    () => spatial(circle(251), 's_overlaps'),
    /most is 250/,
  ],
  ['vertices of distances', () => near(zigzag(250)), () => near(zigzag(251)), /most is 250/],
  ['points', () => spatial(points(250)), () => spatial(points(251)), /most is 250/],
  [
    'points of a collection',
    () => spatial({ type: 'GeometryCollection', geometries: [points(250)] }),
    () => spatial({ type: 'GeometryCollection', geometries: [points(251)] }),
    /most is 250/,
  ],
  [
    'crossings',
    () => spatial(crossed(200)),
    () => spatial(crossed(201)),
    /has more than 200 places where its sides cross.*mend it/,
  ],
  [
    'crossings together',
    () => both([spatial(crossed(100)), spatial(crossed(100))]),
    () => both([spatial(crossed(100)), spatial(crossed(101))]),
    /has more than 100 places/,
  ],
  [
    'effort',
    () => parseCql2Text(`${repeated("CASEI(a)=''", 10)} OR ${repeated("a LIKE ''", 46)}`),
    () => parseCql2Text(`${repeated("CASEI(a)=''", 10)} OR ${repeated("a LIKE ''", 47)}`),
    /asks too much of each feature/,
  ],
  ['a star', () => spatial(star(21)), () => spatial(star(23)), /has more than 200 places/],
  [
    'rings within each other',
    () => spatial(nested(32)),
    () => spatial(nested(33)),
    /has more than 32 rings within each other; the most is 32/,
  ],
  ['text', () => text(1000), () => longText, /has a text of 1001 characters; the most is 1000/],
  ['texts of a list', () => among(1000), () => among(1001), /has a text of 1001 characters/],
  ['depth of places', () => deepPlace(60), () => deepPlace(61), /more than 60 levels deep/],
  ['depth', () => deepNot(59), () => deepNot(60), /more than 60 levels deep/],
  [
    'large numbers',
    () => parseCql2Text('a * 999999999999999 > 1'),
    () => parseCql2Text('a * 1e15 > 1'),
    /arithmetic with numbers from 1e-15 to 1e15 \(here 1000000000000000\)/,
  ],
  [
    'small numbers',
    () => parseCql2Text('a * 1e-15 > 1'),
    () => parseCql2Text('a * 1e-16 > 1'),
    /arithmetic with numbers/,
  ],
];

describe('bounds of a filter', () => {
  it.each(EDGES)('accepts the most of %s, and refuses one more', (_, largest, beyond, said) => {
    expect(() => requireBounded(largest())).not.toThrow();
    let problem: unknown;
    try {
      requireBounded(beyond());
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ status: 400, extra: { parameter: 'filter' } });
    expect((problem as Problem).detail.en).toMatch(said);
    expect((problem as Problem).detail.vi).not.toBe((problem as Problem).detail.en);
  });

  it('takes the parcels of a block, which have sides in common', () => {
    expect(() => requireBounded(spatial(tiles(800)))).not.toThrow();
  });
});
