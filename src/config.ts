import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { meridianOf } from './geo/crs.ts';
import { BootError } from './lib/errors.ts';
import { listThemes } from './themes.ts';

/** The environment's settings, read once and frozen. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Folder of the embedded database. */
  readonly dataFolder: string;
  /** `postgres://…` of a real PostGIS; undefined: the embedded one. */
  readonly databaseUrl: string | undefined;
  /** `postgres://…` of its streaming replicas, which may answer tiles. */
  readonly databaseReplicaUrls: readonly string[];
  /** `redis://…` of a tile cache that instances share; undefined: each has only its own. */
  readonly redisUrl: string | undefined;
  /** Processes that serve, behind one port. */
  readonly workers: number;
  /** Part of the budget of connections, memory, jobs and requests that this process has: 1, or that of a worker. */
  readonly share: number;
  /** True for the process that does the work of a server that needs no second one. */
  readonly isLead: boolean;
  /** Connections to a real PostGIS. */
  readonly poolSize: number;
  /** Timeout of a request's statement in milliseconds. */
  readonly statementTimeout: number;
  /** Size of the tile cache in bytes; 0 switches it off. */
  readonly tileCacheBytes: number;
  /** URL of the server for clients behind a proxy, without a slash at the end. */
  readonly publicUrl: string | undefined;
  /**
   * Addresses, ranges (`10.0.0.0/8`) and named ranges (`loopback`) of proxies that are trusted to give the client's
   * URL.
   */
  readonly trustedProxies: readonly string[];
  /** SRID of the province's VN-2000 zone, in which lengths and areas are measured. */
  readonly srid: number;
  /** Schemas whose tables and views with geometry are published. */
  readonly schemas: readonly string[];
  /** Name of the agency, shown on pages. It is a setting because every reorganization changes it. */
  readonly agency: string;
  /** Who may create, change and delete features over HTTP: nobody, API keys that may, or everybody. */
  readonly editing: Editing;
  /** Points that a client may spend in a minute; 0: any number. */
  readonly requestLimit: number;
  /** Port of the measurements for Prometheus, on the same host; undefined: none. */
  readonly metricsPort: number | undefined;
  /** True if this server checks what edits touch by the rules of data quality. */
  readonly isChecking: boolean;
  /** Days for which former rows of layers are stored; 0: none are. */
  readonly historyDays: number;
  /** Layers without a history. */
  readonly historyWithout: readonly string[];
  readonly logLevel: LogLevel;
  /** Days until the result of a process is dropped. */
  readonly resultDays: number;
  /** Parcels of the sample loaded into an empty embedded database; 0: none. */
  readonly sampleParcels: number;
}

const EDITING = ['off', 'keys', 'on'] as const;
type Editing = (typeof EDITING)[number];

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

type SettingReader<T> = (value: string) => T | undefined;

const textSetting: SettingReader<string> = (value) => (value.trim() === '' ? undefined : value.trim());
const integerSetting =
  (min: number, max: number): SettingReader<number> =>
  (value) => {
    const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  };
const url =
  (...protocols: string[]): SettingReader<string> =>
  (value) =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol) ? value.replace(/\/+$/, '') : undefined;

const postgresUrl = url('postgres:', 'postgresql:');

/** Default number of parcels of the sample. */
export const SAMPLE_PARCELS = 20_000;

