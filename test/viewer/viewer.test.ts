import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { filled } from '../filled.ts';
import { describeViewer, difference, type Known } from './browser.ts';

describeViewer('the viewer in Chromium', (desk) => {
  let page: Page;
  let known: Known;
  let complaints: string[];
  beforeEach(() => {
    ({ page, known, complaints } = desk);
  });

  /** Returns the visible state: the pixels of the map, the card, and the link. */
  async function seen() {
    const pixels = await page.locator('#map').screenshot();
    const card = await page.locator('#info').textContent();
    return { pixels, card, link: new URL(page.url()).hash.slice(1) };
  }

  it('draws every theme without a complaint, and names the colours on the map', async () => {
    await desk.open();
    await page.waitForSelector('#legend .entries li');
    const sections = () => page.locator('#legend h2').allTextContents();
    expect(await sections()).toEqual(['Đất đai', 'Môi trường', 'Chất lượng dữ liệu', 'Nền địa lý']);
    // Findings are shown if somebody asks for them, by their switch or by their theme.
    const isShown = () => page.locator('#group-finding').isChecked();
    expect(await isShown()).toBe(false);
    await page.locator('input[value="quality"]').check({ force: true });
    expect([await sections(), await isShown()]).toEqual([['Chất lượng dữ liệu', 'Nền địa lý'], true]);
    expect(page.url()).not.toContain('layers=');
    await page.locator('input[value="all"]').check({ force: true });
    expect(await page.locator('#group-planning-land-use').isChecked()).toBe(false);
    // Its features are those of the styled view.
    expect(await page.locator('[id="group-environment.station"]').count()).toBe(0);
    await page.check('#group-planning-land-use');
    await page.locator('input[value="environment"]').check({ force: true });
    expect(await sections()).toEqual(['Môi trường', 'Nền địa lý']);
    await desk.whole();
    await desk.expectAccessible();
    expect(complaints).toEqual([]);
  });

  it('explains a miss and offers what to try; finds a parcel without tone marks, and opens its card', async () => {
    await desk.open(`#map=14/${known.lat}/${known.lon}`);
    await page.fill('#query', `tờ ${known.sheet} thửa 999999 ${known.unit}`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#results .error');
    expect(await page.locator('#results .error').textContent()).toContain('999999');
    expect(await page.locator('#results li button').count()).toBeGreaterThan(0);
    // Unlike the other pages, this one flies.
    await page.emulateMedia({ reducedMotion: 'no-preference' });
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

  it('lists everything under a click, parcel first, also below the land-use plan; in English on request', async () => {
    await desk.open(`#map=17.5/${known.lat}/${known.lon}&layers=planning-land-use:on`);
    await desk.click([0, 0]);
    await page.waitForSelector('.card h2');
    expect(await page.locator('.card h2').textContent()).toBe(`Thửa ${known.number}, tờ ${known.sheet}`);
    const hits = await page.locator('.hits button').allTextContents();
    expect(hits[0]).toBe(`Thửa ${known.number}, tờ ${known.sheet}`);
    expect(hits.length).toBe(new Set(hits).size);
    expect(hits.join('\n')).toMatch(/Quy hoạch: .+\n(.+\n)*Đơn vị hành chính: /);
    await desk.whole();
    expect(desk.linked).toContain(`pick=land.parcel/${known.id}`);
    await desk.expectAccessible();
    await page.click('#language');
    await page.getByRole('heading', { name: `Parcel ${known.number}, sheet ${known.sheet}` }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await desk.expectAccessible();
    const zone = page.locator('.hits button', { hasText: 'Planning zone:' }).first();
    await zone.click();
    await page.locator('.card .subtitle', { hasText: 'Planning zone' }).waitFor();
    await page.waitForURL(/pick=land.planning_zone/);
    expect(desk.linked).not.toContain('land.parcel');
    expect(complaints).toEqual([]);
  });

  it('13 recorded links reload to the same picture, card and link', async () => {
    await page.setViewportSize({ width: 760, height: 420 });
    const { features } = await desk.items('environment.station_status', 1);
    const station = features[0] as { id: number; geometry: { coordinates: [number, number] } };
    const [lon, lat] = station.geometry.coordinates.map((degrees) => degrees.toFixed(7));
    const place = `map=16.5/${known.lat}/${known.lon}`;
    const states = [
      'map=9.5/11.13/106.72',
      `${place}&theme=land`,
      `${place}&theme=environment&lang=en`,
      `${place}&layers=planning-land-use:on:60`,
      `${place}&layers=parcel:off`,
      `${place}&swipe=planning-land-use:40`,
      `${place}&layers=planning-construction:on,parcel::40&top=parcel`,
      `${place}&at=${known.lon},${known.lat}`,
      `${place}&at=${known.lon},${known.lat}&lang=en&layers=planning-land-use:on&theme=land`,
      `${place}&pick=land.parcel/${known.id}`,
      `parcel=${known.id}`,
      `map=14/${lat}/${lon}&pick=environment.station_status/${station.id}`,
      `map=14/${lat}/${lon}&at=${lon},${lat}&theme=environment`,
    ];
    await desk.open('#map=5/16/107');
    for (const state of states) {
      await desk.show(state);
      const first = await seen();
      // A map that flew stands between the digits of its link.
      if (!state.startsWith('map=')) {
        await desk.show(`${first.link}&`);
        first.pixels = await page.locator('#map').screenshot();
      }
      await desk.open(`#${first.link}`);
      const second = await seen();
      expect([second.card, second.link], state).toEqual([first.card, first.link]);
      // MapLibre keeps the anchor that a label has found first, which depends on the order in which tiles arrive.
      expect(await difference(first.pixels, second.pixels), state).toBeLessThan(0.02);
    }
    expect(complaints).toEqual([]);
  });

  it('tells of a lost tile, retries it, and does not call an empty place a matter of zoom', async () => {
    let isBroken = true;
    await page.route('**/xyz/land.parcel,*/**/*.mvt', (route) =>
      isBroken ? route.fulfill({ status: 503 }) : route.continue(),
    );
    await desk.open();
    await page.getByText(/^\d+ ô bản đồ chưa tải được$/).waitFor();
    expect(await page.locator('#legend .group', { hasText: 'Thửa đất theo loại đất' }).textContent()).toContain(
      'Lớp này chưa tải được ở đây.',
    );
    isBroken = false;
    await page.locator('#notice').waitFor({ state: 'hidden' });
    await page.waitForSelector('#legend .entries li');
    expect(await page.locator('#legend').textContent()).not.toContain('Phóng gần hơn');
  });

  it('shows a table made in the database within 5 seconds, with a legend and a card', async () => {
    await desk.open();
    await desk.db.transaction(async (work) => {
      await work.query(sql`CREATE TABLE environment.trial (id int PRIMARY KEY, name text, geom geometry(Point, 4326))`);
      await work.query(sql`
        INSERT INTO environment.trial VALUES (7, 'Điểm thử', ST_SetSRID(ST_MakePoint(${known.lon}, ${known.lat}), 4326))`);
    });
    const from = Date.now();
    await page.locator('[id="group-environment.trial"]').waitFor({ timeout: 20_000 });
    const seconds = (Date.now() - from) / 1000;
    await page.waitForSelector('body[data-idle=true]');
    await desk.click([0, 0]);
    await page.locator('.hits button', { hasText: 'Điểm thử' }).click();
    await page.getByRole('heading', { name: 'Điểm thử' }).waitFor();
    await desk.db.query(sql`DROP TABLE environment.trial`);
    await page.locator('[id="group-environment.trial"]').waitFor({ state: 'detached', timeout: 20_000 });
    expect(seconds).toBeLessThan(10);
  });

  it('runs no inline script but its import map, and loads less than 600 KB of its own', async () => {
    const reply = await fetch(`${desk.base}/map?fbclid=x&utm_source=y&zarsrc=30`);
    expect(reply.status).toBe(200);
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self' 'sha256-[^ ]+';/);
    expect(policy).not.toContain('unsafe-inline');
    const sizes = new Map<string, Promise<number>>();
    // A browser that has nothing of the page yet.
    const first = await desk.browser.newPage();
    first.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/map'))
        sizes.set(
          pathname,
          response
            .request()
            .sizes()
            .then(({ responseBodySize }) => responseBodySize),
        );
    });
    await first.goto(`${desk.base}/map`);
    await first.waitForSelector('body[data-ready]');
    await first.close();
    const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
    expect(filled([...sizes.keys()]).some((path) => path.endsWith('/draw.js'))).toBe(false);
    expect(total).toBeGreaterThan(200_000);
    expect(total).toBeLessThan(600_000);
    expect(complaints).toEqual([]);
  });

  it('buffers a drawn polygon, and clears it', async () => {
    await desk.open();
    await page.click('#tab-analysis');
    await page.waitForSelector('#preset optgroup', { state: 'attached' });
    await desk.expectAccessible();
    await page.click('#draw-polygon');
    await page.waitForSelector('body[data-drawing]');
    await desk.click([-60, -60], [60, -60], [60, 60], [60, 60]);
    await page.getByText('Đã vẽ một vùng.').waitFor();
    await page.fill('#distance', '25');
    await page.click('#run');
    await page.waitForSelector('.result table');
    const captions = await page.locator('.result caption').allTextContents();
    expect(captions).toEqual(['Theo loại đất', 'Theo đơn vị hành chính']);
    expect(await page.locator('.result tbody tr').count()).toBeGreaterThan(1);
    const workbook = page.getByRole('link', { name: 'Tải bảng tính XLSX' });
    const [saved] = await Promise.all([page.waitForEvent('download'), workbook.click()]);
    expect(saved.suggestedFilename()).toMatch(/^buffer-.+\.xlsx$/);
    await desk.whole();
    expect(complaints).toEqual([]);
    await page.click('#clear');
    expect(await page.locator('.result').count()).toBe(0);
  });

  it('says of a station whether it was assessed, with its series as a chart and a table', async () => {
    const { features } = await desk.items('environment.station_status', 200);
    const said = {
      exceeded: ['alert', /^Vượt quy chuẩn: .+; từ \d\d\/\d\d\/\d{4}/],
      within: ['fine', /^Không vượt quy chuẩn ở các thông số đã so sánh: /],
      not_assessed: ['note', /^Chưa đánh giá/],
    } as const;
    await desk.open(`#map=14/${known.lat}/${known.lon}`);
    for (const [state, [look, words]] of Object.entries(said)) {
      const station = features.find(({ properties }) => properties.assessment === state);
      if (!station) throw new Error(`the sample has no station that is ${state}`);
      await desk.show(`map=14/${known.lat}/${known.lon}&pick=environment.station_status/${station.id}`);
      await page.getByRole('heading', { name: String(station.properties.name) }).waitFor();
      expect(await page.locator(`.card > p.${look}`).allTextContents()).toContainEqual(expect.stringMatching(words));
      await page.waitForSelector('.series :is(svg, .note:not(:empty))');
      const reply = await fetch(`${desk.base}/stations/${station.id}?f=json`);
      const { properties } = (await reply.json()) as {
        properties: { assessment: { exceeded: string[]; compared: string[] } };
      };
      const { assessment } = properties;
      const named = { exceeded: assessment.exceeded, within: assessment.compared, not_assessed: [] }[state] ?? [];
      const verdict = (await page.locator(`.card > p.${look}`).first().textContent()) ?? '';
      expect(verdict.split(/[:;(]/)[1]?.trim() ?? '').toContain(named.join(', '));
    }
    const measured = features.find(({ properties }) => properties.kind === 'air' && properties.assessment === 'within');
    await desk.show(`map=14/${known.lat}/${known.lon}&pick=environment.station_status/${measured?.id}`);
    await page.waitForSelector('.series svg .values');
    await desk.expectAccessible();
    expect(await page.locator('.series tbody tr').count()).toBeGreaterThan(100);
    expect(complaints).toEqual([]);
  });

  it('fits a phone: nothing wider than the screen, the panel folds', async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    await desk.open(`#map=17/${known.lat}/${known.lon}&lang=en`);
    expect(await page.locator('#layers').isVisible()).toBe(false);
    await page.click('#tab-layers');
    expect(await page.locator('#layers').isVisible()).toBe(true);
    await desk.expectAccessible();
    await page.click('#toggle');
    expect(await page.locator('#layers').isVisible()).toBe(false);
    await page.click('#measure-polygon');
    await page.waitForSelector('body[data-drawing]');
    await desk.expectAccessible();
    await page.click('#measure-polygon');
    await desk.show(`map=17/${known.lat}/${known.lon}&pick=land.parcel/${known.id}&lang=vi`);
    await page.waitForSelector('.zones :is(table, .theme)');
    await desk.expectAccessible();
    expect(complaints).toEqual([]);
  });
});
