import { describe, expect, it } from 'vitest';
import { readLink, writeLink } from '../../src/viewer/link.ts';
import { scaleOpacity } from '../../src/viewer/opacity.ts';

describe('the link of the map', () => {
  const whole =
    'map=17.512/10.9840841/106.6808075&lang=en&theme=land&layers=parcel:off,planning-land-use:on:60,station::25&top=parcel,odd.name&swipe=planning-land-use:40&hour=2026-11-27T05,PM2.5' +
    '&at=106.68,10.98&pick=land.parcel/12&run=buffer&inputs=%7B%22distance%22:5%7D';

  it('is what was read', () => {
    const view = readLink(`#${whole}`);
    expect([...view.layers]).toEqual([
      ['parcel', { isOn: false }],
      ['planning-land-use', { isOn: true, opacity: 0.6 }],
      ['station', { opacity: 0.25 }],
    ]);
    expect(view.run).toEqual({ process: 'buffer', inputs: '{"distance":5}' });
    expect(writeLink(view)).toBe(whole);
  });

  it('opens the form of a process without inputs, and is not written before it has run', () => {
    expect(readLink('#run=list').run).toEqual({ process: 'list' });
  });

  it('names a parcel as links of before do', () => {
    expect(readLink('#parcel=15').pick).toEqual({ layer: 'land.parcel', id: '15' });
  });

  it.each([
    'map=x/1/2',
    'map=1/2',
    'at=,',
    'at=1',
    'lang=fr',
    'layers=,:on,parcel',
    'pick=/3',
    'pick=land.parcel',
    'fbclid=abc',
    'map=//',
  ])('ignores %s', (hash) => {
    expect(writeLink(readLink(hash))).toBe('');
  });
});

describe('opacity', () => {
  it.each([
    [0.5, 0.5, 0.25],
    [0.8, 1, 0.8],
    [
      ['interpolate', ['linear'], ['zoom'], 8, 0.5, 15, 1],
      0.5,
      ['interpolate', ['linear'], ['zoom'], 8, 0.25, 15, 0.5],
    ],
    [['step', ['zoom'], 0.2, 10, 0.4], 0.5, ['step', ['zoom'], 0.1, 10, 0.2]],
    [['get', 'x'], 0.5, ['*', 0.5, ['get', 'x']]],
  ])('%j by %d', (value, factor, scaled) => {
    expect(scaleOpacity(value, factor)).toEqual(scaled);
  });
});
