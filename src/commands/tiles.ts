import { extname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { PUBLIC } from '../access/principal.ts';
import { VisibleCatalog } from '../access/visible-catalog.ts';
import { attributionOf } from '../catalog/attribution.ts';
import { discover } from '../catalog/discover.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { BBox } from '../geo/bbox.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import { BootError } from '../lib/errors.ts';
import { readSampleMark } from '../sample/mark.ts';
import { Derivation } from '../tiles/derived/derivation.ts';
import { Encoder } from '../tiles/encoder.ts';
import { Tiles } from '../tiles/tiles.ts';
import { ARCHIVE_FORMATS, type ArchiveFormat, type ExportReport, exportTiles } from '../transfer/tiles/export.ts';
import { seedTiles, TileServer } from '../transfer/tiles/seed.ts';
import { SeedPosition } from '../transfer/tiles/seed-position.ts';
import { TilePyramid } from '../transfer/tiles/tile-pyramid.ts';
import { nothingToDraw, readTileset, selectZooms } from '../transfer/tiles/tileset.ts';
import { withDatabase } from './database.ts';
import { untilStopSignal } from './ending.ts';
import { bboxOption, integerOption, readList, readUrl } from './options.ts';
import { printLine, withProgress } from './progress.ts';

/** The tiles to use; omitted values are those of the layers. */
interface TileOptions {
  readonly layers?: readonly string[];
  readonly minZoom?: number;
  readonly maxZoom?: number;
  readonly bbox?: BBox;
  readonly concurrency: number;
}

interface ExportOptions extends TileOptions {
  readonly format?: ArchiveFormat;
  readonly overwrite?: boolean;
}

interface SeedOptions extends TileOptions {
  readonly url: string;
  readonly resume?: string;
}

/** Adds `diaba tiles export FILE …` and `diaba tiles seed …`. */
export function addTilesCommands(program: Command): void {
  const tiles = program.command('tiles').description('make tiles before they are asked for');
  addTileOptions(tiles.command('export <file>').description('write vector tiles into one PMTiles or MBTiles file'))
    .addOption(new Option('--format <name>', "where the file's ending does not say it").choices(ARCHIVE_FORMATS))
    .option('--overwrite', 'replace a file that is there')
    .action((file: string, options: ExportOptions) => runExport(file, options));
  addTileOptions(tiles.command('seed').description('fill the cache of a running server'))
    .option('--url <url>', 'where the server is', readUrl, 'http://localhost:8080')
    .option('--resume <file>', 'keep the position in this file, and continue from it')
    .action((options: SeedOptions) => runSeed(options));
}

function addTileOptions(command: Command): Command {
  const zoom = integerOption(0, MAX_ZOOM);
  return command
    .option('--layers <ids>', 'schema.table,… (default: all that are public)', readList)
    .option('--min-zoom <n>', "first zoom (default: the layers')", zoom)
    .option('--max-zoom <n>', "last zoom (default: the layers')", zoom)
    .option('--bbox <w,s,e,n>', "area in degrees (default: the layers' extent)", bboxOption)
    .option('--concurrency <n>', 'tiles made at a time', integerOption(1, 64), 4);
}

async function runExport(file: string, options: ExportOptions): Promise<void> {
  const format = options.format ?? ARCHIVE_FORMATS.find((name) => extname(file).toLowerCase() === `.${name}`);
  if (!format) throw new InvalidArgumentError('The file must end in .pmtiles or .mbtiles, or --format say what it is.');
  const report = await withDatabase((db, config) => exportFrom(db, config, { ...options, file, format }));
  const { isWhole, tiles, contents, bytes } = report;
  const size = `${tiles} tiles that are not empty (${contents} different ones), ${(bytes / 1e6).toFixed(1)} MB`;
  if (isWhole) printLine(`${file}: ${size}`);
  else tellStopped(`${file}.partial has ${size}.`);
}

async function exportFrom(
  db: Database,
  { schemas, agency }: Config,
  { layers: ids, bbox: bounds, minZoom, maxZoom, ...target }: ExportOptions & { file: string; format: ArchiveFormat },
): Promise<ExportReport> {
  const signal = stopSignal();
  const catalog = await discover(db, schemas);
  const visible = VisibleCatalog.of(catalog, PUBLIC);
  const layers = ids ? ids.map((id) => visible.requireLayer(id)) : visible.layers;
  const synthetic = (await readSampleMark(db)) !== undefined;
  const selection = { minZoom, maxZoom, bounds };
  const attribution = attributionOf(agency, synthetic).vi;
  const tileset = await readTileset(db, { layers, attribution, signal, ...selection });
  const request = JSON.stringify([catalog.fingerprint, layers.map(({ id }) => id), selection]);
  const encoder = new Encoder();
  const derivation = new Derivation(db, { log: { warn: (_, text) => printLine(text) } });
  await derivation.ensure(catalog);
  const tiles = new Tiles(db, encoder, derivation);
  try {
    return await withProgress('Tiles', (onProgress) =>
      exportTiles({
        ...tileset,
        ...target,
        request,
        render: async (tile) => (await tiles.render(layers, tile, { signal, priority: 'background' })).body,
        signal,
        onProgress,
      }),
    );
  } finally {
    await encoder.close();
  }
}

/** Seeds a server known by its URL only. It may run elsewhere, and it alone may open an embedded database. */
async function runSeed({ url, resume, bbox, concurrency, ...options }: SeedOptions): Promise<void> {
  const signal = stopSignal();
  const server = new TileServer(url, signal);
  const layers = options.layers ?? (await server.layers());
  const served = await server.describe(layers);
  const { minzoom: minZoom, maxzoom: maxZoom } = selectZooms(options, served);
  const bounds = bbox ?? served.bounds;
  if (!bounds) throw nothingToDraw();
  const pyramid = new TilePyramid({ area: { fromZoom: served.minzoom }, minZoom, maxZoom, bounds });
  const position = new SeedPosition(resume, JSON.stringify([url, layers, minZoom, maxZoom, bbox]));
  let isWhole = false;
  try {
    isWhole = await withProgress('Tiles', (onProgress) =>
      seedTiles({
        pyramid,
        after: position.last,
        ask: (tile) => server.ask(layers, tile),
        concurrency,
        signal,
        onTile: (id) => position.reach(id),
        onProgress,
      }),
    );
  } finally {
    position.close(isWhole);
  }
  if (!isWhole) tellStopped(resume ? `The position is in ${resume}.` : 'What is cached already is passed quickly.');
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  untilStopSignal().then(() => stop.abort(new BootError('Stopped before the first tile.')));
  return stop.signal;
}

function tellStopped(finished: string): void {
  printLine(`Stopped. ${finished} The same command continues.`);
  process.exitCode = 130;
}
