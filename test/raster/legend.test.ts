import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import { expect, it } from 'vitest';
import { drawLegend } from '../../src/raster/legend.ts';

it('draws colours as boxes of one size, their outlines within them, a row of 22 px each', () => {
  const legend = [
    { value: 'ODT', colour: '#ff00ff', vi: 'Đất ở', en: 'Housing' },
    { value: 'CLN', colour: '#00ff00', vi: 'Cây lâu năm', en: 'Perennials' },
  ];
  const metadata = { group: 'land', legend };
  const layer = { id: 'parcel', type: 'fill', source: 's', metadata } as unknown as LayerSpecification;
  const groups = [{ id: 'land', vi: 'Đất', en: 'Land' }];
  const svg = drawLegend({ layers: [layer], shown: ['parcel'], groups, language: 'en', scale: 1 });
  const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="(\d+)" height="(\d+)" fill="(#\w+)"/g)];
  // The first row is the heading, at 8 px; outlines of 1 px lie half within and half without.
  expect(boxes.map((box) => box.slice(1))).toEqual([
    ['10.5', '34.5', '27', '13', '#ff00ff'],
    ['10.5', '56.5', '27', '13', '#00ff00'],
  ]);
  expect(svg).toContain('height="82"');
});
