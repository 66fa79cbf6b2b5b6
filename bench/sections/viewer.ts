import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM, FLAGS } from '../../test/viewer/chromium.ts';
import { type Bench, shareOf } from '../bench.ts';
import { PROVINCE } from '../databases.ts';
import { startProgram } from '../program.ts';
import { type Findings, kilobytes, table } from '../report.ts';
import { median } from '../statistics.ts';

const LOADS = 7;
const GOAL = { bytes: 600_000, ms: 1500 };

interface Load {
  /** Bytes of the page itself as sent: markup, scripts, style sheets. */
  readonly bytes: number;
  readonly readyMs: number;
  readonly wholeMs: number;
}

/** Measures the first load of the map: nothing is in the browser's cache, and WebGL is drawn by the processor. */
export async function viewer(bench: Bench): Promise<Findings> {
  if (!CHROMIUM) return { markdown: ['Not measured: there is no Chromium.'], verdicts: [] };
  const { url } = await bench.database(PROVINCE);
  const server = await startProgram(bench, url);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const loads: Load[] = [];
    for (let count = 0; count <= shareOf(bench, LOADS); count += 1) loads.push(await loadOnce(browser, server.url));
    // The first fills the caches of the server.
    return report(loads.slice(1));
  } finally {
    await browser.close();
  }
}

async function loadOnce(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.startsWith('/map')) return;
    const request = response.request();
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  const from = performance.now();
  await page.goto(`${url}/map`);
  await page.waitForSelector('body[data-ready]');
  const readyMs = performance.now() - from;
  await page.waitForSelector('body[data-idle=true]');
  const wholeMs = performance.now() - from;
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await context.close();
  return { bytes, readyMs, wholeMs };
}

function report(loads: readonly Load[]): Findings {
  const middle = (read: (load: Load) => number) => median(loads.map(read));
  const [bytes, readyMs, wholeMs] = [
    middle((load) => load.bytes),
    middle((load) => load.readyMs),
    middle((load) => load.wholeMs),
  ];
  return {
    markdown: [
      table(
        ['first load', 'median'],
        [
          ['page, scripts and style sheets, KB compressed', kilobytes(bytes)],
          ['ready for a click, ms', readyMs.toFixed(0)],
          ['every tile drawn, ms', wholeMs.toFixed(0)],
        ],
      ),
    ],
    verdicts: [
      {
        what: 'size of the viewer',
        measured: `${kilobytes(bytes)} KB`,
        goal: `<= ${kilobytes(GOAL.bytes)} KB`,
        met: bytes <= GOAL.bytes,
      },
      { what: 'viewer ready', measured: `${readyMs.toFixed(0)} ms`, goal: `<= ${GOAL.ms} ms`, met: readyMs <= GOAL.ms },
    ],
  };
}