/** name -> [parser, valid values, default] */
const SETTINGS = {
  HOST: [textSetting, 'a host name or address to listen on', '127.0.0.1'],
  PORT: [integerSetting(0, 65535), 'a port from 0 (any free one) to 65535', '8080'],
  DIABA_DATA: [textSetting, 'a folder for the embedded database', '.diaba'],
  DATABASE_URL: [postgresUrl, 'postgres://user:password@host:port/database', undefined],
  DATABASE_REPLICA_URLS: [
    readReplicas,
    'postgres://user:password@host:port/database, several separated by commas, beside DATABASE_URL',
    '',
  ],
  REDIS_URL: [url('redis:', 'rediss:'), 'redis://user:password@host:port', undefined],
  DIABA_WORKERS: [integerSetting(1, 256), 'a number of processes from 1 to 256', undefined],
  DIABA_POOL: [integerSetting(1, 200), 'a number of connections from 1 to 200', '8'],
  DIABA_STATEMENT_TIMEOUT: [integerSetting(100, 3_600_000), 'milliseconds from 100 to 3600000', '30000'],
  DIABA_TILE_CACHE: [integerSetting(0, 1_048_576), 'megabytes of cached tiles from 0 (none) to 1048576', '256'],
  DIABA_PUBLIC_URL: [url('http:', 'https:'), 'http(s)://host[/path]', undefined],
  DIABA_TRUSTED_PROXIES: [
    readProxies,
    'addresses or ranges such as 10.0.0.0/8, loopback, linklocal, uniquelocal, separated by commas, or none',
    'loopback',
  ],
  DIABA_SRID: [readZone, 'the SRID of a VN-2000 TM-3 zone, e.g. 9210', '9210'],
  DIABA_SCHEMAS: [readSchemas, 'names of schemas other than result, separated by commas', undefined],
  DIABA_AGENCY: [textSetting, 'the name of the agency', 'Sở Nông nghiệp và Môi trường'],
  DIABA_EDITING: [readEditing, 'off, keys (only by API keys that may) or on (by everybody)', 'off'],
  DIABA_REQUEST_LIMIT: [
    integerSetting(0, 100_000_000),
    'points a minute of each client from 0 (no limit) to 100000000',
    '30000',
  ],
  DIABA_METRICS_PORT: [integerSetting(0, 65535), 'a port for /metrics from 0 (any free one) to 65535', undefined],
  DIABA_QUALITY_CHECKS: [readSwitch, 'on or off', 'on'],
  DIABA_HISTORY_DAYS: [integerSetting(0, 36_500), 'days from 0 (no history) to 36500', '400'],
  DIABA_HISTORY_WITHOUT: [readLayerIds, 'ids of layers such as land.parcel, separated by commas', ''],
  DIABA_RESULT_DAYS: [integerSetting(1, 3650), 'days from 1 to 3650', '30'],
  DIABA_LOG: [readLevel, LOG_LEVELS.join(', '), 'info'],
  DIABA_SAMPLE: [
    integerSetting(0, 5_000_000),
    'a number of parcels from 0 (no sample) to 5000000',
    String(SAMPLE_PARCELS),
  ],
} as const satisfies Record<string, readonly [SettingReader<unknown>, string, string | undefined]>;

type Settings = { [K in keyof typeof SETTINGS]: Exclude<ReturnType<(typeof SETTINGS)[K][0]>, undefined> };

function readZone(value: string): number | undefined {
  return /^\d{4}$/.test(value) && meridianOf(Number(value)) !== undefined ? Number(value) : undefined;
}

function readSchemas(value: string): readonly string[] | undefined {
  const names = value.split(',').map((name) => name.trim());
  // Schema "result" would list every job, whose id is the right to read it.
  const isRight = (name: string) => /^[^\s",.]{1,63}$/.test(name) && name !== 'result';
  return names.every(isRight) ? Object.freeze(names) : undefined;
}

function readLayerIds(value: string): readonly string[] | undefined {
  const ids = value === '' ? [] : value.split(',').map((id) => id.trim());
  return ids.every((id) => /^[^.]+\..+$/.test(id)) ? Object.freeze(ids) : undefined;
}

function readReplicas(value: string): readonly string[] | undefined {
  const urls = value === '' ? [] : value.split(',').map((each) => postgresUrl(each.trim()));
  return urls.every((each) => each !== undefined) ? Object.freeze(urls) : undefined;
}

function readProxies(value: string): readonly string[] | undefined {
  const names = value === 'none' ? [] : value.split(',').map((name) => name.trim());
  return names.every(isProxy) ? Object.freeze(names) : undefined;
}

function isProxy(name: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(name)) return true;
  const [address = '', bits] = name.split('/', 2);
  const most = isIP(address) === 4 ? 32 : 128;
  return isIP(address) > 0 && (bits === undefined || integerSetting(1, most)(bits) !== undefined);
}

function readSwitch(value: string): boolean | undefined {
  return value === 'on' || value === 'off' ? value === 'on' : undefined;
}

function readEditing(value: string): Editing | undefined {
  return EDITING.find((each) => each === value);
}

function readLevel(value: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === value);
}

