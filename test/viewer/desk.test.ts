import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeViewer, type Known } from './browser.ts';

describeViewer("a planner's work in the viewer", (desk) => {
  let page: Page;
  let known: Known;
  beforeEach(() => {
    ({ page, known } = desk);
  });

  const workbook = () => page.getByRole('link', { name: 'Tải bảng tính XLSX' });
  const parcel = () => `Thửa ${known.number}, tờ ${known.sheet}`;

  const percent = (value: number) => `${value.toFixed(1).replace('.', ',')}%`;

  async function zones() {
    const reply = await fetch(`${desk.base}/parcels/${known.id}/zones`);
    return (await reply.json()) as { rows: { theme: string; areaM2: number; percent: number }[] };
  }

  /** Saves the workbook of the result. @returns its name */
  async function save(): Promise<string> {
    const [saved] = await Promise.all([page.waitForEvent('download'), workbook().click()]);
    return saved.suggestedFilename();
  }

  it('one click on a parcel gives its zones with m² and percent, which are those of the server', async () => {
    await desk.open();
    await desk.click([0, 0]);
    await page.waitForSelector('.zones :is(table, .theme)');
    const { rows } = await zones();
    expect(rows.length).toBeGreaterThan(0);
    const cells = await page.locator('.zones tbody td:last-child').allTextContents();
    expect(cells).toEqual(rows.map((row) => percent(row.percent)));
    const areas = await page.locator('.zones tbody td:nth-child(2)').allTextContents();
    const sum = rows.reduce((all, { areaM2 }) => all + areaM2, 0);
    const shown = areas.reduce((all, text) => all + Number(text.replace('.', '').replace(',', '.')), 0);
    expect(Math.abs(shown - sum)).toBeLessThan(0.05 * rows.length + 0.01);
    expect(desk.complaints).toEqual([]);
  });

  it('a sketched road gives the land that it takes of each parcel, as a workbook; its last corner is undone', async () => {
    await desk.open('#run=route-take');
    await page.waitForSelector('#input-left');
    await page.evaluate(`location.hash = 'map=17.5/${known.lat}/${known.lon}&run=route-take'`);
    await page.waitForSelector('body[data-idle=true]');
    // A line alone is a route.
    expect(await page.locator('#process .choices button').allTextContents()).toEqual(['Đường']);
    await page.click('#ask-linestring');
    await page.waitForSelector('body[data-drawing]');
    await desk.click([-120, 0], [0, -60]);
    await page.click('#undo');
    await desk.click([120, 0], [120, 0]);
    await page.getByText('Đã vẽ một đường.').waitFor();
    await page.fill('#input-left', '6');
    await page.fill('#input-right', '6');
    await page.click('#ask-run');
    await page.waitForSelector('.result table');
    expect(await page.locator('.result').textContent()).not.toMatch(/[a-z]M2|undefined|land\.|base\./);
    expect(await save()).toMatch(/^route-take-.+\.xlsx$/);
    // The second corner was undone: the link has a line of two.
    await page.waitForURL(/LineString/);
    const { geometry } = JSON.parse(new URLSearchParams(new URL(page.url()).hash.slice(1)).get('inputs') ?? '{}');
    expect(geometry.coordinates).toHaveLength(2);
    expect(desk.complaints).toEqual([]);
  });

  it('a list out of a spreadsheet is on the map, and each line has its answer', async () => {
    await desk.open('#run=list');
    await page.waitForSelector('#input-text');
    await page.fill(
      '#input-text',
      `${known.unit}\t${known.sheet}\t${known.number}\n${known.unit}\t${known.sheet}\t99999`,
    );
    await page.click('#ask-run');
    await page.waitForSelector('.result table');
    expect(await page.locator('.result dd').allTextContents()).toEqual(expect.arrayContaining(['2', '1']));
    const answers = await page.locator('.result tbody td:nth-child(3)').allTextContents();
    expect(answers).toEqual([expect.stringContaining(parcel()), expect.stringContaining('không có số thửa đó')]);
    // The map has moved to the parcels that were found.
    await page.waitForURL(/map=1[78]/);
    await page.getByRole('button', { name: parcel() }).click();
    await page.locator('.card h2', { hasText: parcel() }).waitFor();
    expect(desk.complaints).toEqual([]);
  });

  /** Expects the card of a selection with as many parcels as its file, and as PostGIS finds. @returns the count */
  async function expectSelection(): Promise<number> {
    await page.getByRole('heading', { name: 'Đối tượng trong vùng chọn' }).waitFor();
    await page.waitForSelector('#info table');
    const counted = Number(await page.locator('#info p strong').first().textContent());
    const file = (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')) as string;
    const [polygon] = /POLYGON\(.+\)(?=\)$)/.exec(new URL(file).searchParams.get('filter') ?? '') ?? [];
    const [{ count } = { count: 0 }] = await desk.db.query<{ count: number }>(sql`
      SELECT count(*)::int AS count FROM land.parcel
      WHERE ST_Intersects(geom, ST_Transform(ST_GeomFromText(${polygon ?? ''}, 4326), 9210))`);
    expect(counted).toBe(count);
    const rows = (await (await fetch(file)).text()).trim().split('\n');
    expect(rows.length - 1).toBe(count);
    return count;
  }

  it('a box or a lasso on the map gives sums and files of what it holds, and a process its features', async () => {
    await desk.open();
    await page.click('#select-rectangle');
    await page.waitForSelector('body[data-drawing]');
    await desk.click([-100, -80], [100, 80]);
    const inBox = await expectSelection();
    await page.click('#select-freehand');
    await desk.whole();
    await desk.drag([-90, -60], [90, -60], [90, 60], [0, 70], [30, 40], [-30, 40], [30, 75], [-90, -20]);
    await page.waitForSelector(`#info p strong:text-matches("^(?!${inBox}$)")`);
    const inLasso = await expectSelection();
    expect(inLasso).toBeGreaterThan(1);
    expect(inLasso).toBeLessThan(inBox);
    await page.getByRole('button', { name: 'Phân tích' }).click();
    await page.fill('#distance', '5');
    await page.click('#run');
    await page.waitForSelector('.result table');
    expect(desk.linked).toContain('s_intersects');
    expect(desk.complaints).toEqual([]);
  });

  it('corners of a line are typed, snapped to a parcel and added by keys, to the millimetre', async () => {
    await desk.open('#run=route-take');
    await page.waitForSelector('#input-left');
    await desk.show(`map=18/${known.lat}/${known.lon}&run=route-take`);
    const [{ x, y, lon, lat } = { x: 0, y: 0, lon: 0, lat: 0 }] = await desk.db.query<
      Record<'x' | 'y' | 'lon' | 'lat', number>
    >(sql`
      SELECT ST_X(p) AS x, ST_Y(p) AS y, ST_X(d) AS lon, ST_Y(d) AS lat
      FROM (SELECT ST_StartPoint(ST_ExteriorRing(ST_GeometryN(geom, 1))) AS p FROM land.parcel WHERE id = ${known.id}) AS corner
      CROSS JOIN LATERAL (SELECT ST_Transform(p, 4326) AS d) AS degrees`);
    await page.click('#ask-linestring');
    await page.waitForSelector('#vertex:not([hidden])');
    const type = async (text: string) => {
      await page.fill('#vertex-text', text);
      await page.keyboard.press('Enter');
    };
    await type('nhà ông Ba');
    await page.locator('#vertex-said.error').waitFor();
    await type(`${(y + 40).toFixed(3)} ${(x - 40).toFixed(3)}`);
    await page.getByText('Đã hiểu: bắc = ').waitFor();
    const degrees = [lon - 0.0004, lat - 0.0004].map((value) => Number(value.toFixed(7)));
    await type(degrees.toReversed().join(', '));
    await page.getByText('WGS 84').waitFor();
    // The corner of the parcel is a pixel beside the middle of the map, and 30 cm on the ground.
    await page.locator('.maplibregl-canvas').focus();
    await desk.show(`map=18/${lat - 0.000002}/${lon + 0.000002}&run=route-take`);
    await page.waitForSelector('body[data-snapped]');
    await page.locator('.maplibregl-canvas').press(' ');
    await page.locator('.maplibregl-canvas').press('Enter');
    await page.getByText('Đã vẽ một đường.').waitFor();
    await page.fill('#input-left', '6');
    await page.fill('#input-right', '6');
    await page.click('#ask-run');
    await page.waitForURL(/LineString/);
    const { geometry } = JSON.parse(new URLSearchParams(new URL(page.url()).hash.slice(1)).get('inputs') ?? '{}');
    const [typed] = await desk.db.query<{ lon: number; lat: number }>(sql`SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (
      SELECT ST_Transform(ST_SetSRID(ST_MakePoint(${Number((x - 40).toFixed(3))}, ${Number((y + 40).toFixed(3))}), 9210), 4326) AS p) AS typed`);
    const expected = [[typed?.lon, typed?.lat], degrees, [lon, lat]].flat().map((value) => value?.toFixed(8));
    expect(geometry.coordinates.flat().map((value: number) => value.toFixed(8))).toEqual(expected);
    expect(desk.complaints).toEqual([]);
  });

  it('a drawing and a GeoPackage in VN-2000 are on the map, and a process asks about their shapes', async () => {
    const [{ ring } = { ring: [] }] = await desk.db.query<{ ring: [number, number][] }>(sql`
      SELECT (ST_AsGeoJSON(ST_ExteriorRing(ST_GeometryN(geom, 1)))::json -> 'coordinates') AS ring
      FROM land.parcel WHERE id = ${known.id}`);
    const vertices = ring.slice(0, -1).flatMap(([east, north]) => ['10', String(east), '20', String(north)]);
    const drawing = ['0', 'SECTION', '0', 'LWPOLYLINE', '70', '1', ...vertices, '0', 'ENDSEC'].join('\n');
    await desk.open('#run=overlay');
    await page.waitForSelector('#input-within');
    const buffer = Buffer.from(drawing);
    await page.setInputFiles('#own-file', { name: 'thua.dxf', mimeType: 'image/vnd.dxf', buffer });
    await page.getByRole('heading', { name: 'thua.dxf' }).waitFor();
    await page.locator('#info').getByRole('button', { name: 'Phân tích' }).click();
    await page.click('#ask-run');
    await page.waitForSelector('.result table');
    const { rows } = await zones();
    const shown = await page.locator('.result table').first().locator('td:last-child').allTextContents();
    expect(shown.length).toBeGreaterThan(0);
    expect(shown).toEqual(rows.filter(({ theme }) => theme === rows[0]?.theme).map((row) => percent(row.percent)));
    await page.click('#ask-clear');
    const mimeType = 'application/geopackage+sqlite3';
    const query = `filter=id=${known.id}&crs=EPSG:9210&f=gpkg`;
    const stored = await fetch(`${desk.base}/collections/land.parcel/items?${query}`);
    await page.setInputFiles('#own-file', {
      name: 'thua.gpkg',
      mimeType,
      buffer: Buffer.from(await stored.arrayBuffer()),
    });
    await page.getByRole('heading', { name: 'thua.gpkg' }).waitFor();
    await page.locator('#info').getByRole('button', { name: 'Phân tích' }).click();
    await page.click('#ask-run');
    await page.waitForSelector('.result table');
    expect(await page.locator('.result table').first().locator('td:last-child').allTextContents()).toEqual(shown);
    await page.setInputFiles('#own-file', { name: 'hong.gpkg', mimeType, buffer });
    await page.getByText('Không đọc được tệp.').waitFor();
    expect(desk.complaints).toEqual([]);
  });

  it('asks for the width of a drawn line before a rule that runs from the edge', async () => {
    await desk.open();
    await page.click('#tab-analysis');
    await page.click('#draw-linestring');
    await page.waitForSelector('body[data-drawing]');
    await desk.click([-80, 0], [80, 0], [80, 0]);
    await page.getByText('Đã vẽ một đường.').waitFor();
    expect(await page.locator('#line-width').count()).toBe(0);
    await page.selectOption('#preset', 'road_9');
    expect(await page.locator('.doubt').allTextContents()).toContainEqual(
      expect.stringContaining('Chưa rõ còn hiệu lực'),
    );
    const options = page.locator('#preset option');
    expect((await options.allTextContents()).join()).not.toContain('hết hiệu lực');
    await page.check('#superseded');
    expect((await options.allTextContents()).filter((words) => words.endsWith('(hết hiệu lực)'))).not.toEqual([]);
    await page.click('#language');
    await page.getByText('By regulation').waitFor();
    // The names of laws stay as they are.
    const english = [...(await options.allTextContents()), ...(await page.locator('#buffer .note').allTextContents())];
    expect(english.join().replaceAll(/Legal basis: [^,]+|NĐ/g, '')).not.toMatch(/[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]/);
    expect(english.join()).toContain('no longer in force');
    await page.click('#language');
    await page.check('[id="report-land.planning_zone"]');
    await page.click('#run');
    await page.getByText('hãy nhập bề rộng của đường').waitFor();
    await page.fill('#line-width', '12');
    await page.click('#run');
    await page.waitForSelector('.result table');
    expect(await page.locator('.result').textContent()).toContain('tim tuyến: 6 m');
    const plans = page.locator('.result table', { hasText: 'Theo từng quy hoạch' });
    expect([await plans.count(), await plans.locator('tfoot').count()]).toEqual([1, 0]);
    expect(desk.complaints).toEqual([]);
  });

  it.each([
    ['buffer', '**/processes/buffer/presets*', () => page.click('#tab-analysis'), '#run', '#buffer [role=alert]'],
    [
      'process',
      '**/collections/*/schema*',
      () => page.selectOption('#input-layer', { index: 1 }),
      '#ask-run',
      '#process :is([role=alert], .result)',
    ],
  ])(
    'a press is a click in the form of a %s, even if an answer changes it meanwhile',
    async (form, path, ask, id, said) => {
      await desk.open(form === 'process' ? '#run=summarise' : undefined);
      let answer = () => {};
      const held = new Promise<void>((resume) => {
        answer = resume;
      });
      await page.route(path, async (route) => {
        await held;
        await route.continue();
      });
      await ask();
      await page.hover(id);
      await page.mouse.down();
      const answered = page.waitForResponse(path);
      answer();
      await (await answered).finished();
      await page.evaluate('new Promise((resume) => requestAnimationFrame(() => requestAnimationFrame(resume)))');
      await page.mouse.up();
      await page.waitForSelector(said, { timeout: 20_000 });
      // The server refuses to sum without a place.
      expect(desk.complaints.filter((text) => !/40\d|Failed to load/.test(text))).toEqual([]);
    },
  );

  it('the landfill, and the houses around it', async () => {
    const [site] = await desk.db.query<{ id: number; name: string }>(
      sql`SELECT id, name FROM environment.waste_site ORDER BY id LIMIT 1`,
    );
    await desk.open(`#pick=environment.waste_site/${site?.id}`);
    await page.getByRole('heading', { name: String(site?.name) }).waitFor();
    await page.getByRole('button', { name: 'Vùng đệm' }).click();
    await page.getByText(`Đã chọn: ${site?.name}.`).waitFor();
    await page.fill('#distance', '1000');
    await page.check('[id="report-base.building"]');
    await page.click('#run');
    await page.waitForSelector('.result, #buffer [role="alert"]');
    expect(await page.locator('#buffer [role="alert"]').allTextContents()).toEqual([]);
    await page.getByRole('heading', { name: /^Nhà, công trình: / }).waitFor();
    expect(await save()).toMatch(/^buffer-.+\.xlsx$/);
    expect(desk.complaints).toEqual([]);
  });
});
