import { expect, it } from 'vitest';
import { DatabaseError } from '../../src/database/database.ts';
import { copyLine, sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';

describeEngines('database', (engine) => {
  it('returns the same values on both engines', async () => {
    const [row] = await engine.db.query(sql`SELECT 5::bigint AS int8, 12.50::numeric AS numeric,
      12345678901234567890::numeric AS digits, '2026-01-31'::date AS date, '2026-01-31 07:00:00.5+07'::timestamptz AS time,
      '\\x01ff'::bytea AS bytes, '{"a": 1}'::jsonb AS json, ${'chữ'}::text AS text, ${[1, 2]}::int[] AS list, NULL AS nothing`);
    expect({ ...row, bytes: [...(row!.bytes as Uint8Array)] }).toEqual({
      int8: 5,
      numeric: 12.5,
      digits: '12345678901234567890',
      date: '2026-01-31',
      time: '2026-01-31T00:00:00.500Z',
      bytes: [1, 255],
      json: { a: 1 },
      text: 'chữ',
      list: [1, 2],
      nothing: null,
    });
  });

  it('tells errors by their SQLSTATE and goes on', async () => {
    const error = await engine.db.query(sql`SELECT 1 / 0`).catch((e) => e);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.code).toBe('22012');
    expect(await engine.db.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });

  it('rolls a transaction back whole, and copies text of every kind', async () => {
    await engine.db.script('CREATE TABLE public.copied (id int, note text)');
    const target = { schema: 'public', table: 'copied', columns: ['id', 'note'] };
    const note = 'tab\there\\ line\nend\r "Đất"';
    await expect(
      engine.db.transaction(async (session) => {
        await session.copy(target, [copyLine([1, note])]);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await engine.db.query(sql`SELECT * FROM public.copied`)).toEqual([]);
    await engine.db.copy(target, [copyLine([1, note]), copyLine([2, null])]);
    expect(await engine.db.query(sql`SELECT * FROM public.copied ORDER BY id`)).toEqual([
      { id: 1, note },
      { id: 2, note: null },
    ]);
  });

  it('tells of a copy that fails once, and leaves no rejection to nobody', async () => {
    await engine.db.script('CREATE TABLE public.half_copied (id int CHECK (id > 0))');
    const target = { schema: 'public', table: 'half_copied', columns: ['id'] };
    function* brokenOff() {
      yield copyLine([1]);
      throw new Error('the file ends here');
    }
    // Vitest fails on an unhandled rejection.
    await expect(engine.db.copy(target, brokenOff())).rejects.toThrow('the file ends here');
    await expect(engine.db.copy(target, [copyLine([-1])])).rejects.toMatchObject({ code: '23514' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await engine.db.query(sql`SELECT FROM public.half_copied`)).toEqual([]);
  });

  it('streams rows and leaves its connection free when the reader goes away', async () => {
    for (let round = 0; round < 10; round++) {
      for await (const row of engine.db.stream(sql`SELECT generate_series(1, 5000) AS n`)) if (row.n === 700) break;
    }
    expect(await engine.db.query(sql`SELECT 1 AS one`)).toHaveLength(1);
  });

  it.skipIf(engine.name === 'embedded')('cancels a stream whose reader goes away before the first row', async () => {
    const controller = new AbortController();
    const began = Date.now();
    const rows = engine.db.stream(sql`SELECT pg_sleep(20)`, { signal: controller.signal });
    const first = rows[Symbol.asyncIterator]().next();
    setTimeout(() => controller.abort(), 200);
    await expect(first).rejects.toMatchObject({ code: '57014' });
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(await engine.db.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });

  it('hears notifications', async () => {
    const heard: string[] = [];
    const listener = await engine.db.listen('tin', (payload) => heard.push(payload));
    await engine.db.query(sql`SELECT pg_notify('tin', 'đổi')`);
    await expect.poll(() => heard).toEqual(['đổi']);
    await listener.stop();
  });

  it.skipIf(engine.name === 'embedded')('outlives a connection that the server ends', async () => {
    const error = await engine.db.query(sql`SELECT pg_terminate_backend(pg_backend_pid())`).catch((e) => e);
    expect(error).toMatchObject({ name: 'DatabaseError', code: '57P01' });
    expect(await engine.db.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });

  it('drops a query whose caller has gone', async () => {
    const controller = new AbortController();
    const busy = engine.db.query(sql`SELECT count(*) FROM generate_series(1, 3000000)`);
    const dropped = engine.db.query(sql`SELECT 1`, { signal: controller.signal });
    controller.abort();
    await expect(Promise.race([dropped, busy.then(() => dropped)])).rejects.toMatchObject({ code: '57014' });
    await busy;
  });
});
