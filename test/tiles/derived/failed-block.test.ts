import { expect, it } from 'vitest';
import { discover } from '../../../src/catalog/discover.ts';
import type { Layer } from '../../../src/catalog/layer.ts';
import { readConfig } from '../../../src/config.ts';
import { raw, sql } from '../../../src/database/sql.ts';
import { type FailedBlock, fillMosaic } from '../../../src/tiles/derived/mosaic.ts';
import { describeEngines } from '../../engine.ts';

const SIGNATURE = 'tile.mosaic, integer, integer, integer, text[]';

describeEngines('a block on which GEOS fails', (engine) => {
  const blocks = (level: number) =>
    engine.db.query<{ bx: number; by: number; count: number }>(
      sql`SELECT bx, by, count(*) AS count FROM tile."mosaic land.parcel" WHERE level = ${level}::int GROUP BY 1, 2 ORDER BY 1, 2`,
    );

  it('stays empty and is told, and all others are shown', async () => {
    const { layers } = await discover(engine.db, readConfig({}).schemas);
    const layer = layers.get('land.parcel') as Layer;
    const top = layer.mosaic?.top as number;
    const [bad, ...others] = await blocks(top);
    if (!bad) throw new Error('the mosaic is empty');
    await engine.db.script(`ALTER FUNCTION tile.reduce(${SIGNATURE}) RENAME TO reduce_really;
      CREATE FUNCTION tile.reduce(spec tile.mosaic, lv integer, bx integer, by integer, classes text[] DEFAULT NULL) RETURNS jsonb LANGUAGE plpgsql AS $$
      BEGIN
        IF (lv, bx, by) = (${top}, ${bad.bx}, ${bad.by}) THEN
          RAISE EXCEPTION 'GEOS Error: TopologyException: side location conflict' USING ERRCODE = 'XX000';
        END IF;
        RETURN tile.reduce_really(spec, lv, bx, by, classes);
      END $$`);
    const failed: FailedBlock[] = [];
    try {
      const options = {
        signal: new AbortController().signal,
        onFailure: (_: unknown, block: FailedBlock) => failed.push(block),
      };
      expect(await fillMosaic(engine.db, layer, options)).toBe(true);
    } finally {
      await engine.db.script(`DROP FUNCTION tile.reduce(${SIGNATURE});
        ALTER FUNCTION tile.reduce_really(${SIGNATURE}) RENAME TO reduce`);
    }
    expect(failed).toEqual([{ level: top, tile: `${top + 3}/${bad.bx}/${bad.by}` }]);
    expect(await blocks(top)).toEqual(others);
    expect((await engine.db.query(raw('SELECT shown, maker FROM tile.mosaic')))[0]).toEqual({
      shown: 'mosaic land.parcel',
      maker: null,
    });
  });
});
