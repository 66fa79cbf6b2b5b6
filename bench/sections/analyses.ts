import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { PROVINCE, withClient } from '../databases.ts';
import { HttpClient } from '../http-client.ts';
import { startProgram } from '../program.ts';
import { type Findings, progress, round, table, type Verdict } from '../report.ts';
import { median } from '../statistics.ts';

/** Parcels of the embedded engine, which is for communes. */
const COMMUNES = 20_000;
/** Metres of the route, of a lane of its path, and between lanes, so that all of it lies among parcels. */
const ROUTE = { length: 50_000, lane: 6000, apart: 600 } as const;

interface Analysis {
  readonly name: string;
  readonly process: string;
  readonly inputs: object;
  /** Milliseconds. */
  readonly goal: number;
}

/** Analyses of a planner's day at the size of their goals, on both engines. */
export async function analyses(bench: Bench): Promise<Findings> {
  const province = await bench.database(PROVINCE);
  const communes = await bench.database(COMMUNES);
  const onProvince = await measureAll(bench, province.url, await analysesOf(province.url));
  const folder = mkdtempSync(join(tmpdir(), 'diaba-analyses-'));
  try {
    // The embedded engine has the same sample as the database of communes.
    const asked = await analysesOf(communes.url);
    const onEmbedded = await measureAll(bench, '', asked, { DIABA_DATA: folder, DIABA_SAMPLE: String(COMMUNES) });
    return report(onProvince, onEmbedded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function analysesOf(url: string): Promise<Analysis[]> {
  return withClient(url, async (client) => {
    const lines = await client.query<{ text: string }>(`
      SELECT string_agg(concat_ws(E'\\t', unit_code, sheet, number), E'\\n') AS text
      FROM (SELECT * FROM land.parcel ORDER BY md5(id::text) LIMIT 5000) AS parcel`);
    const near = await client.query<{ ids: number[] }>(`
      SELECT array_agg(id::float8) AS ids FROM (SELECT id FROM land.parcel ORDER BY geom <-> (SELECT geom FROM land.parcel ORDER BY id LIMIT 1) LIMIT 1000) AS parcel`);
    const middle = await client.query<{ x: number; y: number }>(`
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ST_XMin(geom)) AS x, percentile_cont(0.5) WITHIN GROUP (ORDER BY ST_YMin(geom)) AS y FROM land.parcel`);
    const geometry = { type: 'LineString', coordinates: laneway(middle.rows[0] as Parameters<typeof laneway>[0]) };
    return [
      { name: 'list of 5000 lines', process: 'list', inputs: { text: lines.rows[0]?.text }, goal: 2000 },
      {
        name: 'overlay of 1000 parcels',
        process: 'overlay',
        inputs: { features: { layer: 'land.parcel', ids: near.rows[0]?.ids } },
        goal: 3000,
      },
      {
        name: 'route of 50 km × 60 m',
        process: 'route-take',
        inputs: { geometry, crs: 'EPSG:9210', left: 30, right: 30 },
        goal: 5000,
      },
    ];
  });
}

/** Returns a path to and fro around a point. */
function laneway({ x, y }: { x: number; y: number }): [number, number][] {
  const path: [number, number][] = [];
  const lanes = Math.ceil(ROUTE.length / (ROUTE.lane + ROUTE.apart));
  for (let lane = 0, length = 0; lane < lanes; lane++) {
    const run = Math.min(ROUTE.lane, ROUTE.length - length);
    const side = lane % 2 ? 1 : -1;
    const start = x + (side * ROUTE.lane) / 2;
    const northing = y + (lane - lanes / 2) * ROUTE.apart;
    path.push([start, northing], [start - side * run, northing]);
    length += run + ROUTE.apart;
  }
  return path;
}

interface Timing extends Analysis {
  readonly ms: number;
}

async function measureAll(
  bench: Bench,
  url: string,
  asked: readonly Analysis[],
  env: Readonly<Record<string, string>> = {},
): Promise<Timing[]> {
  const program = await startProgram(bench, url, env);
  const client = new HttpClient();
  const timings: Timing[] = [];
  try {
    for (const analysis of asked) {
      const runs: number[] = [];
      for (let run = 0; run < bench.settings.runs; run++) {
        const path = `${program.url}/processes/${analysis.process}/execution`;
        const { ms, status, body } = await client.post(path, { inputs: analysis.inputs });
        if (status !== 200) throw new Error(`${analysis.name}: ${status} ${body.toString('utf8', 0, 200)}`);
        runs.push(ms);
      }
      progress(`${analysis.name}: ${runs.map(round).join(', ')} ms`);
      timings.push({ ...analysis, ms: median(runs) });
    }
  } finally {
    client.close();
    await program.stop();
  }
  return timings;
}

function report(province: readonly Timing[], communes: readonly Timing[]): Findings {
  const rows = province.map(({ name, ms, goal }, index) => [
    name,
    round(ms),
    round(communes[index]?.ms ?? Number.NaN),
    round(goal),
  ]);
  const head = ['analysis', `PostgreSQL, ${PROVINCE} parcels, ms`, `embedded, ${COMMUNES} parcels, ms`, 'goal ms'];
  return { markdown: [table(head, rows)], verdicts: province.map(judgeTiming) };
}

function judgeTiming({ name, ms, goal }: Timing): Verdict {
  return { what: name, measured: `${round(ms)} ms`, goal: `<= ${round(goal)} ms`, met: ms <= goal };
}
