import { connect } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readConfig } from '../src/config.ts';
import { DatabaseError } from '../src/database/database.ts';
import { type RunningServer, startServer } from '../src/server.ts';
import { describeEngines } from './engine.ts';
import { intercepted } from './intercepted.ts';

const log = pino({ level: 'silent' });

describeEngines('server', (engine) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(readConfig({ PORT: '0' }), engine.db, log);
  });
  afterAll(() => server.close());

  /** Returns the answer to bytes that need not be HTTP. */
  const say = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (data) => {
        answer += data;
      });
      socket.on('end', () => resolve(answer)).on('error', reject);
    });

  it('answers what is not HTTP with a problem document', async () => {
    for (const bytes of ['nonsense\r\n\r\n', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`]) {
      const answer = await say(bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(.*\r\n)*Content-Type: application\/problem\+json/);
      expect(JSON.parse(answer.split('\r\n\r\n')[1] as string).details.vi).toContain('HTTP/1.1');
    }
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });

  it('asks for lookups on every connection before anybody does, in the background', async () => {
    const asked: string[] = [];
    const db = intercepted(engine.db, ({ text }, options) => {
      if (options?.priority === 'background') asked.push(text);
    });
    const other = await startServer(readConfig({ PORT: '0' }), db, log);
    const lookups = () => asked.filter((text) => text.includes('"land"."parcel"') || text.includes('land.parcel'));
    await vi.waitFor(() => expect(lookups().length).toBeGreaterThanOrEqual(db.capabilities.sessions), 10_000);
    // PostgreSQL needs no tiles for it.
    if (engine.name === 'embedded')
      await vi.waitFor(() => expect(asked.join()).toMatch(/FROM "tile"\."base\.road"/), 20_000);
    await other.close();
  });

  it('serves though nothing could be asked for before', async () => {
    const db = intercepted(engine.db, ({ text }, options) => {
      if (options?.priority === 'background' && text.includes('parcel')) throw new DatabaseError('away', '08006');
    });
    const told: string[] = [];
    const stream = { write: (line: string) => void told.push(line) };
    const other = await startServer(readConfig({ PORT: '0' }), db, pino({ level: 'debug' }, stream));
    await vi.waitFor(() => expect(told.join('')).toContain('not warmed up'), 10_000);
    expect((await fetch(`${other.url}/parcels?q=1+1`)).status).toBe(200);
    await other.close();
  });

  it('answers what it has begun to before it ends, and lets nobody else in', async () => {
    let begun = () => {};
    let letGo = () => {};
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const isLetGo = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const db = intercepted(engine.db, async ({ text }, options) => {
      if (options?.priority === 'background' || !text.includes('"base"."place"')) return;
      begun();
      await isLetGo;
    });
    const other = await startServer(readConfig({ PORT: '0' }), db, log);
    const answer = fetch(`${other.url}/collections/base.place/items?limit=1`);
    await isBegun;
    const closed = other.close();
    await expect(fetch(`${other.url}/health/live`)).rejects.toThrow();
    letGo();
    const response = await answer;
    expect([response.status, ((await response.json()) as { numberReturned: number }).numberReturned]).toEqual([200, 1]);
    await closed;
  });

  it('does not start with a schema that is not there, nor on a port in use', async () => {
    const start = (env: Record<string, string>) => startServer(readConfig({ PORT: '0', ...env }), engine.db, log);
    await expect(start({ DIABA_SCHEMAS: 'base,nope' })).rejects.toThrow(/DIABA_SCHEMAS names the schema "nope"/);
    await expect(start({ PORT: new URL(server.url).port })).rejects.toThrow(
      /Port \d+ on 127.0.0.1 is in use. Set PORT/,
    );
  });
});
