/** The other processes of a server know an announcement before the client has its answer. */

import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PUBLIC } from '../src/access/principal.ts';
import { UnreadResult } from '../src/access/result-layers.ts';
import { resultLayerId } from '../src/catalog/result-layer.ts';
import { readConfig } from '../src/config.ts';
import type { Database } from '../src/database/database.ts';
import { sql } from '../src/database/sql.ts';
import { tileAt } from '../src/geo/tile.ts';
import type { Siblings, SiblingTopic } from '../src/lib/siblings.ts';
import { StoredLayers } from '../src/results/stored-layers.ts';
import { type OpenServices, openServices } from '../src/server.ts';
import { describeEngines } from './engine.ts';
import { decodeTile } from './tiles/decode.ts';

/** Two processes, as far as announcements go. */
function siblingPair(): readonly [Siblings, Siblings] {
  const handlers = [new Map<SiblingTopic, () => unknown>(), new Map<SiblingTopic, () => unknown>()] as const;
  const sibling = (own: 0 | 1): Siblings => ({
    on: (topic, handle) => void handlers[own].set(topic, handle),
    announce: async (topic) => void (await handlers[own === 0 ? 1 : 0].get(topic)?.()),
  });
  return [sibling(0), sibling(1)];
}

/** A database whose notifications of changes are all late. */
function withoutNotifications(db: Database): Database {
  return new Proxy(db, {
    get: (target, name) => {
      if (name === 'listen')
        return (channel: string, receive: (payload: string) => void, lost?: () => void) =>
          target.listen(channel, channel === 'diaba_tile' ? () => {} : receive, lost);
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describeEngines('processes of one server', (engine) => {
  let lead: OpenServices;
  let other: OpenServices;
  beforeAll(async () => {
    const config = readConfig({ DIABA_QUALITY_CHECKS: 'off' });
    const log = pino({ level: 'silent' });
    const [first, second] = siblingPair();
    lead = await openServices(config, engine.db, log, first);
    other = await openServices({ ...config, isLead: false }, withoutNotifications(engine.db), log, second);
    await lead.derivation.idle();
  });
  afterAll(async () => {
    await other.close();
    await lead.close();
  });

  const layerOf = ({ catalog }: OpenServices) => catalog.current().layers.get('land.parcel')!;

  it('show no tile from before an edit that was answered', async () => {
    const [place] = await engine.db.query<{ id: number; lon: number; lat: number }>(
      sql`SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat FROM (
        SELECT id, ST_Transform(ST_PointOnSurface(geom), 4326) AS p FROM land.parcel ORDER BY id LIMIT 1) AS inside`,
    );
    const { id, lon, lat } = place!;
    const shown = async () => {
      const request = { layers: [layerOf(other)], tile: tileAt(16, lon, lat), accessClass: 'public' };
      const tile = await other.cachedTiles.get(request, AbortSignal.timeout(10_000));
      return decodeTile(await tile.form('identity'))['land.parcel']?.find((each) => each.id === id)?.properties
        .legal_area_m2;
    };
    const before = await shown();
    expect(before).toBeGreaterThan(0);
    await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = 4321.5 WHERE id = ${id}`);
    // The tile was cached, and no notification of the change arrives.
    expect(await shown()).toBe(before);
    await lead.cachedTiles.catchUp();
    expect(await shown()).toBe(4321.5);
  });

  it('have derived rows of one builder, who learns of dropped ones from the others', async () => {
    const isDerived = () => other.derivation.stateOf(layerOf(other)).isDerived;
    await vi.waitFor(() => expect(isDerived()).toBe(true), { timeout: 30_000 });
    await engine.db.query(sql`DROP TABLE tile."base.place"`);
    await other.derivation.ensure(other.catalog.current());
    await other.derivation.idle();
    const place = other.catalog.current().layers.get('base.place')!;
    expect(other.derivation.stateOf(place).isDerived).toBe(false);
    await other.derivation.recheck();
    await lead.derivation.idle();
    await vi.waitFor(() => expect(other.derivation.stateOf(place).isDerived).toBe(true), { timeout: 30_000 });
  });

  it('read a result again that another one has stored or dropped', async () => {
    const [first, second] = siblingPair();
    const [writer, reader] = [new StoredLayers(engine.db, first), new StoredLayers(engine.db, second)];
    const job = 'b'.repeat(32);
    await reader.read(job);
    expect(reader.find(resultLayerId({ job, id: 'parcel' }), PUBLIC)).toBe(null);
    await writer.forget(job);
    expect(() => reader.find(resultLayerId({ job, id: 'parcel' }), PUBLIC)).toThrow(UnreadResult);
  });
});
