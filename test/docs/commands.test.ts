/** Every command to the server in README and `docs/`, and every address in them. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRoutes } from '../../src/app.ts';
import { describeEngines } from '../engine.ts';
import { giveKey, known } from '../http/access/keys.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { blocksOf, type DocumentFile, flatten, readDocuments } from './pages.ts';

const documents = readDocuments().filter(({ path }) => !/^(bench|data|sql)\//.test(path));

/** A `curl` that writes the expected and the actual status into $LOG. */
const CURL = `curl() { echo "expected \${EXPECTED:-2..}" >>"$LOG"; command curl -sS -w '%{stderr}%{http_code} %{url}\\n' "$@" 2>>"$LOG"; }`;

/** A reader types all commands of a page into one shell: its variables are there in the next block. */
const withVariables = (script: string) =>
  `touch variables; . ./variables\n${script}\ndeclare -p $(compgen -v | grep '^[a-z]') >variables`;

/** `# 404: why` before a command gives its expected status, if that is no success. */
function withExpectations(block: string): string {
  return block.replace(/^# (\d{3}): .*\n(.*?)\bcurl /gm, '$2EXPECTED=$1 curl ');
}

function countCurls(block: string): number {
  return block.match(/(?<![\w./-])curl (?=.)/g)?.length ?? 0;
}

describeEngines('commands of the documentation', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'diaba-docs-'));
  let test: TestApp;
  let server: Server;
  let host: string;
  /** Sees and edits everything. */
  let key: string;

  beforeAll(async () => {
    test = await openApp(engine.db, { DIABA_EDITING: 'on', DIABA_HISTORY_DAYS: '400' });
    await test.services.recording?.ensure(test.services.catalog.current());
    const databases = ['base', 'land', 'environment'];
    ({ text: key } = await giveKey(engine.db, { databases, operations: ['read', 'edit'] }));
    await known(test);
    server = createServer(test.app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await test?.close();
    rmSync(folder, { recursive: true });
  });

  const here = (text: string) => text.replaceAll('localhost:8080', host);

  /** @returns the commands with an unexpected answer */
  const run = async (block: string): Promise<string[]> => {
    const log = join(folder, 'log');
    writeFileSync(log, '');
    const script = `${CURL}\n${withVariables(here(withExpectations(block)))}`;
    await promisify(execFile)('bash', ['-c', `{ ${script}\n} >/dev/null`], {
      cwd: folder,
      env: { ...process.env, LOG: log, KEY: key },
    });
    const answers = readFileSync(log, 'utf8')
      .split(/^expected /m)
      .slice(1);
    expect(answers.length, block).toBe(countCurls(block));
    return answers.filter((answer) => {
      const [expected = '', ...lines] = answer.trim().split('\n');
      return !new RegExp(`^${expected} `).test(lines.at(-1) ?? '');
    });
  };

  const runAll = async (document: DocumentFile): Promise<string[]> => {
    const faults: string[] = [];
    rmSync(join(folder, 'variables'), { force: true });
    for (const { text, language } of blocksOf(document, 'sh', 'sql')) {
      if (language === 'sql') {
        await engine.db.script(text);
        await test.services.catalog.refresh();
      }
      if (language === 'sh' && countCurls(text)) faults.push(...(await run(text)));
    }
    return faults;
  };

  it.each(documents.filter((each) => blocksOf(each, 'sh').some(({ text }) => countCurls(text))))(
    'run as they stand in $path',
    async (document) => {
      expect(await runAll(document)).toEqual([]);
    },
    240_000,
  );

  it('and their addresses are there', async () => {
    const text = documents.map(({ source }) => source.replace(/```sh[\s\S]*?```/g, '')).join('\n');
    const urls = new Set(text.match(/http:\/\/localhost:8080\/[^\s'"`)<>]*/g));
    expect(urls.size).toBeGreaterThan(5);
    const missing: unknown[] = [];
    for (const url of urls) {
      // Clients add their own parameters.
      const asked = url.includes('/wfs?') ? `${url}&service=WFS&request=GetCapabilities` : url;
      const { status } = await fetch(here(asked));
      if (status >= 300) missing.push([url, status]);
    }
    expect(missing).toEqual([]);
  });

  it('and their paths are routes', () => {
    const routes = listRoutes(test.services).map(
      ({ path }) => new RegExp(`^${path.replace(/[.@]/g, '\\$&').replace(/[:*]\w+/g, '[^/]+')}$`),
    );
    const paths = documents
      .filter(({ path }) => path.startsWith('docs/') || path === 'README.md')
      .flatMap(({ path, tokens }) =>
        flatten(tokens).flatMap((token) =>
          token.type === 'codespan' && /^\/[a-z]/.test(token.text) ? [[path, token.text.replace(/[?#].*/, '')]] : [],
        ),
      );
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter(([, path = '']) => !routes.some((route) => route.test(path)))).toEqual([]);
  });
});
