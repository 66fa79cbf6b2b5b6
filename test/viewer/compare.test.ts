import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { describeViewer, difference, type Known } from './browser.ts';

describeViewer('a plan and the past in the viewer', (desk) => {
  let page: Page;
  let known: Known;
  let complaints: string[];
  beforeEach(() => {
    ({ page, known, complaints } = desk);
  });

  it('compares a plan with the present on both sides of a border, by keys and for clicks', async () => {
    await desk.open();
    const present = await page.locator('#map').screenshot();
    // The present has no plan, even where the person has switched it on.
    await desk.show(`map=17.5/${known.lat}/${known.lon}&layers=planning-land-use:on`);
    await page.click('#swipe');
    await desk.whole();
    await desk.expectAccessible();
    const at = async (key: string, percent: string) => {
      await page.locator('#swipe-border').press(key);
      await desk.whole();
      expect(await page.locator('#swipe-border').getAttribute('aria-valuenow')).toBe(percent);
      return difference(present, await page.locator('#map').screenshot());
    };
    // The border and the choice of a plan hide some of the map.
    expect(await at('End', '100')).toBeLessThan(0.1);
    expect(await at('Home', '0')).toBeGreaterThan(0.5);
    expect(desk.linked).toContain('swipe=planning-land-use:0');
    await desk.click([0, 0]);
    await desk.whole();
    const hits = async () => (await page.locator('.hits button').allTextContents()).join();
    expect(await hits()).toContain('Quy hoạch: ');
    expect(await at('PageUp', '10')).toBeGreaterThan(0.4);
    await page.locator('#swipe-border').press('End');
    await desk.click([0, 0]);
    await desk.whole();
    expect(await hits()).not.toContain('Quy hoạch: ');
    await page.click('#swipe');
    await desk.whole();
    expect(desk.linked).not.toContain('swipe');
    expect(complaints).toEqual([]);
  });

  it('shows the stations at an hour of the past, by keys, as their series say', async () => {
    const { features } = await desk.items('environment.station_status', 200);
    const measuring = features.filter(({ properties }) => 'PM2.5' in ((properties.values ?? {}) as object));
    const counts = async (at: number) => {
      const states = { exceeded: 0, within: 0, not_assessed: 0 };
      for (const { id } of measuring) {
        const station = (await (await fetch(`${desk.base}/stations/${id}?f=json`)).json()) as {
          properties: { parameters: { code: string; series: string }[] };
        };
        const series = station.properties.parameters.find(({ code }) => code === 'PM2.5')?.series;
        const moment = new Date(at).toISOString();
        const reply = await fetch(`${series}&from=${moment}&to=${moment}`);
        const { values } = (await reply.json()) as { values: { state: keyof typeof states }[] };
        states[values[0]?.state ?? 'not_assessed'] += 1;
      }
      return `vượt: ${states.exceeded} · trong giới hạn: ${states.within} · chưa đánh giá: ${states.not_assessed}`;
    };
    await desk.open(`#map=10/${known.lat}/${known.lon}&theme=environment`);
    await page.click('#hours');
    await desk.whole();
    await page.locator('#hour').press('PageDown');
    await page.locator('#hour').press('ArrowLeft');
    await desk.whole();
    const [, at = ''] = /hour=([^,]+),PM2\.5/.exec(desk.linked) ?? [];
    const hour = Date.parse(`${at}:00:00Z`);
    expect(hour).toBeLessThan(Date.now() - 3_600_000);
    expect(await page.locator('#hour-said').textContent()).toContain(await counts(hour));
    await desk.expectAccessible();
    const said = await page.locator('#hour-said').textContent();
    await desk.open(new URL(page.url()).hash);
    expect(await page.locator('#hour-said').textContent()).toBe(said);
    await page.click('#hours');
    await desk.whole();
    expect(desk.linked).not.toContain('hour=');
    expect(complaints).toEqual([]);
  });
});
