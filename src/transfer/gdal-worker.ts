/** The thread in which GDAL runs. GDAL blocks its thread, and releases memory only when the thread ends. */
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../lib/thread-answers.ts';

export interface GdalWorkerData {
  /** Folder to which GDAL may write. */
  readonly outFolder: string;
  /** GDAL configuration options. */
  readonly settings: Readonly<Record<string, string>>;
}

export type GdalRequest =
  | { readonly kind: 'inspect'; readonly file: string; readonly openOptions: readonly string[] }
  | { readonly kind: 'dump'; readonly layer: string; readonly options: readonly string[] };

export type GdalAnswer =
  | { readonly kind: 'inspected'; readonly info: unknown }
  | { readonly kind: 'dumped'; readonly file: string; readonly errors: readonly string[] };

/** The part of gdal3.js in use. Its own types lack the entry point for Node. */
interface Gdal {
  open(file: string, openOptions: readonly string[]): Promise<{ datasets: object[] }>;
  ogrinfo(dataset: object): Promise<unknown>;
  ogr2ogr(dataset: object, options: readonly string[], name: string): Promise<{ real: string }>;
}
type InitGdal = (config: {
  path: string;
  dest: string;
  env: Readonly<Record<string, string>>;
  logHandler: (line: string) => void;
  errorHandler: (line: string) => void;
}) => Promise<Gdal>;

const { outFolder, settings } = workerData as GdalWorkerData;
const errors: string[] = [];
let dataset: object | undefined;

/**
 * Settings without threads. The WebAssembly build of GDAL has none, and fails when it tries to start one. Its Arrow
 * interface does so for a GeoPackage, and also ignores a column named `ogc_fid`.
 */
const PLAIN = { GDAL_NUM_THREADS: '1', OGR2OGR_USE_ARROW_API: 'NO', OGR_GPKG_ALLOW_THREADED_RTREE: 'NO' };

function start(): Promise<Gdal> {
  const require = createRequire(import.meta.url);
  const entry = 'gdal3.js/node';
  return (require(entry) as InitGdal)({
    // gdal3.js puts `./` before this path, so it must be relative to the working directory.
    path: relative(process.cwd(), join(dirname(require.resolve(entry)), 'dist', 'package')),
    dest: outFolder,
    env: { ...PLAIN, ...settings },
    logHandler: () => {},
    errorHandler: (line) => {
      if (line.startsWith('ERROR')) errors.push(line.replace(/^ERROR \d+: /, ''));
    },
  });
}

async function answer(gdal: Gdal, request: GdalRequest): Promise<GdalAnswer> {
  errors.length = 0;
  if (request.kind === 'inspect') {
    [dataset] = (await gdal.open(request.file, request.openOptions)).datasets;
    if (!dataset) throw new Error('no dataset');
    return { kind: 'inspected', info: await gdal.ogrinfo(dataset) };
  }
  if (!dataset) throw new Error('inspect comes first');
  const { real } = await gdal.ogr2ogr(dataset, [...request.options, request.layer], 'dump');
  return { kind: 'dumped', file: real, errors: [...errors] };
}

/** Returns the message of a rejection by gdal3.js: an Error, one `{message}` or a list of them. The log says most. */
function describe(error: unknown): string {
  const [first] = Array.isArray(error) ? error : [error];
  return errors[0] ?? (first as { message?: string } | undefined)?.message ?? '';
}

const gdal = start();
answerQuestions(async (request: GdalRequest) => {
  try {
    return await answer(await gdal, request);
  } catch (error) {
    throw new Error(describe(error));
  }
});
