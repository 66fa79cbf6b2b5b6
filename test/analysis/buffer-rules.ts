import { expect, it } from 'vitest';
import { bufferSheets } from '../../src/analysis/buffer/buffer-sheets.ts';
import { type BufferAsking, expectNear, point } from './buffer-asking.ts';

/** Tests of the distance rules. */
export function testBufferRules({ engine, get, refused, run }: BufferAsking): void {
  it('measures a rule from the edge: half the width is added to a centre line, and said', async () => {
    const body = await run({ features: { layer: 'base.road', ids: [1] }, preset: 'road_9' });
    const reach = 9 + 20 / 2;
    expectNear(body.buffer.properties.areaM2, 3000 * 2 * reach + Math.PI * reach ** 2);
    expect(body.buffer.properties).toMatchObject({
      distanceM: 9,
      halfWidthM: { min: 10, max: 10 },
      preset: { id: 'road_9' },
    });
    expect(body.buffer.properties.preset.legalBasis).toMatch(/NĐ 11\/2010/);
    expect(body.notes.map(({ en }: { en: string }) => en).join()).toMatch(
      /half the width.*has not been checked against the law/s,
    );
    expect(body.notes.map(({ en }: { en: string }) => en).join()).toMatch(/not confirmed that this rule is in force/);
    const polygon = await run({ features: { layer: 'land.parcel', ids: [1] }, preset: 'road_9' });
    expectNear(polygon.buffer.properties.areaM2, 100 ** 2 + 400 * 9 + Math.PI * 81);
    expect(polygon.buffer.properties).not.toHaveProperty('halfWidthM');
  });

  it('measures no rule from a point or the middle of a line', async () => {
    const [west, east] = [600_500, 603_500];
    const line = {
      type: 'LineString',
      coordinates: [
        [west, 1_222_000],
        [east, 1_222_000],
      ],
    };
    const drawn = { geometry: line, crs: 'EPSG:9210', preset: 'road_9' };
    expect(await refused(drawn, 422)).toMatch(/measured from the edge.*the width of the line \("width", metres\)/);
    expect(await refused({ geometry: point, crs: 'EPSG:9210', preset: 'road_9' }, 422)).toMatch(/not from a point/);
    expect(await refused({ features: { layer: 'base.road', ids: [1, 2] }, preset: 'road_9' }, 422)).toMatch(
      /^1 of the selected features have no width/,
    );
    expect(await refused({ features: { layer: 'base.place', ids: [1] }, preset: 'road_9' }, 422)).toMatch(
      /Give the area/,
    );
    expect(await refused({ ...drawn, preset: undefined, distance: 9, width: 20 }, 400)).toMatch(/"width" goes with/);
    const body = await run({ ...drawn, width: 20 });
    const reach = 9 + 20 / 2;
    expectNear(body.buffer.properties.areaM2, 3000 * 2 * reach + Math.PI * reach ** 2);
    expect(body.buffer.properties).toMatchObject({ distanceM: 9, halfWidthM: { min: 10, max: 10 } });
    const free = await run({ ...drawn, preset: undefined, distance: 9 });
    expectNear(free.buffer.properties.areaM2, 3000 * 2 * 9 + Math.PI * 81);
  });

  it('says of a superseded rule that it is, and lists it only where it is asked for', async () => {
    const ids = async (query: string) => (await get(`/processes/buffer/presets${query}`)).body.presets;
    const old = 'road_expressway_47_old';
    expect((await ids('')).find(({ id }: { id: string }) => id === old)).toBeUndefined();
    expect((await ids('')).find(({ id }: { id: string }) => id === 'bridge_150').validity).toBe('in_force');
    // It is the one in use as long as the text that replaced it was not read.
    expect((await ids('')).find(({ id }: { id: string }) => id === 'road_9').validity).toBe('unconfirmed');
    const all = await ids('?superseded=true');
    expect(all.find(({ id }: { id: string }) => id === old).validity).toBe('superseded');
    const body = await run({ features: { layer: 'base.road', ids: [1] }, preset: old });
    expect(body.notes.map(({ en }: { en: string }) => en).join()).toMatch(/superseded and is no longer in force/);
  });

  const notesIn = (body: { notes: { vi: string; en: string }[] }) =>
    body.notes.map(({ vi, en }) => `${vi} ${en}`).join();

  it('warns if a rule is for another kind of feature', async () => {
    const road = await run({ features: { layer: 'base.road', ids: [1] }, preset: 'road_9' });
    expect(notesIn(road)).not.toMatch(/Warning/);
    // Parcel 1 has the main use CLN, parcel 2 ODT.
    const parcels = await run({ features: { layer: 'land.parcel', ids: [1, 2] }, preset: 'road_9' });
    expect(notesIn(parcels)).toMatch(/Cảnh báo: quy định này áp dụng cho đường bộ.*a rule for road outside towns/);
    expect(notesIn(parcels)).toMatch(/not for the selected features \(land.parcel:CLN, land.parcel:ODT\)/);
    const water = await run({ features: { layer: 'base.road', ids: [1] }, preset: 'water_river_10' });
    expect(notesIn(water)).toMatch(/not for the selected features \(base.road\)/);
    await engine.db.script(`UPDATE land.parcel SET main_use = 'DGT' WHERE id = 3`);
    expect(notesIn(await run({ features: { layer: 'land.parcel', ids: [3] }, preset: 'road_9' }))).not.toMatch(
      /Warning/,
    );
    await engine.db.script(`UPDATE land.parcel SET main_use = 'CLN' WHERE id = 3`);
  });

  it('marks a rule by its status and its dates, in the list, the answer and the file', async () => {
    await engine.db.script(`INSERT INTO land.buffer_preset (id, theme, feature_vi, distance_m, status, validity, valid_from, valid_to) VALUES
      ('t_past', 'road', 'thử', 5, 'source', 'in_force', '2001-01-01', '2024-12-31'),
      ('t_last_day', 'road', 'thử', 5, 'source', 'in_force', '2001-01-01', environment.local_time(now())::date + 1),
      ('t_today', 'road', 'thử', 5, 'source', 'in_force', '2001-01-01', environment.local_time(now())::date)`);
    const list = async (query: string) => (await get(`/processes/buffer/presets${query}`)).body.presets;
    const shown = (await list('')).map(({ id }: { id: string }) => id).filter((id: string) => id.startsWith('t_'));
    expect(shown).toEqual(['t_last_day']);
    const status = Object.fromEntries(
      (await list('?superseded=true')).map((rule: { id: string; ruleStatusText: { vi: string } }) => [
        rule.id,
        rule.ruleStatusText.vi,
      ]),
    );
    expect([status.t_past, status.t_today, status.t_last_day, status.road_9]).toEqual([
      'hết hiệu lực',
      'hết hiệu lực',
      'đã đối chiếu',
      'chưa đối chiếu',
    ]);
    const body = await run({ features: { layer: 'base.road', ids: [1] }, preset: 't_past' });
    expect(body.buffer.properties.preset).toMatchObject({
      ...{ feature: { vi: 'thử', en: 'thử' }, condition: null },
      ruleStatus: 'superseded',
      validFrom: '2001-01-01',
      validTo: '2024-12-31',
    });
    expect(notesIn(body)).toMatch(/không còn hiệu lực từ ngày 31\/12\/2024/);
    const rule = bufferSheets(body, 'vi').find(({ title }) => title === 'Quy định');
    expect(rule?.rows).toContainEqual(['Tình trạng', 'hết hiệu lực']);
    const bridge = await run({ features: { layer: 'base.road', ids: [1] }, preset: 'bridge_150' });
    const english = bufferSheets(bridge, 'en').find(({ title }) => title === 'Rule');
    const words = english?.rows.map(([, value]) => value);
    expect(words).toEqual(expect.arrayContaining(['bridge outside towns', 'longer than 300 m']));
    const { body: page } = await get(`/collections/result.${body.job}_buffer/items`);
    expect(page.features[0].properties).toMatchObject({ rule: 't_past', rule_status: 'hết hiệu lực' });
    await engine.db.script(`DELETE FROM land.buffer_preset WHERE id LIKE 't\\_%'`);
  });
}
