import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Layer } from '../../src/catalog/layer.ts';
import type { Expression } from '../../src/cql2/expression.ts';
import { parseCql2Json } from '../../src/cql2/json.ts';
import { ident, sql } from '../../src/database/sql.ts';
import { bindFilter, bindFilters } from '../../src/filter/filter.ts';
import { CRS84 } from '../../src/geo/crs.ts';
import { Problem } from '../../src/lib/errors.ts';
import { describeEngines } from '../engine.ts';

const p = (property: string) => ({ property });
const op = (name: string, ...args: unknown[]) => ({ op: name, args });
const square = (west: number, south: number, east: number, north: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
});

/** [filter, matching ids] */
const FILTERS: readonly [object, number[]][] = [
  [op('=', p('name'), 'Đường Một'), [1]],
  [op('=', 'Đường Một', p('name')), [1]],
  [op('<>', p('lanes'), 2), [3]],
  [op('>', p('lanes'), 1.5), [1, 2, 3]],
  [op('<=', p('width'), 7.5), [1]],
  [op('=', p('width'), 12.25), [2]],
  [op('and', op('>=', p('lanes'), 2), op('<', p('lanes'), 3)), [1, 2]],
  [op('or', op('=', p('id'), 1), op('=', p('id'), 4), op('=', p('id'), 99)), [1, 4]],
  [op('not', op('isNull', p('name'))), [1, 2, 3]],
  [op('isNull', p('name')), [4]],
  [op('between', p('lanes'), 3, 9), [3]],
  [op('in', p('name'), ['Đường Một', "O'Neill", 'không có']), [1, 2]],
  [op('like', p('name'), 'Đường%'), [1]],
  [op('like', p('name'), '%\\%%'), [3]],
  [op('like', p('name'), 'x\\'), []],
  [op('=', p('paved'), true), [1, 3]],
  // false comes before true.
  [op('<', p('paved'), true), [2]],
  [op('>=', p('paved'), false), [1, 2, 3]],
  [op('>', p('paved'), false), [1, 3]],
  [op('>', p('built'), { date: '2020-06-01' }), [2]],
  [op('<', p('built'), '2020-06-01'), [1]],
  [op('>=', p('seen'), { timestamp: '2026-01-31T07:00:00+07:00' }), [1]],
  [op('<', p('seen'), { date: '2026-01-31' }), [2]],
  [op('=', p('mood'), 'ok'), [1]],
  [op('=', p('id'), p('lanes')), [2, 3]],
  [op('s_intersects', p('geom'), square(106.6, 11, 106.7, 11.1)), [1]],
  [op('s_intersects', square(106.6, 11, 106.8, 11.1), p('geometry')), [1, 2]],
  [op('s_intersects', p('geom'), square(-180, -90, 180, 90)), [1, 2, 3]],
  [op('s_intersects', p('geom'), square(0, 50, 1, 51)), []],
  [op('s_intersects', p('geom'), p('geometry')), [1, 2, 3]],
  [op('s_within', p('geom'), { bbox: [106.6, 11, 106.8, 11.1] }), [1, 2]],
  [op('s_disjoint', p('geom'), { bbox: [106.6, 11, 106.8, 11.1] }), [3]],
  [op('=', op('casei', p('name')), op('casei', 'ĐƯỜNG MỘT')), [1]],
  [op('like', op('accenti', op('casei', p('name'))), 'duong%'), [1]],
  [op('=', op('accenti', p('name')), op('accenti', 'Đường Một'.normalize('NFD'))), [1]],
  [op('=', op('casei', op('accenti', p('name'))), 'duong mot'), [1]],
  [op('>', op('*', p('lanes'), 2), 5), [3]],
  [op('=', op('/', p('lanes'), 2), 1.5), [3]],
  [op('=', op('%', p('lanes'), 2), 1), [3]],
  [op('=', op('div', p('lanes'), 2), 1), [1, 2, 3]],
  [op('=', op('^', p('lanes'), 2), 9), [3]],
  [op('>', op('/', 1, op('-', p('id'), 1)), 0), [2, 3, 4]],
  [op('>', op('^', 10, op('*', 1000, p('id'))), 0), []],
  [op('<', op('-', p('width'), p('lanes')), 6), [1]],
  [p('paved'), [1, 3]],
  [op('not', p('paved')), [2]],
  [op('isNull', p('geometry')), [4]],
  [op('isNull', p('extra')), [3, 4]],
  [op('t_during', p('built'), { interval: ['2020-01-01', '2020-12-31'] }), [1]],
  [op('t_before', p('seen'), { date: '2026-01-31' }), [2]],
  [op('t_intersects', p('seen'), { date: '2026-01-31' }), [1]],
  [op('t_after', p('seen'), { interval: ['..', '2025-06-01T00:00:00Z'] }), [1]],
  [op('a_contains', p('tags'), ['a', 'b']), [1]],
  [op('a_overlaps', p('tags'), ['b', 'z']), [1, 2]],
  [op('a_equals', p('tags'), ['b', 'a', 'a']), [1]],
  [op('a_containedBy', p('tags'), ['b', 'c']), [2]],
  [op('a_contains', p('extra'), ['a']), []],
  [op('=', p('name'), "x' OR 1=1; DROP TABLE land.filtered; --"), []],
];

