import { expect, it } from 'vitest';
import { describeViewer } from './browser.ts';

describeViewer('MapLibre GL JS', (desk) => {
  it('draws tiles in MLT as it draws those in MVT', async () => {
    const { page, base, known } = desk;
    const requested: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/xyz/')) requested.push(new URL(request.url()).pathname);
    });
    // The page says where the library is.
    await page.goto(`${base}/map`);
    const [mvt, mlt] = (await page.evaluate(`(async () => {
      const { Map } = await import('maplibre-gl');
      const container = document.createElement('div');
      container.style.cssText = 'position: fixed; inset: 0; z-index: 99';
      document.body.append(container);
      const layer = (id) => ({
        id, type: 'fill', source: id, 'source-layer': 'land.parcel',
        filter: ['>', ['get', 'legal_area_m2'], 0], paint: { 'fill-color': '#c00' },
      });
      const map = new Map({
        container, center: [${known.lon}, ${known.lat}], zoom: 16, fadeDuration: 0,
        style: {
          version: 8,
          sources: {
            mvt: { type: 'vector', url: '${base}/xyz/land.parcel/tilejson.json' },
            mlt: { type: 'vector', url: '${base}/xyz/land.parcel/mlt/tilejson.json' },
          },
          layers: [layer('mvt'), layer('mlt')],
        },
      });
      await map.once('idle');
      return ['mvt', 'mlt'].map((id) => map.queryRenderedFeatures({ layers: [id] })
        .map(({ id, properties, geometry }) => JSON.stringify([id, Object.entries(properties).sort(), geometry])).sort());
    })()`)) as [string[], string[]];
    expect(mvt.length).toBeGreaterThan(20);
    expect(mlt).toEqual(mvt);
    for (const format of ['mvt', 'mlt']) expect(requested.some((path) => path.endsWith(`.${format}`))).toBe(true);
    expect(desk.complaints).toEqual([]);
  });
});
