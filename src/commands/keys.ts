import { type Command, InvalidArgumentError } from 'commander';
import { createApiKey, hashApiKey } from '../access/api-key.ts';
import { insertKeyQuery, type KeyRow, keysQuery, presentCommunesQuery, revokeKeyQuery } from '../access/key-query.ts';
import { KEY_OPERATIONS, type KeyOperation, type KeyScope } from '../access/scope.ts';
import { discover } from '../catalog/discover.ts';
import type { DatedUnit } from '../catalog/layer.ts';
import { namesUnits } from '../catalog/units.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { BootError } from '../lib/errors.ts';
import { withDatabase } from './database.ts';
import { integerOption, readList } from './options.ts';
import { printLine } from './progress.ts';

interface CreateOptions {
  readonly agency: string;
  readonly contact: string;
  readonly purpose: string;
  readonly databases?: readonly string[];
  readonly layers?: readonly string[];
  readonly units?: readonly string[];
  readonly operations: readonly KeyOperation[];
  readonly days: number;
}

/** Adds `diaba keys create|list|revoke`. */
export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('API keys of agencies: what they may see and change');
  keys
    .command('create')
    .description('make a key and print it, once')
    .requiredOption('--agency <name>', 'who receives it', requireText)
    .requiredOption('--contact <text>', 'person or address to ask about it', requireText)
    .requiredOption('--purpose <text>', 'what the data is for; stands in the record of accesses', requireText)
    .option('--databases <names>', 'schemas of which it sees every layer whole', readList)
    .option('--layers <ids>', 'further layers that it sees whole: schema.table,…', readList)
    .option('--units <codes>', 'only these communes of those layers (default: all)', readList)
    .option('--operations <names>', 'read or read,edit', readOperations, ['read'])
    .option('--days <n>', 'days until it expires', integerOption(1, 3660), 365)
    .action((options: CreateOptions) => withDatabase((db, config) => createKey(db, config, options)));
  keys
    .command('list')
    .description('list all keys, newest first')
    .action(() => withDatabase(listKeys));
  keys
    .command('revoke <id>')
    .description('revoke a key on every server within 2 s')
    .action((id: string) => withDatabase((db) => revokeKey(db, id)));
}

function requireText(text: string): string {
  if (/\S/.test(text)) return text.trim();
  throw new InvalidArgumentError('must not be empty.');
}

function readOperations(text: string): KeyOperation[] {
  const given = readList(text);
  const operations = KEY_OPERATIONS.filter((each) => given.includes(each));
  if (operations.length < given.length || !operations.includes('read'))
    throw new InvalidArgumentError('must be read or read,edit.');
  return operations;
}

async function createKey(db: Database, config: Config, options: CreateOptions): Promise<void> {
  const { agency, contact, purpose, databases = [], layers = [], operations, days } = options;
  const units = await readUnits(db, options.units ?? []);
  const scope: KeyScope = { databases, layers, units, operations };
  await requireKnown(db, config, scope);
  const { id, text } = createApiKey();
  const [row] = await db.query<KeyRow>(
    insertKeyQuery({ ...scope, id, hash: hashApiKey(text), agency, contact, purpose, days }),
  );
  if (!row) throw new BootError('The key was not stored.');
  printKey(row);
  printLine('The key, which cannot be shown again:');
  printLine(text);
}

async function readUnits(db: Database, codes: readonly string[]): Promise<DatedUnit[]> {
  const rows = await db.query<{ code: string; valid_from: string }>(presentCommunesQuery(codes));
  const missing = codes.find((code) => !rows.some((row) => row.code === code));
  if (missing) throw new BootError(`--units: "${missing}" is not the code of a commune that is in force.`);
  return rows.map(({ code, valid_from: validFrom }) => ({ code, validFrom }));
}

/** @throws BootError for a name that is not served, and for a layer that cannot be narrowed to units */
async function requireKnown(db: Database, { schemas }: Config, { databases, layers, units }: KeyScope): Promise<void> {
  const schema = databases.find((name) => !schemas.includes(name));
  if (schema) throw new BootError(`--databases: "${schema}" is not served. Served: ${schemas.join(', ')}.`);
  const catalog = await discover(db, schemas);
  for (const id of layers) {
    const layer = catalog.layers.get(id) ?? catalog.functions.get(id);
    if (!layer) throw new BootError(`--layers: there is no layer "${id}". "diaba layers" lists them.`);
    if (units.length && !namesUnits(layer))
      throw new BootError(`--units: layer ${id} has no columns unit_code and unit_valid_from, so it has no units.`);
  }
}

async function listKeys(db: Database): Promise<void> {
  const rows = await db.query<KeyRow>(keysQuery());
  if (rows.length === 0) printLine('There are no keys. "diaba keys create" makes one.');
  for (const row of rows) printKey(row);
}

function printKey(row: KeyRow): void {
  const list = (name: string, values: readonly string[]) => (values.length ? [`${name}: ${values.join(', ')}`] : []);
  const units = row.units.map((unit) => unit.split('@')[0] ?? unit);
  const scope = [...list('databases', row.databases), ...list('layers', row.layers), ...list('units', units)];
  printLine(`${row.id}  ${keyState(row)}  ${row.agency} (${row.contact})`);
  printLine(`          may ${row.operations.join(', ')}; ${scope.join('; ') || 'no more than the public sees'}`);
  printLine(`          for: ${row.purpose}; last used: ${row.last_used_at ?? 'never'}`);
}

function keyState({ revoked_at, expires_at }: KeyRow): string {
  if (revoked_at) return `revoked ${revoked_at.slice(0, 10)}`;
  return `${Date.parse(expires_at) <= Date.now() ? 'expired' : 'expires'} ${expires_at.slice(0, 10)}`;
}

async function revokeKey(db: Database, id: string): Promise<void> {
  const rows = await db.query(revokeKeyQuery(id));
  if (rows.length === 0) throw new BootError(`There is no key "${id}" that is not yet revoked. See "diaba keys list".`);
  printLine(`Revoked: ${id}`);
}
