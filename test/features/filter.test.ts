import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Layer } from '../../src/catalog/layer.ts';
import { ident, sql } from '../../src/database/sql.ts';
import { Problem } from '../../src/errors.ts';
import { parseCql2Json } from '../../src/features/cql2-json.ts';
import { filterToSql } from '../../src/features/filter.ts';
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

/** [filter, ids that meet it] */
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
  [op('=', p('name'), "x' OR 1=1; DROP TABLE land.filtered; --"), []],
];

/** [filter, what the problem says] */
const REFUSED: readonly [unknown, RegExp][] = [
  [null, /"op"/],
  [[], /"op"/],
  [{ op: 'toString', args: [] }, /op one of: and, or, not/],
  [op('=', p('nothing'), 1), /properties of land.filtered: id, name/],
  [op('=', p('extra'), 'x'), /properties of/],
  [op('=', p('owner_name'), 'x'), /properties of/],
  [op('=', p('geom'), 'x'), /properties of/],
  [op('=', p('lanes'), '2'), /"lanes" with a number/],
  [op('=', p('lanes'), true), /"lanes" with a number/],
  [op('=', p('name'), 5), /"name" with text/],
  [op('=', p('paved'), 'yes'), /true or false/],
  [op('<', p('paved'), true), /=, <> and in only/],
  [op('=', p('built'), '2026-02-30'), /dates such as/],
  [op('=', p('built'), 5), /a date such as/],
  [op('=', p('seen'), 'yesterday'), /timestamps such as/],
  [op('=', p('name'), p('lanes')), /of the same type/],
  [op('=', 1, 1), /with a property/],
  [op('=', p('id')), /"=" with 2 args \(here 1\)/],
  [op('and', op('=', p('id'), 1)), /at least 2 args/],
  [op('in', p('id'), []), /1 to 1000 values/],
  [op('in', p('id'), Array(1001).fill(1)), /1 to 1000 values/],
  [op('like', p('id'), '1%'), /property that is text/],
  [op('like', p('name'), 5), /pattern that is text/],
  [op('=', p('name'), 'a\0b'), /without U\+0000/],
  [op('=', p('name'), { sql: '1' }), /values that are text/],
  [op('s_intersects', p('name'), square(1, 1, 2, 2)), /property "geom"/],
  [op('s_intersects', p('geom'), p('geom')), /a GeoJSON geometry/],
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
        seen timestamptz, mood land.mood, extra jsonb, owner_name text, geom geometry(Point, 9210));
      INSERT INTO land.filtered VALUES
        (1, 'Đường Một', 2, 7.5, true, '2020-01-31', '2026-01-31 00:00Z', 'ok', '{}', 'x', ST_Transform(ST_SetSRID(ST_MakePoint(106.65, 11.05), 4326), 9210)),
        (2, 'O''Neill', 2, 12.25, false, '2021-01-31', '2025-01-31 00:00Z', 'bad', '{}', 'x', ST_Transform(ST_SetSRID(ST_MakePoint(106.75, 11.05), 4326), 9210)),
        (3, '100%', 3, 20, true, NULL, NULL, NULL, NULL, NULL, ST_Transform(ST_SetSRID(ST_MakePoint(106.95, 11.05), 4326), 9210)),
        (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);`);
    const found = (await discover(engine.db, ['land'])).layers.get('land.filtered') as Layer;
    layer = { ...found, fields: found.fields.filter(({ personal }) => !personal) };
  });

  it.each(FILTERS)('%j', async (filter, ids) => {
    const condition = filterToSql(parseCql2Json(filter), layer);
    const rows = await engine.db.query<{ id: number }>(
      sql`SELECT id FROM ${ident('land', 'filtered')} WHERE ${condition} ORDER BY id`,
    );
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  it.each(REFUSED)('refuses %j', (filter, message) => {
    const refusal = (() => {
      try {
        return filterToSql(parseCql2Json(filter), layer);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(Problem);
    expect((refusal as Problem).detail.en).toMatch(message);
  });
});
