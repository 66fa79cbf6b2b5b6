/** `diaba import` as a separate process, as a person at a terminal runs, stops and kills it. */
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openEmbedded } from '../../src/database/embedded.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { sql } from '../../src/database/sql.ts';
import { copyPostgres, hasPostgres } from '../engine.ts';
import { runCommand, startCommand } from './process.ts';

/** Timeout for a machine that many share. Alone, a command takes 3 s. */
const SLOW = { timeout: 240_000 };

const root = mkdtempSync(join(tmpdir(), 'diaba-test-command-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const point = (note: string, index: number) => ({
  type: 'Feature',
  properties: { 'Ghi chú': note, tenChu: 'Nguyễn Văn A' },
  geometry: { type: 'Point', coordinates: [106.6 + index / 1e6, 10.9] },
});
const write = (name: string, notes: readonly string[]) => {
  const file = join(root, name);
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: notes.map(point) }));
  return file;
};

/** Temporary folder of the commands, in which imports create folders. */
const temporary = join(root, 'tmp');
mkdirSync(temporary);
const left = () => readdirSync(temporary).filter((name) => name.startsWith('diaba-'));

const start = (args: readonly string[], env: Record<string, string>) =>
  startCommand(args, { TMPDIR: temporary, ...env });

async function run(args: readonly string[], env: Record<string, string>) {
  const { code, out, err } = await runCommand(args, { TMPDIR: temporary, ...env });
  return { code, output: out + err };
}

/** Kills a command without warning once it has said a word. */
async function killAt(word: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  const { child, said } = start(args, env);
  const end = once(child, 'close');
  while (child.exitCode === null && !said.out.includes(word)) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGKILL');
  expect((await end)[1]).toBe('SIGKILL');
}

/** Imports two parcels and their register, and undoes it. */
async function importRegister(env: Record<string, string>): Promise<void> {
  const square = (index: number) => {
    const [x, y] = [106.6 + index / 1000, 10.9];
    const ring = [
      [x, y],
      [x + 0.0001, y],
      [x + 0.0001, y + 0.0001],
      [x, y + 0.0001],
      [x, y],
    ];
    return {
      type: 'Feature',
      properties: { shbando: '991', shthua: index + 1 },
      geometry: { type: 'Polygon', coordinates: [ring] },
    };
  };
  const map = join(root, 'to 991.geojson');
  writeFileSync(map, JSON.stringify({ type: 'FeatureCollection', features: [0, 1].map(square) }));
  const register = join(root, 'so.csv');
  writeFileSync(register, 'Số tờ,Số thửa,Loại đất,Tờ cũ,Thửa cũ\r\n991,1,ONT,7,70\r\n991,5,ONT,,\r\n');
  const set = ['--set', 'unit_code=25750', 'unit_valid_from=2025-07-01', 'main_use=ONT'];
  const args = ['import', map, '--register', register, '--layer', 'land.parcel', '--anywhere', ...set];
  const { code, output } = await run(args, env);
  expect(output).toContain('land.parcel: read 2, written 2, refused 0');
  expect(output).toContain('by key: 2 rows; 1 features have one');
  expect(output).toContain('rows without a feature 1: 991/5');
  expect(output).toContain('features without a row 1: 991/2');
  expect(output).toContain('1 former numbers were written.');
  expect(code).toBe(0);
  const [, id = ''] = /Import (\d+): import --undo/.exec(output) ?? [];
  expect((await run(['import', '--undo', id], env)).output).toContain(`Undone: ${id}`);
}

describe('diaba import (embedded)', () => {
  const env = { DIABA_DATA: join(root, 'data') };
  beforeAll(async () => {
    // Its first start, which takes 10 s, has tests of its own.
    await (
      await openEmbedded({ folder: join(env.DIABA_DATA, 'pg'), snapshot: readFileSync(inject('snapshot')) })
    ).close();
  });

  it('imports into its own folder of data, tells what it changed, and leaves nothing behind', SLOW, async () => {
    const file = write('ghi-chu.geojson', ['một\thai', 'ba\nbốn', 'Đường'.normalize('NFD')]);
    const { code, output } = await run(['import', file, '--layer', 'base.ghi_chu'], env);
    expect(output).toContain('base.ghi_chu (new): read 3, written 3, refused 0; EPSG:4326 -> EPSG:4326');
    expect(output).toContain('renamed Ghi chú: ghi_chu');
    expect(output).toContain('changed 1 of Ghi chú: combining marks were joined to their letters (NFC)');
    expect(output).toContain('left out tenChu');
    expect(code).toBe(0);
    expect(left()).toEqual([]);

    const rows = async (work: string) => {
      const db = await openEmbedded({ folder: join(env.DIABA_DATA, 'pg') });
      await db.script(work);
      const found = await db.query(sql`SELECT string_agg(t::text, ' ' ORDER BY id) AS rows FROM base.ghi_chu AS t`);
      await db.close();
      return found;
    };
    const before =
      await rows(`CREATE FUNCTION base.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1e6); RETURN NULL; END $$;
      CREATE TRIGGER stop AFTER INSERT ON base.ghi_chu FOR EACH STATEMENT EXECUTE FUNCTION base.stop()`);
    const again = ['import', write('moi.geojson', ['năm']), '--layer', 'base.ghi_chu', '--mode', 'replace'];
    await killAt('Writing', again, env);
    expect(await rows('DROP FUNCTION base.stop CASCADE')).toEqual(before);
    expect((await run(again, env)).output).toContain('replace: inserted 1, updated 0, unchanged 0, deleted 3');
    const listed = await run(['import', '--list'], env);
    const [, id = ''] = /(\d+) .* base\.ghi_chu {2}replace {2}moi\.geojson: inserted 1/.exec(listed.output) ?? [];
    expect((await run(['import', '--undo', id], env)).output).toContain(`Undone: ${id}`);
    expect(await rows('SELECT 1')).toEqual(before);
  });

  it('joins a register, and lists what has no partner', SLOW, () => importRegister(env));
});

