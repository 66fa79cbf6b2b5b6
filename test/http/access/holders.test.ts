/** Right holders and certificates, for keys that may see them and for everybody else. */
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { readCertificate } from '../../../src/phrase/certificate.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';
import { audited, giveKey, known } from './keys.ts';

const HOLDER = 'land.parcel_holder';
const SEARCHES = [
  '/parcels?q=ZQ 765432',
  '/parcels?q=zq765432&f=html',
  '/search?q=GCN số: ZQ-765432',
  '/search?q=ZQ 765432&types=parcel',
  '/search?q=ZQ 765432&f=html',
];

interface HeldParcel {
  readonly id: number;
  readonly unit: string;
  readonly from: string;
  readonly holder: string;
}

describeEngines('right holders', (engine) => {
  let test: TestApp;
  let parcel: HeldParcel;
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    [parcel] = (await engine.db.query<HeldParcel>(sql`
      WITH chosen AS (SELECT id, unit_code, unit_valid_from FROM land.parcel ORDER BY id LIMIT 1), named AS (
        INSERT INTO land.right_holder (parcel_id, holder_kind, holder_name, certificate_no, since)
        SELECT id, 'person', 'zebrafinch', 'ZQ 765432', '2020-02-03' FROM chosen RETURNING id)
      SELECT chosen.id, unit_code AS unit, unit_valid_from::text AS "from", named.id::text AS holder FROM chosen, named`)) as [
      HeldParcel,
    ];
    test = await openApp(engine.db, { DIABA_PUBLIC_URL: 'http://localhost' });
    const layers = [HOLDER];
    const own = [{ code: parcel.unit, validFrom: parcel.from }];
    keys.all = (await giveKey(engine.db, { layers })).text;
    keys.unit = (await giveKey(engine.db, { databases: ['land'], units: own })).text;
    keys.elsewhere = (await giveKey(engine.db, { layers, units: [{ code: '00000', validFrom: '2025-07-01' }] })).text;
    keys.without = (await giveKey(engine.db, { layers: ['base.road'] })).text;
    await known(test);
  });
  afterAll(() => test?.close());

  const ask = (path: string, key?: string) =>
    request(test.app)
      .get(encodeURI(path))
      .set({ 'accept-language': 'en', ...(key ? { 'x-api-key': key } : {}) });
  const recorded = async (work: () => Promise<void>) => {
    const before = (await audited(engine.db)).length;
    await work();
    return (await audited(engine.db)).slice(before);
  };

  it('are on the card of a parcel for the entitled, each recorded', async () => {
    for (const key of ['all', 'unit']) {
      const rows = await recorded(async () => {
        const { body, headers } = await ask(`/parcels/${parcel.id}`, keys[key]);
        expect(body.properties.holders).toContainEqual({
          ...{ id: Number(parcel.holder), kind: 'person', name: 'zebrafinch' },
          ...{ certificateNo: 'ZQ 765432', since: '2020-02-03' },
        });
        expect(headers['cache-control']).toBe('private, no-cache');
        const { text } = await ask(`/parcels/${parcel.id}?f=html`, keys[key]);
        expect(text).toMatch(/Right holders[\s\S]*zebrafinch[\s\S]*ZQ 765432/);
      });
      const own = rows.filter(({ feature }) => feature === parcel.holder);
      expect(own).toMatchObject([
        { layer: HOLDER, action: 'read', purpose: 'thu thuế đất', request: `GET /parcels/${parcel.id}` },
        { layer: HOLDER, action: 'read', request: `GET /parcels/${parcel.id}?f=html` },
      ]);
      expect(rows.every(({ layer, feature }) => layer === HOLDER && feature !== null)).toBe(true);
    }
  });

  it('are in no card of others, which is the same as without them', async () => {
    const rows = await recorded(async () => {
      for (const path of [`/parcels/${parcel.id}`, `/parcels/${parcel.id}/zones`, '/parcels?q=1 1']) {
        const open = await ask(path);
        expect(open.text).not.toContain('zebrafinch');
        expect(open.body.properties?.holders).toBeUndefined();
        const { text, headers } = await ask(path, keys.without);
        expect([path, text, headers.etag]).toEqual([path, open.text, open.headers.etag]);
      }
    });
    expect(rows).toEqual([]);
    const { body } = await ask(`/parcels/${parcel.id}`, keys.elsewhere);
    expect(body.properties.holders).toEqual([]);
  });

  it('are found by certificate for the entitled, and a question is recorded even if none is found', async () => {
    for (const path of SEARCHES)
      for (const key of ['all', 'unit']) {
        const rows = await recorded(async () => {
          const { status, text } = await ask(path, keys[key]);
          expect([path, status]).toEqual([path, 200]);
          expect(text).toContain(path.includes('f=html') ? String(parcel.id) : 'ZQ765432');
          expect(text).toMatch(new RegExp(`\\b${parcel.id}\\b`));
          expect(text).not.toContain('zebrafinch');
        });
        expect(rows).toMatchObject([{ layer: HOLDER, feature: parcel.holder }]);
      }
    const rows = await recorded(async () => {
      expect((await ask('/search?q=ZQ 000001', keys.all)).body.numberMatched).toBe(0);
    });
    expect(rows).toMatchObject([{ layer: HOLDER, feature: null }]);
  });

  it('are not found by others, who see what any other text gives', async () => {
    const rows = await recorded(async () => {
      for (const path of SEARCHES)
        for (const key of [undefined, keys.without]) {
          const own = await ask(path, key);
          const other = await ask(path.replace('765432', '999999'), key);
          expect([path, own.status, own.text.replaceAll('765432', '999999')]).toEqual([path, other.status, other.text]);
        }
    });
    expect(rows).toEqual([]);
    for (const path of SEARCHES) {
      const { text } = await ask(path, keys.elsewhere);
      expect(text).toEqual((await ask(path)).text);
    }
  });
});

it('reads numbers of certificates as people write them', () => {
  for (const text of ['SM 123456', 'sm123456', ' Sổ đỏ số SM 123456', 'GCN: SM-123456', 'certificate no. SM 123456'])
    expect([text, readCertificate(text)]).toEqual([text, 'SM123456']);
  expect(readCertificate('Đ 12345678')).toBe('Đ12345678');
  for (const text of ['tờ 12 thửa 345', '12 345', '123456', 'QL 13', 'SM 1234', 'phú lợi 123456', 'ABCD 123456', ''])
    expect([text, readCertificate(text)]).toEqual([text, undefined]);
});
