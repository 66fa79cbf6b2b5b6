/** A read-only role on a database that its owner has migrated. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { loadReference } from '../../src/database/reference.ts';
import { raw, sql } from '../../src/database/sql.ts';
import { tileAt } from '../../src/geo/tile.ts';
import { Checks } from '../../src/quality/checks.ts';
import { Quality } from '../../src/quality/quality.ts';
import { startServer } from '../../src/server.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { PROGRAM } from '../setup/program.ts';
import { decodeTile } from '../tiles/decode.ts';

const ROLE = 'diaba_test_reader';
const OPTIONS = { poolSize: 2, statementTimeout: 30_000 };

describe.skipIf(!hasPostgres())('a role that may only read', () => {
  let owner: Database;
  let reader: Database;
  let url: string;
  let test: TestApp;

  beforeAll(async () => {
    const ownerUrl = await copyPostgres();
    url = ownerUrl.replace('postgres@', `${ROLE}@`);
    owner = await openPostgres({ url: ownerUrl, ...OPTIONS });
    await owner.script(`DO $$ BEGIN CREATE ROLE ${ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;
      CREATE SCHEMA odd; ${readFileSync(new URL('../fixtures/plain-table.sql', import.meta.url), 'utf8')}
      GRANT USAGE ON SCHEMA odd, base, land, environment TO ${ROLE};
      GRANT SELECT ON ALL TABLES IN SCHEMA odd, base, land, environment TO ${ROLE};
      REVOKE SELECT ON land.right_holder FROM ${ROLE};
      ALTER ROLE ${ROLE} SET default_transaction_read_only = on`);
    reader = await openPostgres({ url, ...OPTIONS });
  });
  afterAll(async () => {
    await test?.close();
    await reader?.close();
    await owner?.close();
  });

  it('starts a server, which reports once what it cannot do', async () => {
    expect(await migrate(reader)).toEqual([]);
    await loadReference(reader);
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line).msg) });
    const server = await startServer(
      readConfig({ PORT: '0', DIABA_SCHEMAS: 'odd,base,land,environment', DIABA_QUALITY_CHECKS: 'off' }),
      reader,
      log,
    );
    await server.close();
    const told = lines.filter((line) => !line.includes('is not served'));
    expect(told.sort()).toEqual([
      'the keys (access.key) cannot be read: no key is accepted',
      `the role "${ROLE}" may only read: it makes no triggers and no derived rows; tiles of layers without them come from the tables and are not cached`,
      'the role may not read the change log (tile.change): no tile is cached',
      'the role may not write to schema "result": processes cannot be run',
    ]);
  });

  it('may read what the catalog says of layers, not the values of saved profiles', async () => {
    await owner.query(sql`INSERT INTO catalog.import_profile (name, layer, fields, "set")
      VALUES ('xa-thu', 'land.parcel', '{}', '{"sheet": "12"}')`);
    expect(await reader.query(sql`SELECT name FROM catalog.definition LIMIT 1`)).toHaveLength(1);
    await expect(reader.query(sql`SELECT "set" FROM catalog.import_profile`)).rejects.toThrow('permission denied');
  });

  it('checks no edits, and says so once', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line).msg) });
    const { rules } = new Quality(owner, await discover(owner, ['land']));
    const checks = new Checks({ db: reader, log, rules });
    checks.start();
    await checks.settled();
    await checks.close();
    expect(lines).toEqual(['the role may not write to schema "quality": edits are not checked']);
  });

  it('is given tiles from the tables, never old', async () => {
    test = await openApp(reader, { DIABA_SCHEMAS: 'odd,base,land,environment', DIABA_EDITING: 'on' });
    const [parcel] = await owner.query<{
      id: number;
      lon: number;
      lat: number;
    }>(sql`SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat
      FROM (SELECT id, ST_Transform(ST_PointOnSurface(geom), 4326) AS p FROM land.parcel ORDER BY id LIMIT 1) AS inside`);
    const { z, x, y } = tileAt(16, parcel!.lon, parcel!.lat);
    const shown = async () => {
      const { status, body } = await request(test.app)
        .get(`/xyz/land.parcel/${z}/${x}/${y}.mvt`)
        .set('accept-encoding', 'identity')
        .buffer(true)
        .parse((response, done) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
        });
      expect(status).toBe(200);
      return decodeTile(body)['land.parcel']?.find(({ id }) => id === parcel!.id)?.properties.legal_area_m2;
    };
    for (const area of [11.5, 22.5]) {
      await owner.query(sql`UPDATE land.parcel SET legal_area_m2 = ${area} WHERE id = ${parcel!.id}`);
      expect(await shown()).toBe(area);
    }
    // With access to the derived rows and the log, it caches tiles and receives changes.
    await owner.script(`GRANT SELECT ON ALL TABLES IN SCHEMA tile TO ${ROLE}`);
    const trusting = await openApp(reader, {});
    const [before] = [test];
    test = trusting;
    await before.close();
    expect(await shown()).toBe(22.5);
    expect(trusting.services.cachedTiles.held.tiles).toBe(1);
    await owner.query(sql`UPDATE land.parcel SET legal_area_m2 = 33.5 WHERE id = ${parcel!.id}`);
    await expect.poll(shown, { timeout: 2000 }).toBe(33.5);
    await owner.script(`REVOKE SELECT ON ALL TABLES IN SCHEMA tile FROM ${ROLE};
      GRANT SELECT ON tile.derived, tile.stale TO PUBLIC`);
  });

  it('is refused an edit with a reason, and answered otherwise', async () => {
    const app = await openApp(reader, { DIABA_SCHEMAS: 'odd', DIABA_EDITING: 'on' });
    const feature = { type: 'Feature', geometry: null, properties: { name: 'x' } };
    const edit = await request(app.app).post('/collections/odd.plain_table/items').send(feature);
    expect([edit.status, edit.body.type]).toEqual([403, 'urn:diaba:problem:forbidden']);
    expect((await request(app.app).get('/collections/odd.plain_table/items')).status).toBe(200);
    const inputs = {
      geometry: { type: 'Point', coordinates: [106.68, 10.98] },
      distance: 10,
      layers: ['odd.plain_table'],
    };
    const run = await request(app.app)
      .post('/processes/buffer/execution')
      .set('accept-language', 'en')
      .send({ inputs });
    expect([run.status, run.body.detail]).toEqual([
      403,
      expect.stringMatching(/grant the right to write to schema "result"/),
    ]);
    const layer = 'result.00000000000000000000000000000000_buffer';
    expect((await request(app.app).get(`/collections/${layer}`)).status).toBe(404);
    expect((await request(app.app).get('/health/ready')).body.status).toBe('ready');
    await app.close();
  });

  it('reads in one line what to run where the database is not migrated', async () => {
    const empty = await copyPostgres('template1');
    const first = await openPostgres({ url: empty, ...OPTIONS });
    await first.close();
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'serve'], {
      env: { ...process.env, DATABASE_URL: empty.replace('postgres@', `${ROLE}@`), PORT: '0' },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^diaba: The database lacks the migration "crs", .*Run "npm run diaba -- migrate" once/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('reads in one line that PostGIS is missing', async () => {
    const maintenance = await openPostgres({ url: inject('postgres'), ...OPTIONS });
    const name = `bare_${process.pid}`;
    await maintenance.query(raw(`CREATE DATABASE ${name} TEMPLATE template0`));
    await maintenance.close();
    const bare = inject('postgres')
      .replace(/postgres$/, name)
      .replace('postgres@', `${ROLE}@`);
    await expect(openPostgres({ url: bare, ...OPTIONS })).rejects.toThrow(
      /^PostGIS is missing in the database of DATABASE_URL/,
    );
  });
});
