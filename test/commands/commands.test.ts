/** Commands as processes of their own: what they do, what they say, and how they end. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { readPmtiles } from '../transfer/tiles/archives.ts';
import { runCommand, startCommand } from './process.ts';

const SLOW = { timeout: 240_000 };

describe('a command that cannot do its work', () => {
  it.each([
    ['nonsense', {}, /^error: unknown command 'nonsense'\n$/],
    ['import a.geojson --layer a.b --srid x', {}, /^diaba: --srid must be a number, e\.g\. 9210\.\n$/],
    ['layers', { DIABA_NONSENSE: '1' }, /^diaba: Unknown setting DIABA_NONSENSE\. Known: [^\n]+\n$/],
    [
      'migrate',
      { DATABASE_URL: 'postgres://a@127.0.0.1:1/a' },
      /^diaba: The database of DATABASE_URL cannot be reached \([^\n]+\)\.\n$/,
    ],
    [
      'tiles seed --url http://127.0.0.1:1',
      {},
      /^diaba: The server does not answer [^\n]+\n +Máy chủ không trả lời [^\n]+\n$/,
    ],
  ])('says so in one line and ends with 1: %s', SLOW, async (line, env, said) => {
    const { code, out, err } = await runCommand(line.split(' '), env);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(said);
  });
});

describe.skipIf(!hasPostgres())('commands on a database', SLOW, () => {
  const folder = mkdtempSync(join(tmpdir(), 'diaba-test-commands-'));
  const env: Record<string, string> = {};
  beforeAll(async () => {
    env.DATABASE_URL = await copyPostgres();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (line: string) => runCommand(line.split(' '), env);

  it('bring it to this version, or say that it is', async () => {
    const fresh = { DATABASE_URL: await copyPostgres('template1') };
    const first = await runCommand(['migrate'], fresh);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/^Migrated: crs, base, land, [^\n]+\nThe database is up to date \(postgres\)\.\n$/);
    const again = await runCommand(['migrate'], fresh);
    expect(again).toEqual({ code: 0, out: 'The database is up to date (postgres).\n', err: '' });
  });

  it('list the layers', async () => {
    const { code, out } = await run('layers');
    expect(code).toBe(0);
    expect(out).toMatch(/^land\.parcel +MULTIPOLYGON +EPSG:9210 +~\d+ rows +Thửa đất$/m);
    expect(out.trim().split('\n').length).toBeGreaterThan(15);
  });

  it('do not load the sample into tables that have rows', async () => {
    const { code, err } = await run('sample --parcels 1');
    expect(code).toBe(1);
    expect(err).toMatch(/^diaba: [^\n]+\n$/);
  });

  it('write tiles into a file, and over it only with --overwrite', async () => {
    const file = join(folder, 'places.pmtiles');
    const line = `tiles export ${file} --layers base.place,base.road --max-zoom 9`;
    const { code, out } = await run(line);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Tiles: \d+ in [\d.]+ s \(\d+\/s\)\n.*places\.pmtiles: \d+ tiles that are not empty \(\d+ different ones\), [\d.]+ MB\n$/,
    );
    const archive = await readPmtiles(file);
    expect(archive.metadata).toMatchObject({ vector_layers: [{ id: 'base.place' }, { id: 'base.road' }] });
    writeFileSync(file, 'my letters');
    const refused = await run(line);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^diaba: [^\n]*--overwrite[^\n]*\n/);
    expect(readFileSync(file, 'utf8')).toBe('my letters');
    expect(await run(`${line} --overwrite`)).toMatchObject({ code: 0 });
    expect((await readPmtiles(file)).metadata).toEqual(archive.metadata);
  });

  it('know no other layers than those that are there', async () => {
    const { code, out, err } = await run(`tiles export ${join(folder, 'none.pmtiles')} --layers base.nothing`);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^diaba: [^\n]*base\.nothing[^\n]*\n +[^\n]+\n$/);
    expect(existsSync(join(folder, 'none.pmtiles'))).toBe(false);
  });

  it('stop when told, and go on when asked again', async () => {
    const file = join(folder, 'stopped.mbtiles');
    const args = ['tiles', 'export', file, '--layers', 'land.parcel', '--min-zoom', '15', '--max-zoom', '16'];
    const { child, said } = startCommand(args, env);
    const end = once(child, 'close');
    await vi.waitFor(() => expect(existsSync(`${file}.partial`)).toBe(true), { timeout: 240_000, interval: 10 });
    child.kill('SIGINT');
    const [code] = await end;
    expect([code, said.err]).toEqual([130, '']);
    expect(said.out).toMatch(
      /\nStopped\. .*stopped\.mbtiles\.partial has \d+ tiles [^\n]+ The same command continues\.\n$/,
    );
    expect(await runCommand(args, env)).toMatchObject({ code: 0, err: '' });
    expect([existsSync(file), existsSync(`${file}.partial`)]).toEqual([true, false]);
  });
});

describe('diaba tiles seed', SLOW, () => {
  const asked: string[] = [];
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const tilejson = { minzoom: 0, maxzoom: 2, bounds: [-180, -85, 180, 85] };
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.startsWith('/collections')) response.end(JSON.stringify({ collections: [{ id: 'a.b' }] }));
      else if (request.url?.endsWith('tilejson.json')) response.end(JSON.stringify(tilejson));
      else response.writeHead(204).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('asks the server for each tile once', async () => {
    const { code, out, err } = await runCommand(['tiles', 'seed', '--url', url]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Tiles: 21 in [\d.]+ s \(\d+\/s\)\n$/);
    const tiles = asked.filter((path) => path.endsWith('.mvt'));
    expect([tiles.length, new Set(tiles).size]).toEqual([21, 21]);
  });
});
