/** The embedded engine cannot cancel a statement: it ends its thread, and starts another on the same folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { raw, sql } from '../../src/database/sql.ts';

/** Runs for hours. */
const ENDLESS = sql`SELECT count(*) FROM generate_series(1, 1000000) AS a, generate_series(1, 1000000) AS b`;
const LIMIT = 2500;
/** Loading a snapshot is faster than creating an empty database. */
const sample = () => readFileSync(inject('snapshot'));

describe('the embedded engine', { timeout: 240_000 }, () => {
  let root: string;
  let db: Database;
  const heard: string[] = [];
  let lost = 0;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'diaba-restart-'));
    db = await openEmbedded({ folder: join(root, 'pg'), snapshot: sample(), statementTimeout: LIMIT });
    await db.script('CREATE TABLE public.kept (id int)');
    await db.listen(
      'tin',
      (payload) => heard.push(payload),
      () => lost++,
    );
  });
  afterAll(async () => {
    await db?.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('ends a statement that takes too long, tells it within 2 s, and keeps all that was committed', async () => {
    await db.query(sql`INSERT INTO public.kept VALUES (1)`);
    const began = performance.now();
    const endless = db.query(ENDLESS).catch((error) => error);
    const next = db.query(sql`SELECT id FROM public.kept`);
    await vi.waitFor(() => expect(db.state().isAnswering).toBe(false), { timeout: 2000, interval: 20 });
    expect(await endless).toMatchObject({ code: '57014' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(LIMIT);
    // The new thread answers pending requests.
    expect(await next).toEqual([{ id: 1 }]);
    expect(db.state().isAnswering).toBe(true);
    expect(performance.now() - began).toBeLessThan(LIMIT + 15_000);
    expect(lost).toBe(1);
    expect(heard).toEqual(['']);
    await db.query(sql`SELECT pg_notify('tin', 'đổi')`);
    expect(heard).toEqual(['', 'đổi']);
    expect(await db.query(sql`SELECT current_setting('TimeZone') AS zone`)).toEqual([{ zone: 'UTC' }]);
  });

  it('rolls back the transaction that was ended, and no other', async () => {
    const transaction = db.transaction(
      async (session) => {
        await session.query(sql`INSERT INTO public.kept VALUES (2)`);
        await session.query(ENDLESS);
      },
      { statementMs: 500 },
    );
    await expect(transaction).rejects.toMatchObject({ code: '57014' });
    expect(await db.query(sql`SELECT id FROM public.kept`)).toEqual([{ id: 1 }]);
  });

  it('does not bound a transaction without a limit', async () => {
    const slow = db.transaction((session) =>
      session.query(sql`SELECT count(*)::int AS n FROM generate_series(1, 6000) AS a, generate_series(1, 6000) AS b`),
    );
    expect(await slow).toEqual([{ n: 36_000_000 }]);
  });

  it('closes within 3 s whatever it is at, and leaves a folder that can be opened', async () => {
    await db.query(sql`INSERT INTO public.kept VALUES (3)`);
    const endless = db.query(ENDLESS).catch((error) => error.code);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    await db.close();
    expect(performance.now() - began).toBeLessThan(3000);
    expect(await endless).toBe('08006');
    db = await openEmbedded({ folder: join(root, 'pg') });
    expect(await db.query(sql`SELECT id FROM public.kept ORDER BY id`)).toEqual([{ id: 1 }, { id: 3 }]);
  });

  it('keeps what was committed when the process is killed', async () => {
    const folder = join(root, 'killed');
    const program = `import { readFileSync } from 'node:fs';
      import { openEmbedded } from ${JSON.stringify(new URL('../../src/database/embedded.ts', import.meta.url).href)};
      const db = await openEmbedded({ folder: ${JSON.stringify(folder)}, snapshot: readFileSync(${JSON.stringify(inject('snapshot'))}) });
      await db.script('CREATE TABLE public.kept (id int)');
      for (let id = 1; ; id++) { await db.query({ text: 'INSERT INTO public.kept VALUES ($1)', values: [id] }); console.log(id); }`;
    const writer = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = 0;
    writer.stdout.on('data', (bytes) => {
      told = Number(String(bytes).trim().split('\n').at(-1));
      if (told > 50) writer.kill('SIGKILL');
    });
    await once(writer, 'exit');
    const again = await openEmbedded({ folder });
    const [row] = await again.query<{ n: number }>(sql`SELECT max(id) AS n FROM public.kept`);
    await again.close();
    expect(row?.n).toBeGreaterThanOrEqual(told);
  });

  it('tells of a statement that it loses, and writes none of it', async () => {
    // If GEOS throws, PGlite silently returns the rows so far and commits what was written so far.
    const holesOverlap = `'POLYGON((0 0, 80 0, 80 80, 0 80, 0 0), (10 10, 50 10, 50 50, 10 50, 10 10), (30 30, 70 30, 70 70, 30 70, 30 30))'`;
    const lost = `SELECT ST_NPoints(ST_Difference(geom, ST_MakeEnvelope(0, 0, 40, 80))) FROM unnest(ARRAY[${holesOverlap}::geometry]) AS geom`;
    await expect(db.query(raw(lost))).rejects.toMatchObject({ code: 'XX000' });
    await expect(
      db.query(raw(`INSERT INTO public.kept SELECT id FROM (SELECT 7 AS id UNION ALL (${lost})) AS rows`)),
    ).rejects.toMatchObject({ code: 'XX000' });
    expect(await db.query(sql`SELECT id FROM public.kept WHERE id > 6`)).toEqual([]);
  });

  it('in memory is gone with its thread, and says so', async () => {
    const memory = await openEmbedded({ snapshot: sample(), statementTimeout: 1000 });
    await expect(memory.query(ENDLESS)).rejects.toMatchObject({ code: '57014' });
    await expect(memory.query(sql`SELECT 1`)).rejects.toThrow('in memory, and gone with its thread');
    expect(memory.state().isAnswering).toBe(false);
    await memory.close();
  });
});
