import { Late } from '../lib/deadline.ts';
import { startThread, Thread } from '../lib/thread.ts';
import type { GdalSettings } from './gdal-runtime.ts';
import type { GdalAnswer, GdalRequest } from './gdal-worker.ts';
import { unreadableFile } from './unreadable-file.ts';

/** Timeout of GDAL for one file; 1.2 million parcels take about two minutes. */
const TIME_LIMIT_MS = 15 * 60_000;

export interface GdalField {
  readonly name: string;
  /** `Integer`, `Integer64`, `Real`, `String`, `Date`, `Time`, `DateTime`, `Binary` or `…List`. */
  readonly type: string;
  /** `Boolean`, `JSON`, `UUID`, … */
  readonly subType?: string;
}

export interface GdalLayer {
  readonly name: string;
  /** As claimed by the file's header. */
  readonly featureCount: number;
  readonly fields: readonly GdalField[];
  /** Column that numbers the rows. */
  readonly fidColumnName?: string;
  readonly geometryFields: readonly {
    readonly name: string;
    readonly type: string;
    readonly extent?: readonly number[];
    readonly coordinateSystem?: { readonly projjson?: unknown } | null;
  }[];
}

export interface GdalInfo {
  readonly driverShortName: string;
  readonly layers: readonly GdalLayer[];
}

/** GDAL in a thread of its own. It must be closed, since the thread keeps the process alive. */
export class Gdal {
  readonly #thread: Thread<GdalRequest, GdalAnswer>;

  constructor(data: GdalSettings) {
    this.#thread = new Thread(startThread('./gdal-worker', import.meta.url, data), {
      exited: 'out of memory',
      toError: (error) =>
        unreadableFile(error instanceof Late ? 'the time limit of 15 minutes was reached' : error.message),
    });
  }

  /**
   * Opens a file and describes its content.
   * @throws Problem if GDAL cannot read it
   */
  async inspect(file: string, openOptions: readonly string[]): Promise<GdalInfo> {
    const answer = await this.#thread.ask({ kind: 'inspect', file, openOptions }, TIME_LIMIT_MS);
    if (answer.kind !== 'inspected') throw unreadableFile('');
    return answer.info as GdalInfo;
  }

  /**
   * Converts a layer of the open file to another format.
   * @param options of ogr2ogr
   * @returns path of the new file
   */
  async convert({ name }: GdalLayer, options: readonly string[]): Promise<string> {
    const answer = await this.#thread.ask({ kind: 'dump', layer: name, options }, TIME_LIMIT_MS);
    if (answer.kind !== 'dumped') throw unreadableFile('');
    if (answer.errors.length) throw unreadableFile(answer.errors[0] ?? '');
    return answer.file;
  }

  close(): Promise<void> {
    return this.#thread.end(new Error('GDAL is closed'));
  }
}
