import { expect, it } from 'vitest';
import type { Layer } from '../../src/catalog/layer.ts';
import { BoundFilter } from '../../src/filter/filter.ts';
import { filterOf } from '../../src/tiles/tile-form.ts';

const layer = (id: string) => ({ id }) as Layer;

it('renders a layer with its own filter, and never without one that was asked for', () => {
  const filters = new Map([['land.parcel', new BoundFilter(['TRUE'], [])]]);
  expect(filterOf(layer('land.parcel'), { filters })?.text).toBe('TRUE');
  expect(filterOf(layer('land.parcel'), {})).toBeUndefined();
  expect(() => filterOf(layer('base.road'), { filters })).toThrow('bound to other layers than base.road');
});