/**
 * Reads the settings. No other code reads `process.env`.
 * @throws BootError with the first setting that is unknown or malformed, and what would be right
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const unknown = Object.keys(env).find((name) => name.startsWith('DIABA_') && !(name in SETTINGS));
  if (unknown) throw new BootError(`Unknown setting ${unknown}. Known: ${Object.keys(SETTINGS).join(', ')}.`);
  const read = <K extends keyof Settings>(name: K): Settings[K] => {
    const [reader, expected, fallback] = SETTINGS[name];
    const value = env[name] === undefined || env[name] === '' ? fallback : env[name];
    if (value === undefined) return undefined as never;
    const result = reader(value);
    // URLs of databases hold passwords, so they are never printed.
    const given = /^(DATABASE|REDIS)_/.test(name) ? '' : ` (it is "${value}")`;
    if (result === undefined) throw new BootError(`Setting ${name} must be ${expected}${given}.`);
    return result as Settings[K];
  };
  const shared = (['DATABASE_REPLICA_URLS', 'REDIS_URL'] as const).find((name) => read(name)?.length);
  if (shared && !read('DATABASE_URL'))
    throw new BootError(`Setting ${shared} goes with DATABASE_URL, which is not set.`);
  const workers = readWorkers(read('DIABA_WORKERS'), read('DATABASE_URL') ? read('DIABA_POOL') : undefined);
  return Object.freeze({
    host: read('HOST'),
    port: read('PORT'),
    dataFolder: read('DIABA_DATA'),
    databaseUrl: read('DATABASE_URL'),
    databaseReplicaUrls: read('DATABASE_REPLICA_URLS'),
    redisUrl: read('REDIS_URL'),
    workers,
    share: 1,
    isLead: true,
    poolSize: read('DIABA_POOL'),
    statementTimeout: read('DIABA_STATEMENT_TIMEOUT'),
    tileCacheBytes: read('DIABA_TILE_CACHE') * 1_048_576,
    publicUrl: read('DIABA_PUBLIC_URL'),
    trustedProxies: read('DIABA_TRUSTED_PROXIES'),
    srid: read('DIABA_SRID'),
    schemas: read('DIABA_SCHEMAS') ?? Object.freeze(listThemes().map(({ id }) => id)),
    agency: read('DIABA_AGENCY'),
    editing: read('DIABA_EDITING'),
    requestLimit: read('DIABA_REQUEST_LIMIT'),
    metricsPort: read('DIABA_METRICS_PORT'),
    isChecking: read('DIABA_QUALITY_CHECKS'),
    historyDays: read('DIABA_HISTORY_DAYS'),
    historyWithout: read('DIABA_HISTORY_WITHOUT'),
    resultDays: read('DIABA_RESULT_DAYS'),
    logLevel: read('DIABA_LOG'),
    sampleParcels: read('DIABA_SAMPLE'),
  });
}

/**
 * Returns the number of processes that serve. By default each core has one, as long as each has a connection of its own.
 * @param poolSize undefined: the embedded engine, which one process uses
 */
function readWorkers(asked: number | undefined, poolSize: number | undefined): number {
  if (poolSize === undefined && asked !== undefined && asked > 1)
    throw new BootError('Setting DIABA_WORKERS above 1 goes with DATABASE_URL, which is not set.');
  return asked ?? Math.min(availableParallelism(), poolSize ?? 1);
}

/** Least that a worker has of what is divided among all: below it, one slow request would stop all others. */
const LEAST = {
  /** Connections: one for a long query, one for the rest. */
  poolSize: 2,
  tileCacheBytes: 8 * 1_048_576,
  /** Points of the dearest request. */
  requestLimit: 100,
};

/** Returns the settings of one of the workers, which share the budget of the server. */
export function workerConfig(config: Config, isLead: boolean): Config {
  const share = (name: keyof typeof LEAST) =>
    Math.max(Math.min(config[name], LEAST[name]), Math.floor(config[name] / config.workers));
  return Object.freeze({
    ...config,
    share: 1 / config.workers,
    isLead,
    poolSize: share('poolSize'),
    tileCacheBytes: share('tileCacheBytes'),
    requestLimit: share('requestLimit'),
    isChecking: config.isChecking && isLead,
  });
}
