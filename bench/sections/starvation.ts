import { connect, type Socket } from 'node:net';
import type { Bench } from '../bench.ts';
import { untilAtRest } from '../databases.ts';
import { HttpClient } from '../http-client.ts';
import { pickParcels } from '../parcels.ts';
import { startProgram, tileCache } from '../program.ts';
import { BY_NUMBER } from '../questions.ts';
import { type Findings, judge, progress, round, table, times } from '../report.ts';
import { quantile } from '../statistics.ts';
import { panAndZoom } from '../trace.ts';

const PARCELS = 200_000;
/** Milliseconds for which each load lasts. */
const LASTS_MS = 20_000;
/** Milliseconds that a load runs before anything is measured. */
const LEAD_MS = 2000;
/** Milliseconds between two tiles, and between two lookups, of the client that is measured. */
const PAUSE_MS = 20;
const GOAL = { atMost: 5 };

/** A load on a server, until it is ended. Returns the answers by status. */
type Load = (url: string) => { end(): Promise<Map<number, number>> };

/** Asks for the paths from so many clients, each one after the other. */
function asking(clients: number, path: (turn: number) => string): Load {
  return (url) => {
    const client = new HttpClient();
    const statuses = new Map<number, number>();
    let isOver = false;
    let turn = 0;
    const ask = async () => {
      while (!isOver) {
        const { status } = await client.get(url + path(turn++)).catch(() => ({ status: 0 }));
        if (!isOver) statuses.set(status, (statuses.get(status) ?? 0) + 1);
        // A client that is refused asks again when it has looked at the answer.
        if (status >= 500) await pause(100);
      }
    };
    const asked = Array.from({ length: clients }, ask);
    return {
      end: async () => {
        isOver = true;
        client.close();
        await Promise.all(asked);
        return statuses;
      },
    };
  };
}

/** Asks for a whole layer from so many clients, none of which reads the answer. */
function notReading(clients: number): Load {
  return (url) => {
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: clients }, (): Socket => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write(`GET /collections/land.parcel/items?f=geojson HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
      return socket.pause();
    });
    return {
      end: async () => {
        for (const socket of sockets) socket.destroy();
        return new Map();
      },
    };
  };
}

const QUIET: Load = () => ({ end: async () => new Map() });

/** Filters that no index answers. */
const filtered = (turn: number) =>
  `/collections/land.parcel/items?${new URLSearchParams({ limit: '1', filter: `CASEI(ACCENTI(address)) LIKE '%nowhere ${turn}%'` })}`;

const LOADS: Readonly<Record<string, Load>> = {
  'nothing else': QUIET,
  '8 that do not read a whole layer': notReading(8),
  '20 filters without an index': asking(20, filtered),
  '20 maps of 2048 x 1024 @2x': asking(20, (turn) => `/styles/land/static/106.6${turn % 10},10.98,13/2048x1024@2x.png`),
  '20 pages of 10 000 rows': asking(20, () => '/collections/land.parcel/items?limit=10000'),
};

interface Result {
  readonly name: string;
  readonly tiles: readonly number[];
  readonly lookups: readonly number[];
  /** Probes that were refused. */
  readonly refused: number;
  readonly statuses: ReadonlyMap<number, number>;
}

/** Tiles and lookups of one client beside others that ask for more than their share. */
export async function starvation(bench: Bench): Promise<Findings> {
  const { url } = await bench.database(PARCELS);
  const program = await startProgram(bench, url, tileCache(0));
  await untilAtRest(url);
  const parcels = await pickParcels(url, 200);
  const tiles = panAndZoom(1);
  const client = new HttpClient();
  const probes: readonly Probe[] = [
    (turn) => client.get(`${program.url}/xyz/land.parcel,base.road/${pathOf(tiles[turn % tiles.length])}.mvt`),
    (turn) => BY_NUMBER.ask(client, program.url, parcels[turn % parcels.length] as never),
  ];
  // The first time, statements are planned and pages are read.
  await Promise.all(probes.map((probe) => measure(probe, 5000)));
  const results: Result[] = [];
  for (const [name, load] of Object.entries(LOADS)) {
    progress(name);
    const running = load(program.url);
    await pause(LEAD_MS);
    const [tile, lookup] = (await Promise.all(probes.map((probe) => measure(probe, LASTS_MS)))) as [Sample, Sample];
    const statuses = await running.end();
    results.push({ name, tiles: tile.ms, lookups: lookup.ms, refused: tile.refused + lookup.refused, statuses });
    await untilAtRest(url);
  }
  client.close();
  return report(results);
}

type Probe = (turn: number) => Promise<{ readonly ms: number; readonly status: number }>;

interface Sample {
  readonly ms: readonly number[];
  readonly refused: number;
}

async function measure(probe: Probe, lasts: number): Promise<Sample> {
  const ms: number[] = [];
  let refused = 0;
  for (const [began, turns] = [performance.now(), { next: 0 }]; performance.now() - began < lasts; turns.next++) {
    const answer = await probe(turns.next);
    if (answer.status < 400) ms.push(answer.ms);
    else refused++;
    await pause(PAUSE_MS);
  }
  return { ms, refused };
}

function pathOf(tile: { z: number; x: number; y: number } | undefined): string {
  return `${tile?.z}/${tile?.x}/${tile?.y}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function report(results: readonly Result[]): Findings {
  const p99 = (numbers: readonly number[]) => quantile(numbers, 0.99);
  const [quiet] = results as [Result];
  const ratios = (result: Result) =>
    [p99(result.tiles) / p99(quiet.tiles), p99(result.lookups) / p99(quiet.lookups)] as const;
  const rows = results.map((result) => {
    const [tile, lookup] = ratios(result);
    const statuses = [...result.statuses].map(([status, count]) => `${count} x ${status}`).join(', ');
    const cells = [round(p99(result.tiles)), times(tile), round(p99(result.lookups)), times(lookup)];
    return [result.name, ...cells, String(result.refused), statuses];
  });
  return {
    markdown: [table(['beside', 'tile, p99 ms', 'to quiet', 'lookup, p99 ms', 'to quiet', 'refused', 'load'], rows)],
    verdicts: results.slice(1).flatMap((result) => {
      const [tile, lookup] = ratios(result);
      return [
        judge(`p99 of tiles beside ${result.name}`, tile, GOAL),
        judge(`p99 of lookups beside ${result.name}`, lookup, GOAL),
      ];
    }),
  };
}
