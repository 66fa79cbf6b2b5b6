/** The viewer in a browser, over a server with the sample. */
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { appendObservations } from '../../src/sample/clock.ts';
import { readSampleMark, type SampleMark } from '../../src/sample/mark.ts';
import { borrowEmbedded, giveBack } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { CHROMIUM, FLAGS } from './chromium.ts';

/** A parcel of the sample, and a point in it. */
export interface Known {
  readonly id: number;
  readonly sheet: string;
  readonly number: number;
  readonly unit: string;
  readonly lon: number;
  readonly lat: number;
}

/** Small, since WebGL is drawn by the processor; beside the panel it leaves a map of 556 × 544 pixels. */
const VIEWPORT = { width: 900, height: 600 };

/** Pixels from the middle of the map. */
type FromMiddle = readonly [right: number, down: number];

/** A page for each test. Its members are there from `beforeEach` on. */
export class Desk {
  db!: Database;
  browser!: Browser;
  page!: Page;
  known!: Known;
  /** Errors of the console and of the network. */
  complaints: string[] = [];
  #test: TestApp | undefined;
  #server: Server | undefined;
  #context!: BrowserContext;

  get base(): string {
    const { port } = (this.#server as Server).address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** The state in the address. */
  get linked(): string {
    return decodeURIComponent(new URL(this.page.url()).hash);
  }

  async start(executablePath: string): Promise<void> {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'src/viewer']);
    this.db = await borrowEmbedded();
    // The sample may be of this morning, and its stations then silent.
    await appendObservations(this.db, (await readSampleMark(this.db)) as SampleMark, new Date());
    this.#test = await openApp(this.db);
    const server = createServer(this.#test.app);
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.browser = await chromium.launch({ executablePath, args: FLAGS });
    // Pages of one context share compiled scripts. Without motion a flight is one picture instead of fifty.
    this.#context = await this.browser.newContext({ viewport: VIEWPORT, locale: 'vi-VN', reducedMotion: 'reduce' });
    [this.known] = (await this.db.query<Known>(sql`
      SELECT p.id, p.sheet, p.number, u.name AS unit, ST_X(c) AS lon, ST_Y(c) AS lat
      FROM land.parcel p JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
      CROSS JOIN LATERAL (SELECT ST_SnapToGrid(ST_Transform(ST_PointOnSurface(p.geom), 4326), 1e-7) AS c) AS centre
      WHERE p.legal_area_m2 BETWEEN 100 AND 2000 ORDER BY p.id LIMIT 1`)) as [Known];
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    this.#server?.closeAllConnections();
    this.#server?.close();
    await this.#test?.close();
    if (this.db) await giveBack(this.db);
  }

  async openPage(): Promise<void> {
    this.complaints = [];
    this.page = await this.#context.newPage();
    this.page.setDefaultTimeout(60_000);
    this.page.on('pageerror', ({ message }) => this.complaints.push(message));
    this.page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    this.page.on('response', (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()} ${response.url()}`);
    });
  }

  /** Reads features of a layer over HTTP. */
  async items(layer: string, limit: number) {
    const reply = await fetch(`${this.base}/collections/${layer}/items?limit=${limit}`);
    return (await reply.json()) as {
      features: { id: number; geometry: unknown; properties: Record<string, unknown> }[];
    };
  }

  /** Closes the page, and forgets what it stored. */
  async closePage(): Promise<void> {
    if (this.page.url().startsWith(this.base)) await this.page.evaluate('localStorage.clear()');
    await this.page.close();
  }

  /** Opens the map, and waits for a whole picture. */
  async open(hash = `#map=17.5/${this.known.lat}/${this.known.lon}`): Promise<void> {
    // Another hash alone would not load the page again.
    await this.page.goto('about:blank');
    await this.page.goto(`${this.base}/map${hash}`);
    await this.whole();
  }

  /** Opens a link in the page that is open, and waits for a whole picture. */
  async show(hash: string): Promise<void> {
    await this.page.evaluate(`document.body.dataset.idle = 'false'; location.hash = ${JSON.stringify(hash)}`);
    await this.whole();
  }

  /** Waits until nothing moves, loads or waits to be written. */
  async whole(): Promise<void> {
    await this.page.waitForSelector('body[data-ready][data-idle=true]');
    await this.page.waitForSelector('#info [role=status]', { state: 'detached' });
  }

  /** Expects that the state on the screen has no violation of axe, and is no wider than the screen. */
  async expectAccessible(): Promise<void> {
    const { page } = this;
    if ((await page.evaluate('typeof axe')) === 'undefined') {
      const session = await this.#context.newCDPSession(page);
      // The policy of the page refuses a script element.
      await session.send('Runtime.evaluate', { expression: axe.source });
      await session.detach();
    }
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    const [wide, screen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[];
    expect(wide).toBe(screen);
  }

  /** Clicks places of the map, in pixels from its middle. */
  async click(...places: readonly FromMiddle[]): Promise<void> {
    for (const [x, y] of await this.#pixels(places)) await this.page.mouse.click(x, y, { delay: 30 });
  }

  /** Presses at the first place, moves through the others, and releases at the last. */
  async drag(...places: readonly FromMiddle[]): Promise<void> {
    const pixels = await this.#pixels(places);
    for (const [index, [x, y]] of pixels.entries()) {
      await this.page.mouse.move(x, y, { steps: 4 });
      if (index === 0) await this.page.mouse.down();
    }
    await this.page.mouse.up();
  }

  async #pixels(places: readonly FromMiddle[]): Promise<(readonly [x: number, y: number])[]> {
    const box = await this.page.locator('#map').boundingBox();
    if (!box) throw new Error('there is no map');
    return places.map(([right, down]) => [box.x + box.width / 2 + right, box.y + box.height / 2 + down] as const);
  }
}

/** Returns the share of the bytes of pixels in which two pictures differ. */
export async function difference(...pictures: [Buffer, Buffer]): Promise<number> {
  const [a, b] = (await Promise.all(pictures.map((png) => sharp(png).raw().toBuffer()))) as [Buffer, Buffer];
  expect(a.length).toBe(b.length);
  return a.reduce((count, value, index) => count + (value === b[index] ? 0 : 1), 0) / a.length;
}

/** `describe` with a browser; skipped where there is none. */
export function describeViewer(title: string, suite: (desk: Desk) => void): void {
  if (!CHROMIUM) process.stdout.write(`Skipped: ${title}. Install Chromium (Debian: chromium) to test it.\n`);
  describe.skipIf(!CHROMIUM)(title, { timeout: 300_000 }, () => {
    const desk = new Desk();
    beforeAll(() => desk.start(CHROMIUM as string));
    afterAll(() => desk.stop());
    beforeEach(() => desk.openPage());
    afterEach(() => desk.closePage());
    suite(desk);
  });
}
