import sharp from 'sharp';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

const TILE = 'Layer=land&Style=default&TileMatrixSet=WebMercatorQuad&TileMatrix=15&TileRow=15377&TileCol=26094';
const GET_TILE = `/wmts?Service=WMTS&Request=GetTile&Version=1.0.0&Format=image/png&${TILE}`;

describeEngines('WMTS', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test.close());

  const get = (path: string) => request(test.app).get(path);

  it('describes each style as a layer, alike by KVP and REST', async () => {
    const kvp = await get('/wmts?SERVICE=WMTS&request=GetCapabilities').expect(200);
    const rest = await get('/wmts/1.0.0/WMTSCapabilities.xml').expect(200);
    expect(kvp.headers['content-type']).toContain('text/xml');
    const bare = await get('/wmts').expect(200);
    const names = (text: string) =>
      [...text.matchAll(/<ows:Identifier>(\w+)<\/ows:Identifier>\n {2}<Style/g)].map(([, id]) => id);
    for (const { text } of [kvp, rest, bare])
      expect(names(text)).toEqual(['base', 'land', 'environment', 'quality', 'all']);
    expect(rest.text).toContain('<ows:Title>Đất đai</ows:Title>');
    expect(rest.text.match(/<TileMatrix>/g)).toHaveLength(23);
    const corner = /<ows:LowerCorner>([\d.]+) ([\d.]+)</.exec(rest.text)?.slice(1).map(Number) ?? [];
    expect(corner[0]).toBeGreaterThan(106);
    expect(corner[1]).toBeGreaterThan(10.5);
  });

  it('gives the same tile by KVP in any case, by REST, and from the styles', async () => {
    const kvp = await get(GET_TILE).expect(200);
    expect(kvp.headers['content-type']).toBe('image/png');
    expect(await sharp(kvp.body).metadata()).toMatchObject({ format: 'png', width: 256, height: 256 });
    expect((await sharp(kvp.body).stats()).entropy).toBeGreaterThan(1);
    const others = [
      GET_TILE.replaceAll('Tile', 'TILE')
        .replace('Layer=', 'LAYER=')
        .replace('GetTILE', 'GetTile')
        .replace('TILEMatrixSet', 'tilematrixset'),
      '/wmts/1.0.0/land/default/WebMercatorQuad/15/15377/26094.png',
      '/styles/land/15/26094/15377.png',
    ];
    for (const path of others) expect(Buffer.compare((await get(path).expect(200)).body, kvp.body), path).toBe(0);
    const webp = await get('/wmts/1.0.0/land/default/WebMercatorQuad/15/15377/26094.webp').expect(200);
    expect([webp.headers['content-type'], (await sharp(webp.body).metadata()).format]).toEqual(['image/webp', 'webp']);
  });

  it.each([
    ['/wmts?version=1.0.0', 400, 'MissingParameterValue', 'Service'],
    ['/wmts?service=WMS', 400, 'InvalidParameterValue', 'Service'],
    ['/wmts?service=WMTS', 400, 'MissingParameterValue', 'Request'],
    ['/wmts?service=WMTS&request=Dance', 400, 'InvalidParameterValue', 'Request'],
    ['/wmts?service=WMTS&request=GetFeatureInfo&version=1.0.0', 501, 'OperationNotSupported', 'GetFeatureInfo'],
    ['/wmts?service=WMTS&request=GetTile', 400, 'MissingParameterValue', 'Version'],
    [GET_TILE.replace('Version=1.0.0', 'Version=2.0.0'), 400, 'InvalidParameterValue', 'Version'],
    [GET_TILE.replace('land', 'no"<such'), 400, 'InvalidParameterValue', 'Layer'],
    [GET_TILE.replace('default', 'dark'), 400, 'InvalidParameterValue', 'Style'],
    [GET_TILE.replace('image/png', 'image/gif'), 400, 'InvalidParameterValue', 'Format'],
    [GET_TILE.replace('WebMercatorQuad', 'Other'), 400, 'InvalidParameterValue', 'TileMatrixSet'],
    [GET_TILE.replace('TileMatrix=15', 'TileMatrix=23'), 400, 'InvalidParameterValue', 'TileMatrix'],
    [GET_TILE.replace('TileRow=15377', 'TileRow=32768'), 400, 'TileOutOfRange', 'TileRow'],
    [GET_TILE.replace('TileCol=26094', 'TileCol=-1'), 400, 'TileOutOfRange', 'TileCol'],
    [`${GET_TILE}&layer=base`, 400, 'InvalidParameterValue', 'layer'],
    ['/wmts/1.0.0/land/default/WebMercatorQuad/15/40000/26094.png', 400, 'TileOutOfRange', 'TileRow'],
    ['/wmts/1.0.0/sea/default/WebMercatorQuad/15/1/1.png', 400, 'InvalidParameterValue', 'Layer'],
  ])('reports what is wrong with %s', async (path, status, code, locator) => {
    const { status: got, text, headers } = await get(path);
    expect([got, headers['content-type']]).toEqual([status, 'text/xml; charset=utf-8']);
    expect(text).toContain(`<Exception exceptionCode="${code}" locator="${locator}">`);
    expect(text).not.toContain('no"<such');
  });
});