describe.skipIf(!hasPostgres())('diaba import (postgres)', () => {
  const large = join(root, 'large.geojson');
  const env: Record<string, string> = {};
  beforeAll(async () => {
    env.DATABASE_URL = await copyPostgres();
    write(
      'large.geojson',
      Array.from({ length: 100_000 }, (_, index) => `thửa ${index}`),
    );
  });

  const isCopiedTo = (folder: string) =>
    readdirSync(folder).some((name) => existsSync(join(folder, name, 'large.geojson')));

  /** Stops the import of a large file while its folder exists. */
  const stop = async (signal: NodeJS.Signals) => {
    const { child } = start(['import', large, '--layer', 'base.large'], env);
    const end = once(child, 'close');
    const isCopied = () => left().some((name) => isCopiedTo(join(temporary, name)));
    while (child.exitCode === null && !isCopied()) await new Promise((resolve) => setTimeout(resolve, 5));
    const [folder = ''] = left();
    const mode = statSync(join(temporary, folder)).mode & 0o777;
    child.kill(signal);
    const [, by] = await end;
    return { by, mode };
  };

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends it as it should, and its folder goes',
    SLOW,
    async (signal) => {
      expect(await stop(signal)).toEqual({ by: signal, mode: 0o700 });
      expect(left()).toEqual([]);
    },
  );

  it('after a kill the next start removes the folder; nothing was written', SLOW, async () => {
    expect(await stop('SIGKILL')).toMatchObject({ by: 'SIGKILL' });
    expect(left()).toHaveLength(1);
    const living = join(temporary, `diaba-${process.pid}--aaaaaa`);
    mkdirSync(living);
    const { code } = await run(['layers'], env);
    expect(code).toBe(0);
    expect(left().map((name) => join(temporary, name))).toEqual([living]);
    rmSync(living, { recursive: true });
    const db = await openPostgres({ url: env.DATABASE_URL ?? '', poolSize: 1, statementTimeout: 10_000 });
    expect(await db.query(sql`SELECT to_regclass('base.large') AS made`)).toEqual([{ made: null }]);
    await db.close();
  });

  it('joins a register, and lists what has no partner', SLOW, () => importRegister(env));

  it('refused: says why, writes nothing, ends with 1', SLOW, async () => {
    const file = join(root, 'refused.geojson');
    writeFileSync(
      file,
      JSON.stringify({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: ['x', 1] } }),
    );
    const { code, output } = await run(['import', file, '--layer', 'base.refused'], env);
    expect(output).toContain('a coordinate is no number. (features 1)');
    expect(code).toBe(1);
    expect(left()).toEqual([]);
  });

  it('killed at any moment, it leaves the layer as it was, and the next import goes on', SLOW, async () => {
    const db = await openPostgres({ url: env.DATABASE_URL ?? '', poolSize: 4, statementTimeout: 60_000 });
    await db.script(`CREATE TABLE base.killed (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ghi_chu text, unit_code text, unit_valid_from date,
        geom geometry(Point, 4326), FOREIGN KEY (unit_code, unit_valid_from) REFERENCES base.unit (code, valid_from));
      INSERT INTO base.killed (ghi_chu) VALUES ('a'), ('b');
      CREATE FUNCTION base.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NULL; END $$;
      CREATE TRIGGER hold AFTER INSERT ON base.killed FOR EACH STATEMENT EXECUTE FUNCTION base.hold()`);
    const state = () =>
      db.query(sql`SELECT (SELECT count(*) || ' ' || sum(xmin::text::bigint) FROM base.killed) AS rows,
        (SELECT count(*) FROM transfer.import) AS imports, (SELECT count(*) FROM pg_proc WHERE proname LIKE 'import\\_%') AS functions`);
    const before = await state();
    const file = write('killed.geojson', ['một', 'hai']);
    const args = ['import', file, '--layer', 'base.killed', '--mode', 'replace', '--map', 'ghi_chu=Ghi chú'];
    // The last one holds it after its rows were written.
    const moments = [
      ['Reading', 'SELECT 1'],
      ['Checking', 'LOCK TABLE base.unit IN ACCESS EXCLUSIVE MODE'],
      ['Writing', 'LOCK TABLE base.killed IN SHARE MODE'],
      ['Writing', 'SELECT pg_advisory_xact_lock(77)'],
    ] as const;
    for (const [word, hold] of moments) {
      await db.transaction(async (session) => {
        await session.script(hold);
        await killAt(word, args, env);
      });
      // PostgreSQL ends the session once it notices.
      await expect.poll(state, { timeout: 30_000 }).toEqual(before);
    }
    expect((await run(args, env)).output).toContain('replace: inserted 2, updated 0, unchanged 0, deleted 2');
    expect(left()).toEqual([]);
    await db.close();
  });
});
