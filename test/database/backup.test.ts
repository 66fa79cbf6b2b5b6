/** The page "Back up and restore" of the documentation, with its own commands. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { sql } from '../../src/database/sql.ts';
import { restoreSystems } from '../../src/database/vn2000-systems.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { openApp } from '../http/app.ts';

const hasTools = spawnSync('pg_dump', ['--version']).status === 0;

const OPTIONS = { poolSize: 2, statementTimeout: 30_000 };

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  expect([program, status, stderr]).toEqual([program, 0, '']);
}

/** Answers that a restored database must repeat: rows, the official systems, and a tile. */
async function read(db: Database) {
  const [rows] =
    await db.query(sql`SELECT (SELECT count(*) FROM land.parcel) AS parcels, (SELECT count(*) FROM base.road) AS roads,
    (SELECT md5(string_agg(srid || srtext || proj4text, ',' ORDER BY srid)) FROM spatial_ref_sys) AS systems`);
  const test = await openApp(db);
  const [parcel] = (await request(test.app).get('/collections/land.parcel/items?limit=1').expect(200)).body.features;
  const [lon, lat] = parcel.geometry.coordinates[0][0][0];
  const found = (await request(test.app).get(`/parcels/at?x=${lon}&y=${lat}`).expect(200)).body.numberReturned;
  await test.close();
  return { rows, parcel, found };
}

it.skipIf(!hasPostgres() || !hasTools)(
  'a dump without derived rows is restored whole',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'diaba-backup-'));
    const [from, to] = [await copyPostgres(), await copyPostgres('template0')];
    const original = await openPostgres({ url: from, ...OPTIONS });
    const file = join(folder, 'diaba.dump');
    run('pg_dump', ['-Fc', '--exclude-table-data=tile.*', '-f', file, from]);
    run('pg_restore', ['--no-owner', '--exit-on-error', '-d', to, file]);
    const restored = await openPostgres({ url: to, ...OPTIONS });
    expect(await migrate(restored)).toEqual([]);
    // PostGIS's own rows of these systems are not in a dump.
    expect(await restoreSystems(restored)).toBe(true);
    expect(await read(restored)).toEqual(await read(original));
    await Promise.all([restored.close(), original.close()]);
    rmSync(folder, { recursive: true });
  },
  240_000,
);
