import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { tileAt } from '../../../src/geo/tile.ts';
import { type RunningServer, startServer } from '../../../src/server.ts';
import { askQgis, hasQgis } from '../../clients/qgis.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';

/** Output of qgis-style.py. */
interface Seen {
  readonly definitions: Record<string, { layers: Record<string, boolean>; symbols: number; labels: number }>;
  readonly shares: Record<'tiles' | 'features' | 'qml' | 'sld', number>;
  readonly painted: Record<'tiles' | 'features' | 'qml' | 'sld' | 'reference', number>;
  readonly log: readonly string[];
}

/** Phú Lợi, where the sample has parcels. */
const [LON, LAT] = [106.68065, 10.98765];

describeEngines('styles for other programs', (engine) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(
      readConfig({ PORT: '0', DIABA_QUALITY_CHECKS: 'off' }),
      engine.db,
      pino({ level: 'silent' }),
    );
  });
  afterAll(() => server?.close());
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers });

  it.each([
    ['/styles/land?f=qlr', 'application/x-qgis-layer-definition', 'diaba-land.qlr'],
    ['/styles/land?f=qml', 'application/x-qgis-layer-settings', 'diaba-land.qml'],
    ['/styles/land?f=sld', 'application/vnd.ogc.sld+xml;version=1.1', 'diaba-land.sld'],
    ['/collections/base.road/styles/all?f=qml', 'application/x-qgis-layer-settings', 'diaba-base.road-all.qml'],
    ['/collections/base.road/styles/all?f=sld', 'application/vnd.ogc.sld+xml;version=1.1', 'diaba-base.road-all.sld'],
    ['/collections/base.road/styles/all?f=qlr', 'application/x-qgis-layer-definition', 'diaba-base.road-all.qlr'],
  ])('%s is a file', async (path, type, name) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${name}`);
    expect((await response.text()).startsWith('<')).toBe(true);
  });

  it('names its layers, and reads them from this server', async () => {
    const text = await (await get('/styles/land?f=qlr')).text();
    expect(text).toContain(encodeURIComponent(`${server.url}/xyz/`));
    expect(text).toContain(`url=&#39;${server.url}/wfs&#39;`);
    expect(text).toContain('name="Thửa đất"');
    expect(text).toContain(
      '+towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278',
    );
    const english = await (await get('/styles/land?f=qlr', { 'accept-language': 'en' })).text();
    expect(english).toContain('Features (WFS)');
  });

  it('refuses other forms, and layers that a style does not draw', async () => {
    expect((await get('/styles/land?f=lyr')).status).toBe(400);
    expect((await get('/collections/land.parcel/styles/base?f=qml')).status).toBe(404);
  });

  it.skipIf(!hasQgis)(
    'look in QGIS as on the server: parcels by their land use',
    async () => {
      const { z, x, y } = tileAt(16, LON, LAT);
      const seen = await askQgis<Seen>('qgis-style.py', server.url, String(z), String(y), String(x));
      expect(seen.log).toEqual([]);
      expect(Object.keys(seen.definitions)).toEqual(['base', 'land', 'environment', 'quality', 'all']);
      for (const { layers, symbols, labels } of filled(Object.values(seen.definitions))) {
        expect(Object.values(layers).every((isValid) => isValid)).toBe(true);
        expect(symbols).toBeGreaterThan(30);
        expect(labels).toBeGreaterThan(10);
      }
      expect(seen.painted.reference).toBeGreaterThan(0.1);
      // One pixel in 50 of the parcels may differ by more than 48 of 255 in a channel: edges, and lines of another
      // width.
      for (const share of Object.values(seen.shares)) expect(share).toBeLessThan(0.02 * seen.painted.reference);
    },
    240_000,
  );
});
