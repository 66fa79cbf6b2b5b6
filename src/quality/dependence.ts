import type { Layer } from '../catalog/layer.ts';
import { namesUnits } from '../catalog/units.ts';
import { BootError } from '../lib/errors.ts';

/** A table, other than that of its layer, from which a rule's findings follow: a part of the head line `depends`. */
export interface Dependence {
  /** `schema.table` */
  readonly table: string;
  /** Its column with a value of the layer's column `own`; undefined: a change of any row concerns all records. */
  readonly column: string | undefined;
  /** Column of the layer; undefined: its key. */
  readonly own: string | undefined;
}

/** A table whose changes make records of a rule due, or places of one with a reach. */
export interface RuleSource {
  /** `schema.table` */
  readonly table: string;
  /** The table's column, and the layer's with the same values; undefined: all records are due. */
  readonly by: { readonly column: string; readonly own: string } | undefined;
}

const NAME = String.raw`[^\s".,=]+`;
const PART = new RegExp(`^(${NAME}\\.${NAME})(?: by (${NAME})(?: = (${NAME}))?)?$`);

/**
 * Parses `schema.table`, `schema.table by column` or `schema.table by column = own`, several separated by commas.
 * @throws BootError that names the part
 */
export function parseDependences(file: string, line: string | undefined): readonly Dependence[] {
  const parts = line?.split(',').map((part) => part.trim()) ?? [];
  return parts.map((part) => {
    const [, table, column, own] = PART.exec(part) ?? [];
    if (table === undefined)
      throw new BootError(
        `${file}: "depends" has "${part}"; right are schema.table, schema.table by column, and schema.table by column = own_column.`,
      );
    return { table, column, own };
  });
}

/**
 * Returns the tables whose changes make records of a rule due: its layer's own, those of `depends`, and the units if a
 * record's unit is the one in which it lies.
 * @throws BootError if the layer lacks a column
 */
export function sourcesOf(
  rule: { readonly id: string; readonly depends: readonly Dependence[] },
  layer: Layer,
  key: string,
): readonly RuleSource[] {
  const named = rule.depends.map(({ table, column, own = key }) => {
    if (!layer.fields.some(({ name }) => name === own))
      throw new BootError(`sql/quality/${rule.id}.sql: "depends" names "${own}", which is no column of ${layer.id}.`);
    return { table, by: column === undefined ? undefined : { column, own } };
  });
  const implied: RuleSource[] = layer.isTable
    ? [{ table: layer.id, by: { column: key, own: key } }]
    : layer.dependsOn.map((table) => ({ table, by: undefined }));
  if (!namesUnits(layer)) implied.push({ table: 'base.unit', by: undefined });
  return [...implied.filter(({ table, by }) => by || !named.some((source) => source.table === table)), ...named];
}

/**
 * Returns the tables whose changes make a rule due that counts amounts. An edit of the layer makes places due if the rule
 * has a reach, and a change of a table in `depends` makes all due. Otherwise only the time does.
 */
export function amountSources(
  { depends, reach }: { readonly depends: readonly Dependence[]; readonly reach: number | undefined },
  { id, isTable, geometry: { column } }: Layer,
): readonly RuleSource[] {
  const named = depends.map(({ table }) => ({ table, by: undefined }));
  return reach !== undefined && isTable ? [{ table: id, by: { column, own: column } }, ...named] : named;
}
