import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, shareOf } from '../bench.ts';
import { PROVINCE, withClient } from '../databases.ts';
import { CLI } from '../program.ts';
import { type Findings, judge, progress, round, table, times, type Verdict } from '../report.ts';
import { median } from '../statistics.ts';

const POLYGONS = 500_000;
/** Drivers of GDAL, how they write a file, and what this program must know to read it. */
const FORMATS = [
  { format: 'GPKG', name: 'parcels.gpkg', options: [], said: [] },
  { format: 'ESRI Shapefile', name: 'parcels.shp', options: ['-lco', 'ENCODING=UTF-8'], said: [] },
  // GDAL 3.6 writes no CRS into GeoJSON of VN-2000.
  { format: 'GeoJSON', name: 'parcels.geojson', options: [], said: ['--srid', '9210'] },
];
const LAYER = 'base.bench_import';
const PEER_TABLE = 'peer.bench_import';
const GOALS = { ratio: { atMost: 2 }, megabytes: 350 };

/** A command that ran: its milliseconds, and the peak of its resident memory. */
interface Ran {
  readonly ms: number;
  readonly megabytes: number;
}

interface Measured {
  readonly format: string;
  readonly own: readonly Ran[];
  readonly peer: readonly Ran[];
}

/** Files of polygons become a new table, by this program and by `ogr2ogr` in turn, in the same database. */
export async function imports(bench: Bench): Promise<Findings> {
  const { ogr2ogr } = bench.settings.programs;
  if (!ogr2ogr)
    return { markdown: ['`ogr2ogr` is not installed.'], verdicts: [verdictWithout('imports against `ogr2ogr`')] };
  const { url } = await bench.database(PROVINCE);
  const measured: Measured[] = [];
  for (const { format, name, options, said } of FORMATS) {
    const file = join(bench.processes.folder, name);
    const files = { format, file, url, ogr2ogr, said };
    await writeFile(bench, { ...files, options });
    measured.push(await measureFormat(bench, files));
    rmSync(file);
  }
  await dropTables(url);
  const rows = measured.map(({ format, own, peer }) => [
    format,
    ...[own, peer].flatMap((runs) => [round(medianOf(runs, 'ms') / 1000), round(medianOf(runs, 'megabytes'))]),
    times(ratioOf({ own, peer })),
  ]);
  return {
    markdown: [table(['format', 'this program s', 'MB', '`ogr2ogr` s', 'MB', 'ratio'], rows)],
    verdicts: measured.flatMap(judgeFormat),
  };
}

interface Files {
  readonly format: string;
  readonly file: string;
  readonly url: string;
  readonly ogr2ogr: string;
  /** Options of the import. */
  readonly said: readonly string[];
}

/** Writes parcels with their attributes, and no personal data, as agencies send them. */
async function writeFile(
  bench: Bench,
  { format, file, url, ogr2ogr, options }: Files & { options: readonly string[] },
): Promise<void> {
  const count = shareOf(bench, POLYGONS);
  progress(`${format}: writing ${count} polygons`);
  const query = `SELECT unit_code, sheet, number, main_use, legal_area_m2, address, geom FROM land.parcel ORDER BY id LIMIT ${count}`;
  await run(bench, ogr2ogr, ['-f', format, file, gdalDatabase(url), '-sql', query, '-nln', 'parcels', ...options]);
}

async function measureFormat(bench: Bench, { format, file, url, ogr2ogr, said }: Files): Promise<Measured> {
  const own: Ran[] = [];
  const peer: Ran[] = [];
  for (let turn = 0; turn < bench.settings.runs; turn++) {
    await dropTables(url);
    own.push(await run(bench, process.execPath, [CLI, 'import', file, '--layer', LAYER, ...said], url));
    const target = ['-f', 'PostgreSQL', gdalDatabase(url), file, '-nln', PEER_TABLE, '-nlt', 'PROMOTE_TO_MULTI'];
    peer.push(await run(bench, ogr2ogr, target));
    progress(
      `${format}: ${round((own.at(-1) as Ran).ms / 1000)} s, ogr2ogr ${round((peer.at(-1) as Ran).ms / 1000)} s`,
    );
  }
  return { format, own, peer };
}

/** Returns the name of a database for GDAL 3.6, which takes no URL. */
function gdalDatabase(url: string): string {
  const { hostname, port, username, password, pathname } = new URL(url);
  const parts = { host: hostname, port: port || '5432', user: username, password, dbname: pathname.slice(1) };
  return `PG:${Object.entries(parts)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}='${decodeURIComponent(value)}'`)
    .join(' ')}`;
}

function dropTables(url: string): Promise<void> {
  return withClient(url, async (client) => {
    await client.query(`DROP TABLE IF EXISTS ${LAYER}, ${PEER_TABLE}; CHECKPOINT`);
  });
}

/** @throws Error if the command fails */
async function run({ settings }: Bench, file: string, args: readonly string[], databaseUrl = ''): Promise<Ran> {
  const started = performance.now();
  const child = spawn(file, args, {
    env: { ...settings.environment, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakMegabytes(child.pid) ?? 0);
  }, 100);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}`);
  return { ms: performance.now() - started, megabytes: peak };
}

/** Returns the peak of resident memory of a process so far; undefined once it has ended. */
function peakMegabytes(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}

function medianOf(runs: readonly Ran[], key: keyof Ran): number {
  return median(runs.map((each) => each[key]));
}

function ratioOf({ own, peer }: Pick<Measured, 'own' | 'peer'>): number {
  return medianOf(own, 'ms') / medianOf(peer, 'ms');
}

function judgeFormat({ format, own, peer }: Measured): Verdict[] {
  const megabytes = medianOf(own, 'megabytes');
  return [
    judge(`import of ${format}, time of \`ogr2ogr\``, ratioOf({ own, peer }), GOALS.ratio),
    {
      what: `import of ${format}, peak of resident memory`,
      measured: `${round(megabytes)} MB`,
      goal: `<= ${GOALS.megabytes} MB`,
      met: megabytes <= GOALS.megabytes,
    },
  ];
}

function verdictWithout(what: string): Verdict {
  return { what, measured: '–', goal: times(GOALS.ratio.atMost), met: undefined };
}
