import { connect } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type RunningServer, startServer } from '../src/server.ts';
import { describeEngines } from './engine.ts';

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

  it('does not start with a schema that is not there, nor on a port in use', async () => {
    const start = (env: Record<string, string>) => startServer(readConfig({ PORT: '0', ...env }), engine.db, log);
    await expect(start({ DIABA_SCHEMAS: 'base,nope' })).rejects.toThrow(/DIABA_SCHEMAS names the schema "nope"/);
    await expect(start({ PORT: new URL(server.url).port })).rejects.toThrow(
      /Port \d+ on 127.0.0.1 is in use. Set PORT/,
    );
  });
});
