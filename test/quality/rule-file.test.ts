/** A rule that is wrong stops the start, and the message says where. */
import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Catalog } from '../../src/catalog/layer.ts';
import { readConfig } from '../../src/config.ts';
import { BootError } from '../../src/lib/errors.ts';
import { parseRule, readQualityRules } from '../../src/quality/rule-file.ts';
import { bindRules, findWrongRules } from '../../src/quality/rules.ts';
import { describeEngines } from '../engine.ts';

const HEAD = `-- title_vi: Thử
-- title_en: Trial
-- layer: land.parcel
-- criterion: clean
-- severity: error
-- weight: 2.5
-- scope: number > 0
-- scope_vi: thửa có số
-- scope_en: parcels with a number
-- basis: không
-- advice_vi: Sửa
-- advice_en: Mend
`;
const BODY = `SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, 1::numeric AS measure, 'a' AS words_vi, 'b' AS words_en, geom FROM scope`;

it('is read with every member of its head', () => {
  const tolerance =
    '-- tolerance: 0.5\n-- tolerance_vi: nửa mét\n-- tolerance_en: half a metre\n-- measure_unit: m\n-- depends: land.land_use_type, land.parcel_use by parcel_id, base.unit by code = unit_code\n-- recheck_hours: 0.5\n';
  expect(parseRule('trial', `${HEAD}${tolerance}-- A comment.\n${BODY}\n`)).toMatchObject({
    id: 'trial',
    title: { vi: 'Thử', en: 'Trial' },
    layer: 'land.parcel',
    criterion: 'clean',
    severity: 'error',
    weight: 2.5,
    scope: { condition: 'number > 0', vi: 'thửa có số', en: 'parcels with a number' },
    tolerance: { value: 0.5, vi: 'nửa mét', en: 'half a metre' },
    measureUnit: 'm',
    depends: [
      { table: 'land.land_use_type', column: undefined, own: undefined },
      { table: 'land.parcel_use', column: 'parcel_id', own: undefined },
      { table: 'base.unit', column: 'code', own: 'unit_code' },
    ],
    recheckHours: 0.5,
    basis: 'không',
    advice: { vi: 'Sửa', en: 'Mend' },
  });
});

it.each([
  ['no title', HEAD.replace(/-- title_vi.*\n/, '') + BODY, /trial\.sql: "title_vi" must be text/],
  ['an unknown criterion', HEAD.replace('clean', 'neat') + BODY, /"criterion" must be/],
  ['a weight of 0', HEAD.replace('2.5', '0') + BODY, /"weight" must be/],
  ['a weight in words', HEAD.replace('2.5', 'two') + BODY, /"weight" must be/],
  ['a member that nobody knows', `-- color: red\n${HEAD}${BODY}`, /color/],
  ['a member twice', `-- layer: land.parcel\n${HEAD}${BODY}`, /"layer" stands there twice/],
  ['a layer without a schema', HEAD.replace('land.parcel', 'parcel') + BODY, /"layer" must/],
  [
    'a tolerance without words',
    `-- tolerance: 1\n${HEAD}${BODY}`,
    /"tolerance", "tolerance_vi" and "tolerance_en" go together/,
  ],
  ['amounts without a unit', `-- counts: amounts\n${HEAD}${BODY}`, /has their "measure_unit"/],
  ['a count of something else', `-- counts: metres\n${HEAD}${BODY}`, /"counts" must be/],
  [
    'half of the words for lacking',
    `-- lacking_vi: thiếu\n${HEAD}${BODY}`,
    /"lacking_vi" and "lacking_en" go together/,
  ],
  ['a coverage without a tolerance', `-- coverage: overlaps\n${HEAD}${BODY}`, /"coverage" needs a "tolerance"/],
  [
    'gaps without a reach',
    `-- coverage: gaps\n-- tolerance: 1\n-- tolerance_vi: a\n-- tolerance_en: a\n${HEAD}${BODY}`,
    /gaps have a "reach"/,
  ],
  ['records of all layers', HEAD.replace('land.parcel', '*') + BODY, /a rule of all layers counts amounts/],
  ['no SELECT', `${HEAD}DELETE FROM land.parcel`, /one SELECT/],
  ['two statements', `${HEAD}${BODY}; SELECT 1`, /one SELECT/],
  ['a semicolon in its scope', HEAD.replace('number > 0', 'TRUE; SELECT 1') + BODY, /one SELECT/],
  [
    'a dependence without a schema',
    `-- depends: parcel_use by parcel_id\n${HEAD}${BODY}`,
    /"depends" has "parcel_use by/,
  ],
  ['a dependence without a column', `-- depends: base.unit by\n${HEAD}${BODY}`, /right are schema\.table/],
  ['a recheck at every moment', `-- recheck_hours: 0\n${HEAD}${BODY}`, /"recheck_hours" must be/],
  ['a parameter', `${HEAD}${BODY} WHERE id = $1`, /one SELECT/],
])('is refused with %s', (_title, text, message) => {
  expect(() => parseRule('trial', text)).toThrow(BootError);
  expect(() => parseRule('trial', text)).toThrow(message);
});

