import { gzipSync } from 'node:zlib';
import { mltFromMvt } from '../../src/mlt/mlt.ts';
import type { Bench } from '../bench.ts';
import { requireLayer, tilePath } from '../composites.ts';
import { PROVINCE } from '../databases.ts';
import { densestTiles } from '../densest.ts';
import { HttpClient, plainBody } from '../http-client.ts';
import { startProgram } from '../program.ts';
import { type Findings, round, table } from '../report.ts';
import { median } from '../statistics.ts';

const ZOOMS = [10, 12, 13, 14, 15, 16, 17];
/** Parcels themselves are shown from here on; before, a mosaic of their uses. */
const PARCELS_FROM = 15;
const TILES = 20;
const GOAL = 0.7;
const GOAL_MS = 20;

interface Sizes {
  readonly mvt: number;
  readonly mlt: number;
  readonly ms: number;
}

/** Bytes of parcel tiles in MLT against MVT, both gzipped, and the time that the conversion of one takes. */
export async function bytes(bench: Bench): Promise<Findings> {
  const database = await bench.database(PROVINCE);
  const program = await startProgram(bench, database.url);
  const layer = requireLayer(database.layers, 'land.parcel');
  const client = new HttpClient();
  const rows: (readonly [zoom: number, sizes: Sizes])[] = [];
  for (const zoom of ZOOMS) {
    const sizes: Sizes[] = [];
    for (const { tile } of (await densestTiles(database.url, layer, zoom)).slice(0, TILES)) {
      const answer = await client.get(program.url + tilePath([layer], tile));
      if (answer.body.length > 0) sizes.push(sizesOf(plainBody(answer), bench.settings.runs));
    }
    const of = (member: keyof Sizes) => median(sizes.map((each) => each[member]));
    if (sizes.length > 0) rows.push([zoom, { mvt: of('mvt'), mlt: of('mlt'), ms: of('ms') }]);
  }
  client.close();
  const parcels = rows.filter(([zoom]) => zoom >= PARCELS_FROM).map(([, sizes]) => sizes);
  const worst = Math.max(...parcels.map(({ mvt, mlt }) => mlt / mvt));
  const slowest = Math.max(...rows.map(([, { ms }]) => ms));
  const cells = rows.map(([zoom, { mvt, mlt, ms }]) => [
    `z${zoom}`,
    ...[mvt / 1e3, mlt / 1e3, mlt / mvt, ms].map(round),
  ]);
  return {
    markdown: [table(['', 'MVT, gzip, KB', 'MLT, gzip, KB', 'ratio', 'conversion, ms'], cells)],
    verdicts: [
      { what: 'MLT of parcels against MVT, gzip', measured: round(worst), goal: `<= ${GOAL}`, met: worst <= GOAL },
      {
        what: 'conversion to MLT',
        measured: `${round(slowest)} ms`,
        goal: `<= ${GOAL_MS} ms`,
        met: slowest <= GOAL_MS,
      },
    ],
  };
}

function sizesOf(mvt: Uint8Array, runs: number): Sizes {
  const times: number[] = [];
  let mlt = mvt;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    mlt = mltFromMvt(mvt);
    times.push(performance.now() - start);
  }
  return { mvt: gzipSync(mvt).length, mlt: gzipSync(mlt).length, ms: median(times) };
}
