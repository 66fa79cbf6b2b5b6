import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export interface GdalSettings {
  /** Folder below which GDAL may write. */
  readonly outFolder: string;
  /** GDAL configuration options. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Converted {
  readonly file: string;
  /** Errors that GDAL reported and went on after. */
  readonly errors: readonly string[];
}

/** The part of gdal3.js in use. Its own types lack the entry point for Node. */
interface GdalModule {
  open(file: string, openOptions: readonly string[]): Promise<{ datasets: object[] }>;
  close(dataset: object): Promise<void>;
  ogrinfo(dataset: object): Promise<unknown>;
  ogr2ogr(dataset: object, options: readonly string[], name: string): Promise<{ real: string }>;
}
type InitGdal = (config: {
  path: string;
  dest: string;
  env: Readonly<Record<string, string>>;
  logHandler: (line: string) => void;
  errorHandler: (line: string) => void;
}) => Promise<GdalModule>;

/**
 * Settings without threads. The WebAssembly build of GDAL has none, and fails when it tries to start one. Its Arrow
 * interface does so for a GeoPackage, and also ignores a column named `ogc_fid`.
 */
const PLAIN = { GDAL_NUM_THREADS: '1', OGR2OGR_USE_ARROW_API: 'NO', OGR_GPKG_ALLOW_THREADED_RTREE: 'NO' };

/** GDAL in the calling thread, which it blocks; one a thread. It frees memory only when the thread ends. */
export class GdalRuntime {
  readonly #gdal: Promise<GdalModule>;
  readonly #errors: string[] = [];
  #dataset: object | undefined;

  constructor({ outFolder, settings }: GdalSettings) {
    const require = createRequire(import.meta.url);
    const entry = 'gdal3.js/node';
    this.#gdal = (require(entry) as InitGdal)({
      // gdal3.js puts `./` before this path, so it must be relative to the working directory.
      path: relative(process.cwd(), join(dirname(require.resolve(entry)), 'dist', 'package')),
      dest: outFolder,
      env: { ...PLAIN, ...settings },
      logHandler: () => {},
      errorHandler: (line) => {
        if (line.startsWith('ERROR')) this.#errors.push(line.replace(/^ERROR \d+: /, ''));
      },
    });
  }

  /**
   * Opens a file in place of the open one.
   * @returns its description as of ogrinfo
   */
  inspect(file: string, openOptions: readonly string[]): Promise<unknown> {
    return this.#try(async (gdal) => {
      await this.#close(gdal);
      [this.#dataset] = (await gdal.open(file, openOptions)).datasets;
      if (!this.#dataset) throw new Error('no dataset');
      return gdal.ogrinfo(this.#dataset);
    });
  }

  /**
   * Converts a layer of the open file.
   * @param options of ogr2ogr
   * @param name path of the new file below the folder, without its extension
   */
  convert(layer: string, options: readonly string[], name: string): Promise<Converted> {
    return this.#try(async (gdal) => {
      if (!this.#dataset) throw new Error('inspect comes first');
      const { real } = await gdal.ogr2ogr(this.#dataset, [...options, layer], name);
      return { file: real, errors: [...this.#errors] };
    });
  }

  async close(): Promise<void> {
    await this.#close(await this.#gdal);
  }

  async #close(gdal: GdalModule): Promise<void> {
    const dataset = this.#dataset;
    this.#dataset = undefined;
    if (dataset) await gdal.close(dataset);
  }

  async #try<T>(work: (gdal: GdalModule) => Promise<T>): Promise<T> {
    this.#errors.length = 0;
    try {
      return await work(await this.#gdal);
    } catch (error) {
      throw new Error(this.#describe(error));
    }
  }

  /** Returns the message of a rejection by gdal3.js: an Error, one `{message}` or a list of them. The log says most. */
  #describe(error: unknown): string {
    const [first] = Array.isArray(error) ? error : [error];
    return this.#errors[0] ?? (first as { message?: string } | undefined)?.message ?? '';
  }
}