it('is refused with a name that no URL takes', () => {
  expect(() => parseRule("o'clock", HEAD + BODY)).toThrow(/a name has only/);
});

describeEngines('a rule is bound and planned', (engine) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await discover(engine.db, readConfig({}).schemas);
  });
  const bind = (text: string) => bindRules([parseRule('trial', text)], catalog);

  it.each([
    ['an unknown column', `${HEAD}${BODY} WHERE colour = 1`, /colour/],
    ['a syntax error', `${HEAD}${BODY} WHERE`, /^sql\/quality\/trial\.sql: syntax error/],
    ['a missing result', HEAD + BODY.replace("'a' AS words_vi, ", ''), /words_vi/],
    [
      'a table that it does not name',
      `${HEAD}${BODY} CROSS JOIN (SELECT name FROM base.unit) AS unit`,
      /reads base\.unit, which "depends" does not name/,
    ],
    ['a wrong scope', HEAD.replace('number > 0', 'colour > 0') + BODY, /colour/],
  ])('and named with %s', async (_title, text, message) => {
    expect(await findWrongRules(engine.db, bind(text))).toEqual([expect.stringMatching(message)]);
  });

  it('and refused with an unknown layer', () => {
    const text = HEAD.replace('land.parcel', 'land.parcels') + BODY;
    expect(() => bind(text)).toThrow('sql/quality/trial.sql: there is no layer "land.parcels".');
    expect(() => bind(text)).toThrow(BootError);
  });

  it('and refused with a subject that does not exist', () => {
    const text = `-- subject: land.nothing\n-- counts: amounts\n-- measure_unit: m\n${HEAD}${BODY}`;
    expect(() => bind(text)).toThrow('sql/quality/trial.sql: there is no layer "land.nothing".');
  });

  it('and refused with a dependence by a column that the layer does not have', () => {
    const text = `-- depends: land.parcel_use by parcel_id = parcel\n${HEAD}${BODY}`;
    expect(() => bind(text)).toThrow(
      'sql/quality/trial.sql: "depends" names "parcel", which is no column of land.parcel.',
    );
  });

  it('and left out where its schema is not published', async () => {
    const idsOf = async (...schemas: string[]) =>
      bindRules(readQualityRules(), await discover(engine.db, schemas)).map(({ rule }) => rule.id);
    expect(await idsOf('base')).toEqual(['road-dangle', 'waterway-dangle', 'base-component', 'unit-boundary']);
    const land = await idsOf('land');
    expect(land).toContain('parcel-area');
    // Its findings are of communes.
    expect(land).not.toContain('parcel-cover');
  });

  it('with all rules of the program', async () => {
    const rules = readQualityRules();
    const bound = bindRules(rules, catalog);
    expect(bound.map(({ rule }) => rule.id)).toEqual(rules.map(({ id }) => id));
    expect(await findWrongRules(engine.db, bound)).toEqual([]);
    expect(rules.length).toBeGreaterThan(12);
  });
});
