import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

/** In the order in which they run: what fills the database with writes comes last. */
export const SECTION_NAMES = [
  'tiles',
  'warm',
  'workers',
  'limits',
  'hostile',
  'starvation',
  'scale',
  'lookups',
  'analyses',
  'imports',
  'bytes',
  'memory',
  'viewer',
  'freshness',
] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** What the command line and the environment say, read once. */
export interface Settings {
  /** `postgres://…` of a server on which databases may be created. */
  readonly databaseUrl: string;
  readonly sections: readonly SectionName[];
  /** How often each comparison is repeated; medians are taken over these. */
  readonly runs: number;
  /** Share of the tiles, lookups and edits that are measured: below 1 it tries the bench, and measures little. */
  readonly share: number;
  /** Paths of the programs to compare with; undefined: not installed. */
  readonly programs: Readonly<Record<ProgramName, string | undefined>>;
  /** What every process that is started needs of the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export type ProgramName = 'martin' | 'pg_tileserv' | 'pg_featureserv' | 'nginx' | 'ogr2ogr' | 'wrk';

export const USAGE = `usage: DATABASE_URL=postgres://user@host/postgres npm run bench -- [section…] [--runs 5] [--share 1]
sections: ${SECTION_NAMES.join(', ')} (all where none is named)
MARTIN, PG_TILESERV, PG_FEATURESERV, NGINX, OGR2OGR, WRK: paths of programs that are not on PATH`;

/** @throws Error with what is wrong */
export function readSettings(argv: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { runs: { type: 'string', default: '5' }, share: { type: 'string', default: '1' } },
  });
  const unknown = positionals.find((name) => !SECTION_NAMES.includes(name as SectionName));
  if (unknown !== undefined) throw new Error(`There is no section "${unknown}".`);
  const runs = Number(values.runs);
  const share = Number(values.share);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs must be a whole number from 1.');
  if (!(share > 0 && share <= 1)) throw new Error('--share must be above 0 and at most 1.');
  if (!env.DATABASE_URL) throw new Error('DATABASE_URL is not set.');
  return {
    databaseUrl: env.DATABASE_URL,
    sections: SECTION_NAMES.filter((name) => positionals.length === 0 || positionals.includes(name)),
    runs,
    share,
    programs: {
      martin: findProgram(env.MARTIN ?? 'martin', env.PATH),
      pg_tileserv: findProgram(env.PG_TILESERV ?? 'pg_tileserv', env.PATH),
      pg_featureserv: findProgram(env.PG_FEATURESERV ?? 'pg_featureserv', env.PATH),
      nginx: findProgram(env.NGINX ?? 'nginx', `${env.PATH}${delimiter}/usr/sbin`),
      ogr2ogr: findProgram(env.OGR2OGR ?? 'ogr2ogr', env.PATH),
      wrk: findProgram(env.WRK ?? 'wrk', env.PATH),
    },
    environment: { PATH: env.PATH ?? '', HOME: env.HOME ?? '' },
  };
}

/** A name is looked for on the path, as a shell does it. */
function findProgram(name: string, path = ''): string | undefined {
  const candidates = name.includes('/') ? [name] : path.split(delimiter).map((folder) => join(folder, name));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
