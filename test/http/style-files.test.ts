import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { describeEngines } from '../engine.ts';

describeEngines('styles for other programs', (engine) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(readConfig({ PORT: '0' }), engine.db, pino({ level: 'silent' }));
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
});
