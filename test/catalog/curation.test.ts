import { beforeAll, describe, expect, it } from 'vitest';
import { checkCurations, curationOf, curationsShape, readCurations } from '../../src/catalog/curation.ts';
import { discover } from '../../src/catalog/discover.ts';
import type { Catalog } from '../../src/catalog/layer.ts';
import { readConfig } from '../../src/config.ts';
import { readData } from '../../src/lib/data-file.ts';
import { describeEngines } from '../engine.ts';

const read = (text: string) => checkCurations(readData(text, curationsShape, 'data/layers.json'));

describe('data/layers.json', () => {
  it.each([
    ['{', /^data\/layers\.json is no JSON: /],
    ['{ "land.parcel": { "zooms": { "min": 8 } } }', 'data/layers.json: "land.parcel.zooms.max" must be a number.'],
    [
      '{ "land.parcel": { "zooms": { "min": 8, "max": 30 } } }',
      'data/layers.json: "land.parcel.zooms.max" must be ≤ 22.',
    ],
    [
      '{ "land.parcel": { "zooms": { "min": 8, "max": 16 }, "tilefields": [] } }',
      'data/layers.json: "land.parcel" must not have "tilefields".',
    ],
    ['{ "parcel": { "zooms": { "min": 8, "max": 16 } } }', /^data\/layers\.json: "parcel" must /],
    [
      '{ "land.parcel": { "zooms": { "min": 9, "max": 8 } } }',
      'data/layers.json: land.parcel: zooms.min is 9, and must be at most zooms.max, 8.',
    ],
    [
      '{ "land.parcel": { "zooms": { "min": 8, "max": 14 }, "mosaic": { "class": "use", "top": 14 } } }',
      'data/layers.json: land.parcel: mosaic.top is 14, and must be from zooms.min, 8, to one below zooms.max, 14.',
    ],
    [
      '{ "land.parcel": { "zooms": { "min": 8, "max": 14 }, "mosaic": { "class": "use", "top": 7 } } }',
      'data/layers.json: land.parcel: mosaic.top is 7, and must be from zooms.min, 8, to one below zooms.max, 14.',
    ],
    [
      '{ "land.parcel": { "zooms": { "min": 8, "max": 16 }, "tileFields": ["id"], "mosaic": { "class": "use", "top": 14 } } }',
      'data/layers.json: land.parcel: tileFields lacks "use", which fieldsFrom or mosaic names.',
    ],
    [
      '{ "land.parcel": { "zooms": { "min": 8, "max": 16 }, "tileFields": ["id"], "fieldsFrom": { "area": 16 } } }',
      'data/layers.json: land.parcel: tileFields lacks "area", which fieldsFrom or mosaic names.',
    ],
  ])('is refused at the start: %s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('leaves a layer that it lacks as it is', () => {
    expect(curationOf(readCurations(), 'land.of_an_agency')).toEqual({ zooms: { min: 0, max: 16 } });
  });
});

describeEngines('layers of the sample', (engine) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await discover(engine.db, readConfig({}).schemas);
  });

  it('are shown as data/layers.json has them, which names no layer, field or table that is not there', async () => {
    for (const [id, said] of Object.entries(readCurations())) {
      const layer = catalog.layers.get(id);
      const { zooms, tileFields, fieldsFrom = {}, thinning, mosaic, timeField, dependsOn = [] } = said;
      expect(layer, id).toMatchObject({ zooms, fieldsFrom, dependsOn, thinning, mosaic });
      const names = [...(tileFields ?? []), ...Object.keys(fieldsFrom), thinning?.field, mosaic?.class, timeField];
      const fields = layer?.fields.map(({ name }) => name);
      expect(fields, id).toEqual(expect.arrayContaining(names.filter((name) => name !== undefined)));
      if (tileFields) expect(layer?.tileFields, id).toEqual(tileFields);
      if (timeField) expect(layer?.timeField, id).toBe(timeField);
      for (const table of dependsOn) {
        const [row] = await engine.db.query<{ is: boolean }>({
          text: 'SELECT to_regclass($1) IS NOT NULL AS is',
          values: [table],
        });
        expect(row?.is, table).toBe(true);
      }
    }
    expect(Object.keys(readCurations()).sort()).toEqual([...catalog.layers.keys()].sort());
  });
});
