import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Layer } from '../../src/catalog/layer.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { type TileAddress, tileAt } from '../../src/geo/tile.ts';
import type { MosaicState } from '../../src/tiles/derived/derived-state.ts';
import { mvtQuery } from '../../src/tiles/tile-query.ts';
import type { TileSource } from '../../src/tiles/tile-rows.ts';
import { TileStatements } from '../../src/tiles/tile-statements.ts';
import { borrowEmbedded, giveBack } from '../engine.ts';

const TILES = [8, 11, 13, 15, 17].flatMap((z) => [tileAt(z, 106.68, 10.98), tileAt(z, 106.61, 11.2)]);

describe('statements that are cached', () => {
  let db: Database;
  let layers: Layer[];

  beforeAll(async () => {
    db = await borrowEmbedded();
    layers = [...(await discover(db, readConfig({}).schemas)).layers.values()];
  });
  afterAll(() => giveBack(db));

  const sourcesOf = (
    shown: readonly Layer[],
    isDerived: boolean,
    mosaic: MosaicState = isDerived ? 'current' : 'none',
  ): TileSource[] => shown.map((layer) => ({ layer, isDerived, mosaic }));

  function expectComposed(statements: TileStatements, sources: readonly TileSource[], tile: TileAddress): void {
    const [kept, composed] = [statements.of(sources, tile), mvtQuery(sources, tile)];
    expect(kept && { text: kept.text, values: kept.values }).toEqual(
      composed && { text: composed.text, values: composed.values },
    );
  }

  it('are those that would be composed, whatever was asked for before', () => {
    const statements = new TileStatements();
    const shown = [layers, layers.slice(0, 3), layers.slice(2, 4)];
    const states = [
      [true, 'current'],
      [true, 'former'],
      [false, 'none'],
    ] as const;
    for (const set of shown)
      for (const [isDerived, mosaic] of states)
        for (const tile of TILES) expectComposed(statements, sourcesOf(set, isDerived, mosaic), tile);
  });

  it('are not those of a layer that has been defined anew', () => {
    const statements = new TileStatements();
    const tile = tileAt(16, 106.68, 10.98);
    const changed = layers.map((layer) => ({ ...layer, tileFields: layer.tileFields.slice(1) }));
    for (const set of [layers, changed, layers]) expectComposed(statements, sourcesOf(set, true), tile);
    expect(mvtQuery(sourcesOf(layers, true), tile)?.text).not.toBe(mvtQuery(sourcesOf(changed, true), tile)?.text);
  });

  it('give the same text, which need not be compared letter by letter, with the numbers of another tile', () => {
    const statements = new TileStatements();
    const [a, b] = [tileAt(16, 106.68, 10.98), tileAt(16, 106.61, 11.2)].map((tile) =>
      statements.of(sourcesOf(layers, true), tile),
    );
    expect(a?.text).toBe(b?.text);
    expect(a?.values).not.toEqual(b?.values);
  });
});
