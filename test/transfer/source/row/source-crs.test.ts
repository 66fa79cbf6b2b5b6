import { describe, expect, it } from 'vitest';
import { checkExtent, missingCrs, sridOf } from '../../../../src/transfer/source/row/source-crs.ts';

const tm = (meridian: number, scale: number, name = 'unnamed') => ({
  type: 'ProjectedCRS',
  name,
  conversion: {
    method: { name: 'Transverse Mercator' },
    parameters: [
      { name: 'Longitude of natural origin', value: meridian },
      { name: 'Scale factor at natural origin', value: scale },
      { name: 'False easting', value: 500_000 },
      { name: 'False northing', value: 0 },
    ],
  },
});

describe('sridOf', () => {
  it.each([
    ['a code', { type: 'ProjectedCRS', id: { authority: 'EPSG', code: 9210 } }, 9210],
    ['CRS84', { type: 'GeographicCRS', id: { authority: 'OGC', code: 'CRS84' } }, 4326],
    ['a zone without a code', tm(105.75, 0.9999), 9210],
    ['a zone with a shift of its own', { type: 'BoundCRS', source_crs: tm(107.75, 0.9999) }, 5899],
    ['a 6° zone', tm(105, 0.9996, 'VN_2000_UTM_Zone_48N'), 3405],
    ['a 6° zone of another datum', tm(105, 0.9996, 'Indian 1960 / UTM 48N'), undefined],
    ['a meridian that is no zone', tm(105.6, 0.9999), undefined],
    ['nothing', undefined, undefined],
  ])('knows %s', (_, projjson, expected) => {
    expect(sridOf(projjson)).toBe(expected);
  });
});

describe('coordinates', () => {
  it('suggest a system where the file has none', () => {
    expect(missingCrs([106.3, 10.8, 106.9, 11.5]).detail.en).toContain('--srid 4326');
    expect(missingCrs([563_630, 1_750_160, 568_692, 1_754_684]).detail.vi).toContain("5899 (107°45')");
    expect(missingCrs([4e7, 3e6, 5e7, 4e6]).detail.en).toContain('x 40000000');
    expect(missingCrs(undefined).type).toBe('unknown-crs');
  });

  it('are refused where they cannot be what they are said to be', () => {
    expect(() => checkExtent(4326, [600_000, 1_200_000, 601_000, 1_201_000])).toThrow('not degrees');
    expect(() => checkExtent(9210, [1_200_000, 600_000, 1_201_000, 601_000])).toThrow('axes are swapped');
    expect(() => checkExtent(9210, [600_000, 1_200_000, 601_000, 1_201_000])).not.toThrow();
    expect(() => checkExtent(4326, [106, 10, 107, 11])).not.toThrow();
  });
});