/** [filter, expected problem] */
const REFUSED: readonly [unknown, RegExp][] = [
  [null, /"op"/],
  [[], /"op"/],
  [{ op: 'toString' }, /op one of: and, or, not/],
  [op('=', p('nothing'), 1), /properties of land.filtered: id, name/],
  [op('=', p('extra'), 'x'), /properties of/],
  [op('=', p('owner_name'), 'x'), /properties of/],
  [op('=', p('geom'), 'x'), /properties of/],
  [op('=', p('lanes'), '2'), /"lanes" with a number/],
  [op('=', p('lanes'), true), /"lanes" with a number/],
  [op('=', p('name'), 5), /"name" with text/],
  [op('=', p('paved'), 'yes'), /true or false/],
  [op('=', p('built'), '2026-02-30'), /dates such as/],
  [op('=', p('built'), 5), /a date such as/],
  [op('=', p('seen'), 'yesterday'), /timestamps such as/],
  [op('=', p('name'), p('lanes')), /of the same type/],
  [op('=', 1, 'x'), /of the same type/],
  [op('avg', p('lanes')), /without the function "avg"/],
  [p('lanes'), /a condition/],
  [op('a_contains', p('name'), ['x']), /properties of/],
  [op('t_after', p('name'), { date: '2026-01-31' }), /dates, timestamps, INTERVAL/],
  [op('=', p('id')), /"=" with 2 args \(here 1\)/],
  [op('and', op('=', p('id'), 1)), /at least 2 args/],
  [op('in', p('id'), []), /1 to 1000 values/],
  [op('in', p('id'), Array(1001).fill(1)), /1 to 1000 values/],
  [op('like', p('id'), '1%'), /property that is text "id"/],
  [op('like', p('name'), 5), /with text/],
  [op('=', p('name'), 'a\0b'), /without U\+0000/],
  [op('=', p('name'), { sql: '1' }), /values that are text/],
  [op('s_intersects', p('name'), square(1, 1, 2, 2)), /property "geom"/],
  [op('s_intersects', p('geom'), 5), /WKT, BBOX or GeoJSON/],
  [op('s_intersects', p('geom'), { type: 'Polygon', coordinates: [] }), /items/],
  [op('s_intersects', p('geom'), { type: 'Point', coordinates: [600000, 1220000] }), /in degrees, longitude first/],
  [op('or', ...Array(600).fill(op('=', p('id'), 1))), /500 operations/],
];

describeEngines('filters', (engine) => {
  let layer: Layer;
  beforeAll(async () => {
    await engine.db.script(`
      CREATE TYPE land.mood AS ENUM ('ok', 'bad');
      CREATE TABLE land.filtered (id int PRIMARY KEY, name text, lanes smallint, width numeric(6, 2), paved boolean, built date,
        seen timestamptz, mood land.mood, extra jsonb, tags text[], owner_name text, geom geometry(Point, 9210));
      INSERT INTO land.filtered VALUES
        (1, 'Đường Một', 2, 7.5, true, '2020-01-31', '2026-01-31 00:00Z', 'ok', '{}', '{a,b}', 'x', ST_Transform(ST_SetSRID(ST_MakePoint(106.65, 11.05), 4326), 9210)),
        (2, 'O''Neill', 2, 12.25, false, '2021-01-31', '2025-01-31 00:00Z', 'bad', '{}', '{b}', 'x', ST_Transform(ST_SetSRID(ST_MakePoint(106.75, 11.05), 4326), 9210)),
        (3, '100%', 3, 20, true, NULL, NULL, NULL, NULL, NULL, NULL, ST_Transform(ST_SetSRID(ST_MakePoint(106.95, 11.05), 4326), 9210)),
        (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);`);
    const found = (await discover(engine.db, ['land'])).layers.get('land.filtered') as Layer;
    layer = { ...found, fields: found.fields.filter(({ personal }) => !personal) };
  });

  it.each(FILTERS)('%j', async (filter, ids) => {
    const condition = bindFilter(parseCql2Json(filter), layer);
    const rows = await engine.db.query<{ id: number }>(
      sql`SELECT id FROM ${ident('land', 'filtered')} WHERE ${condition} ORDER BY id`,
    );
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  it('is bound to each of several layers, but weighed once', () => {
    let reads = 0;
    const right = { kind: 'literal', value: 1 } as const;
    const left = { kind: 'property', name: 'id' } as const;
    const expression: Expression = {
      ...{ kind: 'compare', op: '=', left },
      get right() {
        reads++;
        return right;
      },
    };
    const others = [layer, { ...layer, id: 'land.other' }];
    const readsOf = (work: () => unknown) => {
      reads = 0;
      work();
      return reads;
    };
    const several = (count: number) => bindFilters({ expression, crs: CRS84 }, others.slice(0, count));
    const [alone, one, two] = [() => bindFilter(expression, layer), () => several(1), () => several(2)].map(readsOf);
    expect(one).toBe(alone);
    expect(two).toBeLessThan(2 * Number(alone));
    expect(several(2).size).toBe(2);
    expect(bindFilters({ expression, crs: CRS84 }, others).get('land.other')?.text).toBe(
      bindFilter(expression, layer).text,
    );
  });

  it.each(REFUSED)('refuses %j', (filter, message) => {
    const refusal = (() => {
      try {
        return bindFilter(parseCql2Json(filter), layer);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(Problem);
    expect((refusal as Problem).detail.en).toMatch(message);
  });
});
