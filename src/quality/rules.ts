import { integerKey } from '../catalog/key.ts';
import type { Catalog } from '../catalog/layer.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { isForbidden, isWrongStatement } from '../database/sqlstate.ts';
import { BootError } from '../lib/errors.ts';
import { findingsQuery } from './check-query.ts';
import { amountSources, sourcesOf } from './dependence.ts';
import { ALL_LAYERS, type BoundRule, type QualityRule } from './rule.ts';

/**
 * Binds rules to the layers of the catalog. Rules of unpublished schemas, and of tables that cannot be read, are left out.
 * @throws BootError for a rule whose layer or subject does not exist, or whose records have no key of one column
 */
export function bindRules(
  rules: readonly QualityRule[],
  catalog: Pick<Catalog, 'layers' | 'skipped'>,
): readonly BoundRule[] {
  const schemas = new Set([...catalog.layers.values()].map(({ schema }) => schema));
  const isPublished = (named: string) => {
    const layer = layerOf(named);
    return schemas.has(layer.split('.')[0] ?? '') && !catalog.skipped.some(({ id }) => id === layer);
  };
  return rules
    .filter(({ layer, subject }) => isPublished(layer) && isPublished(subject))
    .map((rule) => bindRule(rule, catalog));
}

/** Layer of the findings, in whose schema all tables of quality are. */
const FINDINGS = 'quality.finding';

function layerOf(named: string): string {
  return named === ALL_LAYERS ? FINDINGS : named;
}

function bindRule(rule: QualityRule, { layers }: Pick<Catalog, 'layers'>): BoundRule {
  const layer = layers.get(layerOf(rule.layer));
  const absent = layer ? layerOf(rule.subject) : rule.layer;
  if (!layer || !layers.has(absent)) throw new BootError(`sql/quality/${rule.id}.sql: there is no layer "${absent}".`);
  const [key = '', ...others] = layer.key.kind === 'columns' ? layer.key.columns : [];
  if (rule.counts === 'amounts') return { rule, layer, key, sources: amountSources(rule, layer) };
  const isText = layer.fields.some(({ name, type }) => name === key && type === 'string');
  if (key === '' || others.length > 0 || !(isText || integerKey(layer)))
    throw new BootError(
      `sql/quality/${rule.id}.sql: ${rule.layer} must have a key of one column, an integer or a text.`,
    );
  return { rule, layer, key, sources: sourcesOf(rule, layer, key) };
}

/**
 * Has the database plan each rule, which takes 20 ms of PostgreSQL and up to 0.1 s of the embedded engine.
 * @returns a message for each rule that the database refuses
 */
export async function findWrongRules(db: Database, rules: readonly BoundRule[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const bound of rules) {
    const fault = await faultOf(db, bound);
    if (fault !== undefined) faults.push(`sql/quality/${bound.rule.id}.sql: ${fault}`);
  }
  return faults;
}

async function faultOf(db: Database, bound: BoundRule): Promise<string | undefined> {
  try {
    const [plan] = await db.query<{ 'QUERY PLAN': unknown }>(
      sql`EXPLAIN (VERBOSE, FORMAT JSON) ${findingsQuery(bound)}`,
      { priority: 'background' },
    );
    return undeclared(bound, tablesIn(plan?.['QUERY PLAN']));
  } catch (error) {
    if (isWrongStatement(error)) return error.message;
    // A role that may not read a table runs no rule either.
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** Returns the tables, `schema.table`, that a plan reads. */
function tablesIn(plan: unknown): ReadonlySet<string> {
  if (typeof plan !== 'object' || plan === null) return new Set();
  const node = plan as Readonly<Record<string, unknown>>;
  const own = node['Relation Name'] === undefined ? [] : [`${node.Schema}.${node['Relation Name']}`];
  return new Set([...own, ...Object.values(node).flatMap((part) => [...tablesIn(part)])]);
}

/** Names a table that a rule reads without depending on it: after a change there, findings would be of before. */
function undeclared({ rule, layer, sources }: BoundRule, read: ReadonlySet<string>): string | undefined {
  // A plan has the parts of a partitioned table, and the tables of a view.
  if (!layer.isTable || rule.counts === 'amounts') return undefined;
  const other = [...read].find((table) => !sources.some((source) => source.table === table));
  return other && `reads ${other}, which "depends" does not name.`;
}
