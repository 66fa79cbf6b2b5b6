import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { type TileAddress, tileAt } from '../../../src/geo/tile.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { temporaryFolder } from '../../transfer/temporary-files.ts';
import { readPmtiles } from '../../transfer/tiles/archives.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from './file-bytes.ts';

const ITEMS = '/collections/land.parcel/items';
const TILES = '/xyz/land.parcel';
const TYPE = 'application/vnd.pmtiles';

const folder = temporaryFolder('pmtiles-file');

describeEngines('tiles of a selection', (engine) => {
  let test: TestApp;
  /** Extent of the three parcels that are selected, in degrees. */
  let box: readonly number[];
  beforeAll(async () => {
    test = await openApp(engine.db);
    const [row] = await engine.db.query<{ box: number[] }>(
      sql`SELECT jsonb_build_array(ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)) AS box
        FROM (SELECT ST_Extent(ST_Transform(geom, 4326)) AS e FROM land.parcel WHERE id <= 3) AS chosen`,
    );
    box = row?.box ?? [];
  });
  afterAll(() => test?.close());

  const get = (path: string) => bytesOf(request(test.app).get(path));
  const archiveIn = async (body: Buffer) => {
    const file = join(folder, 'selection.pmtiles');
    writeFileSync(file, body);
    return readPmtiles(file);
  };
  /** Yields every tile of the box at a zoom, and those around. */
  function* tilesAround(z: number): Generator<TileAddress> {
    const [west = 0, south = 0, east = 0, north = 0] = box;
    const [min, max] = [tileAt(z, west, north), tileAt(z, east, south)];
    for (let x = min.x - 1; x <= max.x + 1; x++) for (let y = min.y - 1; y <= max.y + 1; y++) yield { z, x, y };
  }
  /** Compares each tile of the archive with the served one. */
  async function expectServed(body: Buffer, query: string): Promise<void> {
    const archive = await archiveIn(body);
    let drawn = 0;
    for (let z = 8; z <= 16; z++) {
      for (const tile of filled([...tilesAround(z)])) {
        const path = `${TILES}/${tile.z}/${tile.x}/${tile.y}.mvt?${query}`;
        const { body: served, status } = await get(path).set('accept-encoding', 'identity');
        const own = await archive.tile(tile);
        expect([path, own ? 200 : 204], path).toEqual([path, status]);
        if (own) expect(Buffer.from(own).equals(served), path).toBe(true);
        if (own) drawn++;
      }
    }
    expect(drawn).toBeGreaterThan(3);
  }
  const exported = async (inputs: object) => {
    const { body, status } = await request(test.app)
      .post('/processes/export/execution')
      .send({ inputs: { layer: 'land.parcel', format: 'pmtiles', ...inputs } });
    expect([status, status === 200 ? '' : body.detail]).toEqual([200, '']);
    return (await get(`/jobs/${body.job}/file`)).body as Buffer;
  };

  it('are those that the server renders for the filter', async () => {
    const filter = encodeURIComponent('id <= 3');
    const { body, headers, status } = await get(`${ITEMS}?f=pmtiles&filter=${filter}`);
    expect([status, headers['content-type']]).toEqual([200, TYPE]);
    expect(headers['content-disposition']).toMatch(/land\.parcel\.pmtiles$/);
    await expectServed(body, `filter=${filter}`);
    const { metadata } = await archiveIn(body);
    const { minLon, minLat, maxLon, maxLat } = metadata as Record<string, number>;
    for (const [index, degrees] of [minLon, minLat, maxLon, maxLat].entries())
      expect(degrees).toBeCloseTo(box[index] ?? Number.NaN, 4);
  }, 90_000);

  it('are the same from the process, with chosen fields', async () => {
    const filter = { op: '<=', args: [{ property: 'id' }, 3] };
    const body = await exported({ filter, properties: ['sheet'] });
    await expectServed(body, `filter=${encodeURIComponent('id <= 3')}&properties=sheet`);
    const { metadata } = await archiveIn(body);
    expect(metadata).toMatchObject({ vector_layers: [{ id: 'land.parcel', fields: { sheet: 'String' } }] });
    const download = await get(`${ITEMS}?f=pmtiles&filter=${encodeURIComponent('id <= 3')}&properties=sheet`);
    expect(download.body.equals(body)).toBe(true);
  }, 90_000);

  it('take a box and values of fields as filters', async () => {
    const [west = 0, south = 0, east = 0, north = 0] = box;
    const middle = [(west + east) / 2, (south + north) / 2];
    const around = [...middle.map((each) => each - 1e-5), ...middle.map((each) => each + 1e-5)].join(',');
    const [row] = await engine.db.query<{ use: string }>(sql`SELECT main_use AS use FROM land.parcel WHERE id = 1`);
    const { body, status } = await get(`${ITEMS}?f=pmtiles&bbox=${around}`);
    expect([status, status === 200 ? '' : body.toString()]).toEqual([200, '']);
    await expectServed(body, `filter=${encodeURIComponent(`S_INTERSECTS(geom, BBOX(${around}))`)}`);
    const narrow = `id IN (1, 2, 3) AND main_use = '${row?.use}'`;
    const asked = `filter=${encodeURIComponent('id IN (1, 2, 3)')}&main_use=${row?.use}`;
    await expectServed((await get(`${ITEMS}?f=pmtiles&${asked}`)).body, `filter=${encodeURIComponent(narrow)}`);
  }, 90_000);

  it('of too large a selection are refused, with the way to get them', async () => {
    const asking = request(test.app).get(`${ITEMS}?f=pmtiles`).set('accept-language', 'en');
    const { status, body } = await asking;
    expect([status, body.detail]).toEqual([422, expect.stringMatching(/more than 1000 tiles.*process "export"/)]);
  }, 90_000);

  it.each([
    ['limit=5', 400, /Leave out "limit"/],
    ['crs=EPSG:9210', 400, /Leave out "crs"/],
    ['sortby=id', 400, /Leave out "sortby"/],
    ['filter=id<0', 404, /nothing to draw/],
    ['filter=nothing=1', 400, /nothing/],
  ])('%s is refused', async (query, wanted, said) => {
    const { status, body } = await request(test.app).get(`${ITEMS}?f=pmtiles&${query}`).set('accept-language', 'en');
    expect([status, body.detail]).toEqual([wanted, expect.stringMatching(said)]);
  });

  it('in another system than that of tiles are refused by the process', async () => {
    const inputs = { layer: 'land.parcel', format: 'pmtiles', crs: 'EPSG:9210' };
    const { status, body } = await request(test.app)
      .post('/processes/export/execution')
      .set('accept-language', 'en')
      .send({ inputs });
    expect([status, body.detail]).toEqual([400, expect.stringMatching(/always in Web Mercator/)]);
  });
});
