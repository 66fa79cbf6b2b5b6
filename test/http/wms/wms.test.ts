import sharp from 'sharp';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wgs84ToVn2000 } from '../../../src/geo/vn2000.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';
import { BOX, INFO, isPlot, MAP, MERCATOR, MIDDLE, mapPath, pixelIn } from './requests.ts';

describeEngines('WMS', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test.close());

  const get = (path: string) => request(test.app).get(path);
  const picture = async (path: string) => {
    const { body, headers, text } = await get(path);
    expect(headers['content-type'], text).toMatch(/^image\//);
    return body as Buffer;
  };
  const pixels = async (path: string) =>
    sharp(await picture(path))
      .ensureAlpha()
      .raw()
      .toBuffer();
  /** Returns the mean difference of a channel. */
  const difference = (a: Buffer, b: Buffer) =>
    a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] as number)), 0) / a.length;

  it('describes styles and layers, and each CRS', async () => {
    const { text, headers } = await get('/wms?service=WMS&request=getcapabilities').expect(200);
    expect(headers['content-type']).toContain('text/xml');
    expect((await get('/wms').expect(200)).text).toContain('<WMS_Capabilities version="1.3.0"');
    const names = [...text.matchAll(/<Layer queryable="1">\s*<Name>([^<]+)</g)].map(([, name]) => name);
    expect(names.slice(0, 5)).toEqual(['base', 'land', 'environment', 'quality', 'all']);
    expect(names).toContain('land.parcel');
    expect(text).not.toContain('right_holder');
    for (const crs of ['CRS:84', 'EPSG:4326', 'EPSG:3857', 'EPSG:9210']) expect(text).toContain(`<CRS>${crs}</CRS>`);
    const legend = /<Name>land<[\s\S]*?xlink:href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const png = await picture(legend.slice(legend.indexOf('/wms')));
    expect((await sharp(png).metadata()).height).toBeGreaterThan(400);
  });

  it('draws the map of the styles, in the formats that it lists', async () => {
    const [west, south, east, north] = BOX;
    expect(
      Buffer.compare(
        await picture(MAP),
        await picture(MAP.toLowerCase().replace('getmap', 'GetMap').replace('epsg', 'EPSG')),
      ),
    ).toBe(0);
    for (const format of ['png', 'webp', 'jpeg']) {
      const { body, headers } = await get(MAP.replace('image/png', `image/${format}`)).expect(200);
      expect(headers['content-type']).toBe(`image/${format}`);
      expect(await sharp(body).metadata()).toMatchObject({ format, width: 300, height: 300 });
    }
    const shown = await pixels(`/styles/land/static/${west},${south},${east},${north}/300x300.png`);
    // Except for the owner's name in the corner, and for pixels that are not square: that map is undistorted.
    expect(difference(await pixels(MAP), shown)).toBeLessThan(12);
  });

  it('has the axes of each system as the standard wants them', async () => {
    const [west, south, east, north] = BOX;
    const crs84 = await picture(mapPath('land', `CRS=CRS:84&BBOX=${BOX.join(',')}`));
    const epsg4326 = await picture(mapPath('land', `CRS=EPSG:4326&BBOX=${south},${west},${north},${east}`));
    const old = mapPath('land', `SRS=EPSG:4326&BBOX=${BOX.join(',')}`).replace('1.3.0', '1.1.1');
    expect(Buffer.compare(crs84, epsg4326)).toBe(0);
    expect(Buffer.compare(crs84, await picture(old))).toBe(0);
    const drawn = await sharp(crs84).ensureAlpha().raw().toBuffer();
    expect(difference(drawn, await pixels(MAP))).toBeLessThan(6);
  });

  it('draws in VN-2000', async () => {
    const corners = [wgs84ToVn2000([BOX[0], BOX[1]], 105.75), wgs84ToVn2000([BOX[2], BOX[3]], 105.75)];
    const drawn = await pixels(mapPath('land', `CRS=EPSG:9210&BBOX=${corners.flat().join(',')}`));
    const there = await pixels(MAP);
    // The zone's meridian is a degree away, so north is turned by 0.18°: a seventh of a pixel at the edges of this map.
    const middle = (data: Buffer) =>
      sharp(data, { raw: { width: 300, height: 300, channels: 4 } })
        .extract(MIDDLE)
        .raw()
        .toBuffer();
    const right = difference(await middle(drawn), await middle(there));
    const off = corners.flat().map((value) => value + 20);
    const wrong = await pixels(mapPath('land', `CRS=EPSG:9210&BBOX=${off.join(',')}`));
    expect(difference(await middle(wrong), await middle(there))).toBeGreaterThan(2 * right);
  });

  it('lays layers on each other, on nothing or on a colour', async () => {
    const opacityOf = async (path: string) =>
      (await pixels(path)).filter((_, at) => at % 4 === 3).reduce((least, value) => Math.min(least, value), 255);
    const where = `CRS=EPSG:3857&BBOX=${MERCATOR}`;
    expect(await opacityOf(mapPath('land.parcel', where, '&TRANSPARENT=TRUE'))).toBe(0);
    expect(await opacityOf(mapPath('land.parcel', where))).toBe(255);
    const corner = async (path: string) => [...(await pixels(path)).subarray(0, 3)];
    const sea = where.replace(MERCATOR, '-100000,-100000,0,0');
    expect(await corner(mapPath('land.parcel', sea))).toEqual([255, 255, 255]);
    expect(await corner(mapPath('land.parcel', sea, '&BGCOLOR=0x102030'))).toEqual([16, 32, 48]);
    const [parcels, roads, both] = await Promise.all(
      ['land.parcel', 'base.road', 'land.parcel,base.road'].map((layers) => pixels(mapPath(layers, where))),
    );
    for (const one of [parcels, roads]) expect(difference(one as Buffer, both as Buffer)).toBeGreaterThan(0.5);
  });

  it('draws a layer that no style draws', async () => {
    await engine.db.query({
      text: `CREATE TABLE base.plain (id int PRIMARY KEY, geom geometry(Point, 4326))`,
      values: [],
    });
    await engine.db.query({
      text: `INSERT INTO base.plain VALUES (1, ST_SetSRID(ST_MakePoint(106.68, 10.986), 4326))`,
      values: [],
    });
    const other = await openApp(engine.db);
    const { body } = await request(other.app)
      .get(mapPath('base.plain', `CRS=EPSG:3857&BBOX=${MERCATOR}`))
      .expect(200);
    const data = await sharp(body).ensureAlpha().raw().toBuffer();
    expect([...data.subarray((150 * 300 + 150) * 4, (150 * 300 + 150) * 4 + 3)]).toEqual([0x4a, 0x6f, 0xa5]);
    await other.close();
    await engine.db.query({ text: 'DROP TABLE base.plain', values: [] });
  });

  it('tells what is under a pixel, as JSON, text and a page', async () => {
    const items = await get(`/collections/land.parcel/items?limit=1000&bbox=${BOX.join(',')}`);
    const feature = items.body.features.find(isPlot);
    const [i, j] = pixelIn(feature.geometry);
    const at = `&I=${i}&J=${j}&INFO_FORMAT=`;
    const { body } = await get(`${INFO}${at}application/json`).expect(200);
    expect(body.features).toHaveLength(1);
    const [parcel] = body.features;
    expect(parcel).toMatchObject({ id: `land.parcel.${feature.id}`, properties: feature.properties });
    const text = (await get(`${INFO}${at}text/plain&lang=en`).expect(200)).text;
    expect(text).toContain(String(parcel.properties.number));
    const page = await get(`${INFO}${at}text/html`).expect(200);
    expect(page.text).toContain(`<td>${parcel.properties.number}</td>`);
    expect(JSON.stringify(body) + text + page.text).not.toMatch(/holder|owner/);
    const all = await get(`${INFO.replace('land.parcel', 'land')}${at}application/json&FEATURE_COUNT=3`).expect(200);
    const layers = all.body.features.map(({ id }: { id: string }) => id.split('.').slice(0, 2).join('.'));
    expect(layers).toEqual(expect.arrayContaining(['land.parcel', 'base.unit']));
    // The style hides plans.
    expect(layers).not.toContain('land.planning_zone');
    const old = INFO.replace('1.3.0', '1.1.1').replace('CRS=', 'SRS=');
    expect((await get(`${old}&X=${i}&Y=${j}&INFO_FORMAT=application/json`).expect(200)).body).toEqual(body);
  });

  const legend = (layer: string, rest = '') =>
    `/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=${layer}&FORMAT=image/png${rest}`;

  const look = async (path: string) => {
    const { data, info } = await sharp(await picture(path))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixel = (x: number, y: number) => {
      const at = (y * info.width + x) * info.channels;
      return `#${data.subarray(at, at + 3).toString('hex')}`;
    };
    return { info, pixel };
  };

  it('draws a legend: each colour of the style in its row, with words beside it', async () => {
    const { info, pixel } = await look(legend('land.parcel'));
    const drawn = test.services.styles.get('land')?.layers.find(({ id }) => id === 'parcel');
    const { legend: entries } = drawn!.metadata as { legend: { colour: string }[] };
    expect(entries.length).toBeGreaterThan(20);
    // Rows of 22 px below a margin of 8; the first is the heading.
    const middles = entries.map((_, index) => 8 + 22 * (index + 1) + 11);
    expect(info.height).toBe(22 * (entries.length + 1) + 16);
    expect(middles.map((y) => pixel(24, y))).toEqual(entries.map(({ colour }) => colour.toLowerCase()));
    for (const y of middles) {
      const words = Array.from({ length: 12 * (info.width - 60) }, (_, at) =>
        pixel(50 + (at % (info.width - 60)), y - 6 + Math.floor(at / (info.width - 60))),
      );
      // Letters are grey on white, most of them thinner than a pixel.
      expect(words.filter((colour) => colour < '#90').length, `row at ${y}`).toBeGreaterThan(20);
    }
    expect(await picture(legend('land.parcel', '&lang=en'))).not.toEqual(await picture(legend('land.parcel')));
    const webp = await get(legend('land.parcel').replace('image/png', 'image/webp')).expect(200);
    expect((await sharp(webp.body).metadata()).format).toBe('webp');
  });

  it('keeps the lines of a legend off its words', async () => {
    const { info, pixel } = await look(legend('base.road'));
    const middles = Array.from({ length: (info.height - 16) / 22 - 1 }, (_, index) => 8 + 22 * (index + 1) + 11);
    expect(middles).toHaveLength(6);
    const motorway = middles.at(-1) as number;
    const drawn = test.services.styles.get('base')?.layers.find(({ id }) => id === 'road-expressway');
    expect(pixel(24, motorway)).toBe((drawn as { paint: { 'line-color': string } }).paint['line-color']);
    // A swatch is 28 px wide, and its text begins 8 px beyond.
    for (const y of middles) for (const x of [8, 40, 43]) expect([x, y, pixel(x, y)]).toEqual([x, y, '#ffffff']);
  });

  it('draws a legend of every layer and map that it lists', async () => {
    const { text } = await get('/wms').expect(200);
    const urls = [...text.matchAll(/<LegendURL>.*?xlink:href="([^"]+)"/g)].map(
      ([, url]) => url?.replaceAll('&amp;', '&') ?? '',
    );
    expect(urls.length).toBeGreaterThan(15);
    for (const url of filled(urls)) {
      const { channels } = await sharp(await picture(url.slice(url.indexOf('/wms')))).stats();
      expect(Math.max(...channels.map(({ stdev }) => stdev)), url).toBeGreaterThan(5);
    }
  });

  it.each([
    ['/wms?service=WMS', 'MissingParameterValue', 'REQUEST'],
    ['/wms?nonsense', 'MissingParameterValue', 'REQUEST'],
    ['/wms?request=Dance', 'OperationNotSupported', 'REQUEST'],
    ['/wms?request=GetCapabilities&service=WFS', 'InvalidParameterValue', 'SERVICE'],
    [MAP.replace('1.3.0', '9'), 'InvalidParameterValue', 'VERSION'],
    [MAP.replace('land', 'no.such'), 'LayerNotDefined', 'LAYERS'],
    [MAP.replace('land', 'land.right_holder'), 'LayerNotDefined', 'LAYERS'],
    [MAP.replace('land', Array(21).fill('land').join(',')), 'InvalidParameterValue', 'LAYERS'],
    [MAP.replace('STYLES=', 'STYLES=dark'), 'StyleNotDefined', 'STYLES'],
    [MAP.replace('3857', '2154'), 'InvalidCRS', 'CRS'],
    [MAP.replace('3857', '32648'), 'InvalidCRS', 'CRS'],
    [MAP.replace('image/png', 'image/gif'), 'InvalidFormat', 'FORMAT'],
    [MAP.replace('WIDTH=300', 'WIDTH=2049'), 'InvalidParameterValue', 'WIDTH'],
    [MAP.replace('HEIGHT=300', 'HEIGHT=0'), 'InvalidParameterValue', 'HEIGHT'],
    [MAP.replace(MERCATOR, '1,2,1,3'), 'InvalidParameterValue', 'BBOX'],
    [MAP.replace(MERCATOR, '1,2,3'), 'InvalidParameterValue', 'BBOX'],
    [MAP.replace(MERCATOR, '1,2,NaN,4'), 'InvalidParameterValue', 'BBOX'],
    [`${MAP}&BGCOLOR=red`, 'InvalidParameterValue', 'BGCOLOR'],
    [`${MAP}&TRANSPARENT=maybe`, 'InvalidParameterValue', 'TRANSPARENT'],
    [`${INFO}&I=300&J=1&INFO_FORMAT=text/plain`, 'InvalidPoint', 'I'],
    [`${INFO}&I=1&J=1&INFO_FORMAT=image/png`, 'InvalidFormat', 'INFO_FORMAT'],
    ['/wms?request=GetLegendGraphic&layer=x', 'LayerNotDefined', 'LAYER'],
  ])('reports what is wrong with %s', async (path, code, locator) => {
    const { status, text, headers } = await get(path);
    expect([status, headers['content-type']]).toEqual([400, 'text/xml; charset=utf-8']);
    expect(text).toContain(`<ServiceException code="${code}" locator="${locator}">`);
  });

  it('is described as 1.1.1 to who asks for it, x first in every system', async () => {
    const { text, headers } = await get('/wms?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetCapabilities').expect(200);
    expect(headers['content-type']).toBe('application/vnd.ogc.wms_xml; charset=utf-8');
    expect(text).toMatch(
      /^<\?xml [^>]*>\n<!DOCTYPE WMT_MS_Capabilities SYSTEM "http:\/\/schemas.opengis.net\/wms\/1.1.1\/WMS_MS_Capabilities.dtd">\n<WMT_MS_Capabilities version="1.1.1">\n/,
    );
    expect(text).toContain('<Name>OGC:WMS</Name>');
    expect(text).toContain('<Exception><Format>application/vnd.ogc.se_xml</Format></Exception>');
    for (const srs of ['EPSG:4326', 'EPSG:3857', 'EPSG:9210']) expect(text).toContain(`<SRS>${srs}</SRS>`);
    expect(text).not.toMatch(/CRS|LayerLimit|MaxWidth|EX_Geographic|sld:|xsi:|xmlns="/);
    const [, west = 0, south = 0] = (/<BoundingBox SRS="EPSG:4326" minx="([^"]+)" miny="([^"]+)"/.exec(text) ?? []).map(
      Number,
    );
    expect(west).toBeGreaterThan(100);
    expect(south).toBeLessThan(20);
    expect(text).toMatch(/<LatLonBoundingBox minx="10\d\./);
  });

  it.each([
    ['1.3.0', '1.3.0'],
    ['1.4', '1.3.0'],
    ['2.0.0', '1.3.0'],
    ['1.2.9', '1.1.1'],
    ['1.1.0', '1.1.1'],
    ['1.0.0', '1.1.1'],
    ['', '1.3.0'],
  ])('asked for %s is described as %s', async (asked, version) => {
    const { text } = await get(`/wms?SERVICE=WMS&VERSION=${asked}&REQUEST=GetCapabilities`).expect(200);
    expect(text).toMatch(
      new RegExp(`<WMT?_(MS_)?Capabilities version="${version}"|<WMS_Capabilities version="${version}"`),
    );
  });

  it('of 1.1.1 reports as 1.1.1, and needs no INFO_FORMAT', async () => {
    const old = INFO.replace('1.3.0', '1.1.1').replace('CRS=', 'SRS=');
    const { status, text, headers } = await get(`${old}&X=300&Y=1`);
    expect([status, headers['content-type']]).toEqual([400, 'application/vnd.ogc.se_xml']);
    expect(text).toContain(
      '<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">\n<ServiceExceptionReport version="1.1.1">\n  <ServiceException code="InvalidPoint">',
    );
    expect((await get(`${old}&X=1&Y=1`).expect(200)).headers['content-type']).toContain('text/plain');
    expect((await get('/wms?SERVICE=WMS&VERSION=x&REQUEST=GetCapabilities').expect(400)).text).toContain(
      'locator="VERSION"',
    );
  });

  it.each([
    'EPSG:3857&BBOX=-900000000,-900000000,900000000,900000000',
    'CRS:84&BBOX=-180,-90,180,90',
    'CRS:84&BBOX=106.6,10.9,106.60000001,10.90000001',
    'EPSG:9210&BBOX=-9000000,-9000000,9000000,9000000',
  ])('draws what is far too much or too little all the same: %s', async (where) => {
    expect((await sharp(await picture(mapPath('all', `CRS=${where}`))).metadata()).width).toBe(300);
  });
});
