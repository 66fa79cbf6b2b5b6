/** Every route for everybody: a new route without a decision fails. */
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { revokeKeyQuery } from '../../../src/access/key-query.ts';
import { listRoutes } from '../../../src/app.ts';
import { sql } from '../../../src/database/sql.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from '../features/file-bytes.ts';
import { DECISIONS, type Decision, transaction } from './decisions.ts';
import { audited, giveKey, known, RESTRICTED_TABLES } from './keys.ts';

const VALUES = /zebrafinch|nighthawk|kingfisher/i;
const RESTRICTED = 'odd.secret';
const OPEN = 'odd.open';
/** A text that requests search for. */
const Q = 'zebrafinch';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly decision: Decision;
  readonly layer: string;
}

type Client = 'public' | 'withScope' | 'withoutScope' | 'revoked';
const CLIENTS: readonly Client[] = ['public', 'withScope', 'withoutScope', 'revoked'];

describeEngines('who gets what', (engine) => {
  let test: TestApp;
  /** Names in URLs of decisions, and what they stand for. */
  const ids: Record<string, string> = {};
  const keys: Partial<Record<Client, string>> = {};

  beforeAll(async () => {
    await engine.db.script(RESTRICTED_TABLES);
    const [held] = await engine.db.query<{ id: string }>(sql`
      INSERT INTO land.right_holder (parcel_id, holder_kind, holder_name, certificate_no)
      SELECT min(id), 'person', 'nighthawk', 'ZQ 765432' FROM land.parcel RETURNING parcel_id::text AS id`);
    ids.PARCEL = held?.id as string;
    test = await openApp(engine.db, {
      DIABA_SCHEMAS: 'base,land,environment,odd',
      DIABA_EDITING: 'keys',
      DIABA_HISTORY_DAYS: '400',
    });
    keys.withScope = (
      await giveKey(engine.db, { layers: [RESTRICTED, OPEN, 'land.parcel_holder'], operations: ['read', 'edit'] })
    ).text;
    keys.withoutScope = (await giveKey(engine.db, { layers: ['base.road'], operations: ['read', 'edit'] })).text;
    const revoked = await giveKey(engine.db, { layers: [RESTRICTED] });
    await engine.db.query(revokeKeyQuery(revoked.id));
    keys.revoked = revoked.text;
    await known(test);
    const start = async (process: string, inputs: object) => {
      const { body } = await request(test.app)
        .post(`/processes/${process}/execution`)
        .set('x-api-key', keys.withScope as string)
        .send({ inputs });
      return body.job as string;
    };
    const geometry = { type: 'Point', coordinates: [106.67, 11.03] };
    ids.JOB = await start('nearest', { geometry, layer: RESTRICTED });
    ids.EXPORT = await start('export', { layer: RESTRICTED, format: 'csv' });
    await test.services.derivation.idle();
    await test.services.recording?.ensure(test.services.catalog.current());
  }, 240_000);
  afterAll(() => test?.close());

  const ask = async (client: Client, method: string, url: string, { body, type }: Partial<Decision> = {}) => {
    const key = keys[client];
    const asked = bytesOf(request(test.app)[method as 'get'](encodeURI(url))).set({
      'accept-language': 'en',
      'accept-encoding': 'identity',
      ...(key ? { 'x-api-key': key } : {}),
    });
    if (type) asked.set('content-type', type);
    return body === undefined ? asked : asked.send(body as object);
  };
  const textOf = ({ body, headers }: Response) => `${(body as Buffer).toString('latin1')} ${JSON.stringify(headers)}`;

  it('is decided for every route', () => {
    const routes = listRoutes(test.services).map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(DECISIONS).sort()).toEqual([...routes].sort());
  });

  it.each(CLIENTS)(
    'by every route that reads: %s',
    async (client) => {
      const faults: string[] = [];
      for (const [route, decision] of filled(Object.entries(DECISIONS)))
        if (decision.kind !== 'edit')
          for (const layer of decision.kind === 'layer' ? [OPEN, RESTRICTED] : [OPEN])
            for (const address of decision.urls(layer)) {
              const method = route.split(' ')[0] as string;
              const url = address.replace(/PARCEL|JOB|EXPORT/g, (name) => ids[name] as string);
              for (const fault of await faultsOf(client, { method, url, decision, layer }))
                faults.push(`${method} ${url}: ${fault}`);
            }
      expect(faults).toEqual([]);
    },
    300_000,
  );

  async function faultsOf(client: Client, { method, url, decision, layer }: Asked): Promise<string[]> {
    const { kind, status: expected, refused = [404] } = decision;
    const recorded = { holders: 'land.parcel_holder', owned: RESTRICTED }[kind as string] ?? layer;
    const before = (await audited(engine.db)).length;
    const body = decision.bodyOf?.(layer) ?? decision.body;
    const answer = await ask(client, method, url, { ...decision, body });
    const text = textOf(answer);
    const rows = (await audited(engine.db)).slice(before);
    const isOwned = kind === 'owned';
    const isHidden = (isOwned || (kind === 'layer' && layer === RESTRICTED)) && client !== 'withScope';
    const wanted = client === 'revoked' ? [401] : isHidden ? refused : expected && [expected];
    const isRight = wanted ? wanted.includes(answer.status) : answer.status < 300;
    const mayTell = client === 'withScope' && (kind === 'layer' || kind === 'holders' || isOwned);
    const isNamed =
      url.includes(RESTRICTED) ||
      JSON.stringify(body ?? '').includes(RESTRICTED) ||
      (isOwned && client === 'withScope');
    const isListed = client === 'withScope' && kind === 'list';
    // What the client itself has written may be repeated.
    const values = VALUES.exec(url.includes(Q) || body ? text.replaceAll(Q, '') : text);
    const isRead = mayTell && !decision.tellsNothing && answer.status < 400;
    return [
      ...(isRight ? [] : [`${answer.status} instead of ${wanted ?? '2xx'} ${text.slice(0, 300)}`]),
      ...(values && !mayTell ? [`tells ${values}`] : []),
      ...(isNamed || text.includes(RESTRICTED) === isListed ? [] : [`lists the layer: ${!isListed}`]),
      ...(isRead && kind === 'holders' && !values ? ['does not tell the holder'] : []),
      ...(rows.length === (isRead ? 1 : 0) || (isRead && kind === 'holders' && rows.length > 0)
        ? []
        : [`${rows.length} rows of the record`]),
      ...rows.flatMap((row) => (row.layer === recorded && row.action === 'read' ? [] : [`recorded as ${row.layer}`])),
    ];
  }

  it.each(CLIENTS)('by every route that edits: %s', async (client) => {
    const edits = filled(Object.entries(DECISIONS).filter(([, { kind }]) => kind === 'edit'));
    for (const [route, decision] of edits)
      for (const layer of [OPEN, RESTRICTED]) {
        const [method = '', path] = route.split(' ');
        const isWfs = path === '/wfs';
        const body = isWfs ? transaction(layer) : decision.body;
        for (const url of decision.urls(layer)) {
          const before = (await audited(engine.db)).length;
          const answer = await ask(client, method, url, { ...decision, body });
          const what = [client, method, url, layer, answer.status] as const;
          const hidden = layer === RESTRICTED && client !== 'withScope' ? (decision.refused?.[0] ?? 404) : undefined;
          const statuses: Record<Client, number | undefined> = {
            public: isWfs ? 401 : (hidden ?? 401),
            withoutScope: hidden ?? 403,
            revoked: 401,
            withScope: undefined,
          };
          const expected = statuses[client];
          if (expected !== undefined) {
            expect([...what, expected]).toEqual([client, method, url, layer, expected, expected]);
            expect((await audited(engine.db)).length).toBe(before);
          } else if (method !== 'delete' && !isWfs) {
            expect([...what, answer.status < 300]).toEqual([...what, true]);
            const rows = (await audited(engine.db)).slice(before);
            expect(rows).toMatchObject([{ layer, action: method === 'post' ? 'create' : 'change' }]);
          }
        }
      }
  });
});
