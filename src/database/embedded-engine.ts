/** PGlite with PostGIS, as this program uses it. It blocks its thread while a statement runs. */
import { mkdirSync } from 'node:fs';
import { type Extension, PGlite } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';
import { TYPE_READERS } from './values.ts';

export interface EmbeddedWorkerData {
  /** Folder of the database; undefined: in memory. */
  readonly folder: string | undefined;
  /** A gzipped snapshot from which the database starts. */
  readonly snapshot: Uint8Array | undefined;
}

type Lookup = (...args: readonly number[]) => number;

interface Imports {
  readonly env: Readonly<Record<string, unknown>> & { readonly _dlsym_js: Lookup };
}

/**
 * Looks up functions of PostGIS by a list of names that is read once. Emscripten reads the 23 000 names for each
 * function anew: 8 ms instead of 0.06, and PostGIS has 1200 functions.
 */
const lookup: Extension = {
  name: 'lookup',
  setup: async (_, options) => ({
    emscriptenOpts: {
      ...options,
      instantiateWasm: (imports: Imports, done: unknown) =>
        options.instantiateWasm(
          { ...imports, env: { ...imports.env, _dlsym_js: withNamesOnce(imports.env._dlsym_js) } },
          done,
        ),
    },
  }),
};

/** Returns the same function, in which `Object.keys` answers from memory. A library gains no names once it is loaded. */
function withNamesOnce(find: Lookup): Lookup {
  const names = new WeakMap<object, string[]>();
  return (...args) => {
    const { keys } = Object;
    Object.keys = (of: object) => {
      const listed = names.get(of) ?? keys(of);
      names.set(of, listed);
      return listed;
    };
    try {
      return find(...args);
    } finally {
      Object.keys = keys;
    }
  };
}

/** Opens the database. @param onLog receives each line of the server's log, which PGlite drops */
export async function openEngine(
  { folder, snapshot }: EmbeddedWorkerData,
  onLog: (line: string) => void,
): Promise<PGlite> {
  if (folder) mkdirSync(folder, { recursive: true });
  const log: Extension = {
    name: 'log',
    setup: async (_, options) => ({ emscriptenOpts: { ...options, printErr: onLog } }),
  };
  return PGlite.create({
    ...(folder ? { dataDir: folder } : {}),
    ...(snapshot ? { loadDataDir: new Blob([snapshot as Uint8Array<ArrayBuffer>]) } : {}),
    extensions: { log, lookup, postgis },
    parsers: TYPE_READERS as Record<number, (text: string) => unknown>,
    // With checksums, a damaged page is reported instead of served. That is the default of PostgreSQL 18.
    initDbStartParams: ['--data-checksums'],
  });
}
