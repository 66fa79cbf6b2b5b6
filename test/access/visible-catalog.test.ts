import { describe, expect, it } from 'vitest';
import { PUBLIC } from '../../src/access/principal.ts';
import { accessClassOf, type KeyScope } from '../../src/access/scope.ts';
import { VisibleCatalog } from '../../src/access/visible-catalog.ts';
import type { Catalog, Field, Layer } from '../../src/catalog/layer.ts';

const field = (name: string, personal = false) => ({ name, personal }) as Field;
const layer = (id: string, options: Partial<Layer>) =>
  ({
    id,
    schema: id.split('.')[0],
    accessClass: 'public',
    fields: [],
    tileFields: [],
    key: { kind: 'none' },
    ...options,
  }) as unknown as Layer;
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
  const visible = VisibleCatalog.of(catalog, PUBLIC);

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
    const again = VisibleCatalog.of(catalog, PUBLIC);
    expect(again.requireLayer('land.parcel')).toBe(visible.requireLayer('land.parcel'));
    expect(visible.find('base.road')).toBe(roads);
  });
});

const UNITS = [{ code: '25747', validFrom: '2025-07-01' }];

function seenBy(scope: Partial<KeyScope>, onAccess?: (id: string) => void): VisibleCatalog {
  const whole: KeyScope = { databases: [], layers: [], units: [], operations: ['read'], ...scope };
  return VisibleCatalog.of(catalog, { accessClass: accessClassOf(whole), scope: whole, onAccess });
}

describe('the catalog that a key sees', () => {
  it('has everything of a database that its scope names', () => {
    const visible = seenBy({ databases: ['land'] });
    expect(visible.layers).toEqual([holders, parcels, people, roads]);
    expect(visible.requireLayerOrFunction('land.holders_of').id).toBe('land.holders_of');
  });

  it('has layers that its scope names, and no more than the public of others', () => {
    const visible = seenBy({ layers: ['land.person'] });
    expect(visible.layers.map(({ id }) => id)).toEqual(['land.parcel', 'land.person', 'base.road']);
    expect(visible.find('land.person')).toBe(people);
    expect(visible.find('land.parcel')?.fields).toEqual([field('id')]);
    expect(visible.publicLayers).toEqual(VisibleCatalog.of(catalog, PUBLIC).layers);
  });

  it('is narrowed to units; rows that name none stay hidden', () => {
    const visible = seenBy({ databases: ['land'], units: UNITS });
    expect(visible.find('land.right_holder')).toBeUndefined();
    expect(visible.find('land.person')?.fields).toEqual([field('ward')]);
    expect(visible.find('land.certificate')).toBeUndefined();
    const dated = layer('land.certificate', {
      accessClass: 'restricted',
      fields: [field('unit_code'), field('unit_valid_from')],
    });
    const { layers } = VisibleCatalog.of({ ...catalog, layers: byId(dated) } as Catalog, {
      accessClass: 'x',
      scope: { databases: ['land'], layers: [], units: UNITS, operations: ['read'] },
    });
    expect(layers).toMatchObject([{ id: 'land.certificate', units: UNITS, rowEstimate: -1 }]);
  });

  it('notes what the public does not see, once it is asked for', () => {
    const noted: string[] = [];
    const visible = seenBy({ databases: ['land'] }, (id) => noted.push(id));
    expect(visible.layers).toHaveLength(4);
    visible.find('base.road');
    expect(noted).toEqual([]);
    visible.find('land.right_holder');
    visible.requireLayerOrFunction('land.parcel');
    expect(noted).toEqual(['land.right_holder', 'land.parcel']);
  });
});

it('an access class is that of the scope, in any order, and of nothing else', () => {
  const one: KeyScope = { databases: ['land'], layers: ['a.b', 'c.d'], units: UNITS, operations: ['read', 'edit'] };
  const other: KeyScope = { ...one, layers: ['c.d', 'a.b', 'c.d'], operations: ['edit', 'read'] };
  expect(accessClassOf(one)).toBe(accessClassOf(other));
  const classes = [
    one,
    { ...one, databases: [] },
    { ...one, layers: ['a.b'] },
    { ...one, units: [] },
    { ...one, operations: ['read'] as const },
  ];
  expect(new Set(classes.map(accessClassOf)).size).toBe(classes.length);
});
