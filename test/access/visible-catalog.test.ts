import { describe, expect, it } from 'vitest';
import { VisibleCatalog } from '../../src/access/visible-catalog.ts';
import type { Catalog, Field, Layer } from '../../src/catalog/layer.ts';

const field = (name: string, personal = false) => ({ name, personal }) as Field;
const layer = (id: string, options: Partial<Layer>) =>
  ({ id, accessClass: 'public', fields: [], tileFields: [], key: { kind: 'none' }, ...options }) as unknown as Layer;
const byId = (...layers: Layer[]) => new Map(layers.map((each) => [each.id, each]));

const holders = layer('land.right_holder', { accessClass: 'restricted' });
const parcels = layer('land.parcel', {
  fields: [field('id'), field('owner', true)],
  tileFields: ['id', 'owner'],
  key: { kind: 'columns', columns: ['id'], isUnique: true },
});
const people = layer('land.person', {
  fields: [field('identity_number', true), field('ward')],
  tileFields: ['ward'],
  key: { kind: 'columns', columns: ['identity_number'], isUnique: true },
});
const roads = layer('base.road', { fields: [field('name')] });
const catalog = {
  layers: byId(holders, parcels, people, roads),
  functions: byId(layer('land.holders_of', { accessClass: 'restricted' }), layer('land.parcels_of', {})),
  tileFunctions: new Map(),
} as unknown as Catalog;

describe('the catalog that the public sees', () => {
  const visible = VisibleCatalog.of(catalog, { accessClass: 'public' });

  it('has no restricted layer, under any name', () => {
    expect(visible.layers.map(({ id }) => id)).toEqual(['land.parcel', 'land.person', 'base.road']);
    expect(visible.functions.map(({ id }) => id)).toEqual(['land.parcels_of']);
    expect(visible.find('land.right_holder')).toBeUndefined();
    for (const id of ['land.right_holder', 'land.nothing']) {
      expect(() => visible.requireLayer(id)).toThrow(expect.objectContaining({ type: 'not-found' }));
      expect(() => visible.requireLayerOrFunction(id)).toThrow(expect.objectContaining({ type: 'not-found' }));
    }
  });

  it('has no personal field, nor a key that is one', () => {
    expect(visible.requireLayer('land.parcel')).toMatchObject({
      fields: [{ name: 'id' }],
      tileFields: ['id'],
      key: { kind: 'columns' },
    });
    expect(visible.requireLayer('land.person')).toMatchObject({ fields: [{ name: 'ward' }], key: { kind: 'none' } });
  });

  it('has the same objects each time, by which statements are cached', () => {
    const again = VisibleCatalog.of(catalog, { accessClass: 'public' });
    expect(again).toBe(visible);
    expect(again.requireLayer('land.parcel')).toBe(visible.requireLayer('land.parcel'));
    expect(visible.find('base.road')).toBe(roads);
  });
});

it('the catalog that the entitled see has everything, and is another one', () => {
  const visible = VisibleCatalog.of(catalog, { accessClass: 'restricted' });
  expect(visible.layers).toEqual([holders, parcels, people, roads]);
  expect(visible.requireLayerOrFunction('land.holders_of').id).toBe('land.holders_of');
  expect(VisibleCatalog.of(catalog, { accessClass: 'public' })).not.toBe(visible);
});
