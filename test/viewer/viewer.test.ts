import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { borrowEmbedded, giveBack } from '../engine.ts';
import { filled } from '../filled.ts';
import { openApp, type TestApp } from '../http/app.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
if (!CHROMIUM)
  process.stdout.write(
    'Skipped: the viewer in a browser. Install one (Debian: apt-get install chromium) to test it.\n',
  );

/** WebGL in software, and none of the connections that a browser opens by itself. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Known {
  readonly id: number;
  readonly sheet: string;
  readonly number: number;
  readonly unit: string;
  readonly lon: number;
  readonly lat: number;
}

describe.skipIf(!CHROMIUM)('the viewer in Chromium', { timeout: 120_000 }, () => {
  let db: Database;
  let test: TestApp;
  let server: Server;
  let browser: Browser;
  let page: Page;
  let known: Known;
  /** Errors of the console and of the network. */
  let complaints: string[];

  beforeAll(async () => {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'src/viewer']);
    db = await borrowEmbedded();
    test = await openApp(db);
    server = createServer(test.app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS });
    [known] = (await db.query<Known>(sql`
      SELECT p.id, p.sheet, p.number, u.name AS unit, ST_X(c) AS lon, ST_Y(c) AS lat
      FROM land.parcel p JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
      CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(p.geom), 4326) AS c) AS centre
      WHERE p.legal_area_m2 BETWEEN 100 AND 2000 ORDER BY p.id LIMIT 1`)) as [Known];
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await test?.close();
    if (db) await giveBack(db);
  });

  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1100, height: 720 }, locale: 'vi-VN' });
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
  });
  afterEach(() => page.close());

  async function open(hash = `#map=17.5/${known.lat}/${known.lon}`): Promise<void> {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/map${hash}`);
    await page.waitForSelector('body[data-ready]');
    await page.waitForLoadState('networkidle');
  }

  it('draws every theme without a complaint, and names the colours on the map', async () => {
    await open();
    await page.waitForSelector('#legend .entries li');
    expect(await page.locator('#legend h2').allTextContents()).toEqual(['Đất đai', 'Môi trường', 'Nền địa lý']);
    expect(await page.locator('#group-planning-land-use').isChecked()).toBe(false);
    await page.check('#group-planning-land-use');
    await page.locator('input[value="environment"]').check({ force: true });
    expect(await page.locator('#legend h2').allTextContents()).toEqual(['Môi trường', 'Nền địa lý']);
    await page.waitForLoadState('networkidle');
    expect(complaints).toEqual([]);
  });

  it('finds a parcel by sheet, number and unit without tone marks, and opens its card', async () => {
    await open(`#map=14/${known.lat}/${known.lon}`);
    await page.fill(
      '#query',
      `to ${known.sheet} thua ${known.number} ${known.unit.normalize('NFD').replace(/\p{M}/gu, '')}`,
    );
    await page.keyboard.press('Enter');
    const results = page.locator('#results li button');
    await page.waitForSelector('.card, #results:not([hidden]) li button');
    if ((await page.locator('.card').count()) === 0) await results.first().click();
    const card = await page.locator('.card').textContent();
    expect(card).toContain(`Thửa ${known.number}, tờ ${known.sheet}`);
    expect(card).toContain(known.unit);
    expect(card).toMatch(/Diện tích pháp lý[\d.]+,\d m²/);
    await page.waitForURL(/map=1[78]/);
    expect(complaints).toEqual([]);
  });

  it('explains a miss and offers what to try', async () => {
    await open();
    await page.fill('#query', `tờ ${known.sheet} thửa 999999 ${known.unit}`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#results .error');
    expect(await page.locator('#results .error').textContent()).toContain('999999');
    expect(await page.locator('#results li button').count()).toBeGreaterThan(0);
  });

  it('opens the card of the parcel that is clicked, in English on request', async () => {
    await open();
    const { x, y, width, height } = (await page.locator('#map').boundingBox()) as {
      x: number;
      y: number;
      width: number;
      height: number;
    };
    await page.mouse.click(x + width / 2, y + height / 2);
    await page.waitForSelector('.card');
    expect(await page.locator('.card h2').textContent()).toBe(`Thửa ${known.number}, tờ ${known.sheet}`);
    await page.click('#language');
    expect(await page.locator('.card h2').textContent()).toBe(`Parcel ${known.number}, sheet ${known.sheet}`);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(complaints).toEqual([]);
  });

  it('buffers a drawn polygon, and clears it', async () => {
    await open();
    await page.click('#tab-buffer');
    await page.click('#draw-polygon');
    const { x, y, width, height } = (await page.locator('#map').boundingBox()) as {
      x: number;
      y: number;
      width: number;
      height: number;
    };
    const corners = [
      [-60, -60],
      [60, -60],
      [60, 60],
      [60, 60],
    ] as const;
    for (const [right, down] of corners)
      await page.mouse.click(x + width / 2 + right, y + height / 2 + down, { delay: 30 });
    await page.getByText('Đã vẽ một vùng.').waitFor();
    await page.fill('#distance', '25');
    await page.click('#run');
    await page.waitForSelector('.result table');
    const captions = await page.locator('.result caption').allTextContents();
    expect(captions).toEqual(['Theo loại đất', 'Theo đơn vị hành chính']);
    expect(await page.locator('.result tbody tr').count()).toBeGreaterThan(1);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Tải CSV' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^diaba-buffer-.+\.csv$/);
    await page.waitForLoadState('networkidle');
    expect(complaints).toEqual([]);
    await page.click('#clear');
    expect(await page.locator('.result').count()).toBe(0);
  });

  it('says of a station whether it was assessed', async () => {
    await open();
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { features } = (await (
      await fetch(`${base}/collections/environment.station_status/items?limit=200`)
    ).json()) as {
      features: { properties: Record<string, unknown> }[];
    };
    // As text, because the test runner's rewritten imports do not work in a browser.
    const all = JSON.stringify(features.map(({ properties }) => properties));
    const cards = (await page.evaluate(
      `import(new URL('card.js', document.querySelector('script[type=module]').src).href).then(({ stationCard }) => ${all}.map((each) => stationCard(each).textContent))`,
    )) as string[];
    const said = {
      exceeded: /Vượt quy chuẩn: /,
      within: /Không vượt quy chuẩn ở các thông số đã so sánh: /,
      not_assessed: /Chưa đánh giá/,
    };
    const counts = { exceeded: 0, within: 0, not_assessed: 0 };
    for (const [index, { properties }] of filled([...features.entries()])) {
      const state = properties.assessment as keyof typeof said;
      expect(cards[index]).toMatch(said[state]);
      counts[state]++;
    }
    expect(counts.within).toBeGreaterThan(0);
    expect(counts.not_assessed).toBeGreaterThan(0);
  });

  it('asks for the width of a drawn line before a rule that runs from the edge', async () => {
    await open();
    await page.click('#tab-buffer');
    await page.click('#draw-linestring');
    const { x, y, width, height } = (await page.locator('#map').boundingBox()) as {
      x: number;
      y: number;
      width: number;
      height: number;
    };
    for (const right of [-80, 80, 80]) await page.mouse.click(x + width / 2 + right, y + height / 2, { delay: 30 });
    await page.getByText('Đã vẽ một đường.').waitFor();
    expect(await page.locator('#line-width').count()).toBe(0);
    await page.selectOption('#preset', 'road_9');
    expect(await page.locator('.doubt').allTextContents()).toContainEqual(
      expect.stringContaining('Chưa rõ còn hiệu lực'),
    );
    await page.check('[id="report-land.planning_zone"]');
    await page.click('#run');
    await page.getByText('hãy nhập bề rộng của đường').waitFor();
    await page.fill('#line-width', '12');
    await page.click('#run');
    await page.waitForSelector('.result table');
    expect(await page.locator('.result').textContent()).toContain('tim tuyến: 6 m');
    const plans = page.locator('.result table', { hasText: 'Theo từng quy hoạch' });
    expect([await plans.count(), await plans.locator('tfoot').count()]).toEqual([1, 0]);
    expect(complaints).toEqual([]);
  });

  it('fits a phone: nothing wider than the screen, the panel folds', async () => {
    await page.setViewportSize({ width: 375, height: 740 });
    await open();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect(await page.locator('#layers').isVisible()).toBe(false);
    await page.click('#tab-layers');
    expect(await page.locator('#layers').isVisible()).toBe(true);
    await page.click('#toggle');
    expect(await page.locator('#layers').isVisible()).toBe(false);
  });
});
