import type { Layer } from '../../catalog/layer.ts';
import { ident, raw, type Sql, sql } from '../../database/sql.ts';

/**
 * Relation of a layer to the place:
 * - `partition`: its areas tile the ground, so that the parts and the uncovered rest add up to the place;
 * - `cut`: its features may overlap each other, and each is measured by itself;
 * - `near`: sites, which matter at a distance too.
 */
export type Manner = 'partition' | 'cut' | 'near';

/** Columns of a layer's rows in an overlay, as SQL over its table. */
export interface Treatment {
  readonly manner: Manner;
  /** Distinguishes the partitions of one layer: of plans, their kind and period. */
  readonly plan: Sql;
  readonly period: Sql;
  readonly code: Sql;
  readonly name: Sql;
  readonly decision: Sql;
  /** `{text, status, validity}` as JSON, or NULL. */
  readonly rule: Sql;
  /** Rows that count. */
  readonly where: Sql;
}

const NULL_TEXT = raw('NULL::text');
const PLAIN = { plan: NULL_TEXT, period: NULL_TEXT, decision: NULL_TEXT, rule: raw('NULL::jsonb'), where: raw('TRUE') };

export const PLANNING = 'land.planning_zone';
export const CORRIDORS = 'environment.protection_corridor';
export const UNIT_LAYER = 'base.unit';

const KNOWN: Readonly<Record<string, Treatment>> = {
  [PLANNING]: {
    ...PLAIN,
    manner: 'partition',
    plan: ident('plan'),
    period: ident('period'),
    code: ident('zone_code'),
    name: ident('name'),
    decision: ident('decision'),
  },
  [CORRIDORS]: {
    ...PLAIN,
    manner: 'cut',
    code: ident('preset_id'),
    name: ident('name'),
    rule: raw(`(SELECT jsonb_build_object('text', legal_basis, 'status', rule.status, 'validity', land.rule_validity(rule))
      FROM land.buffer_preset AS rule WHERE rule.id = source.preset_id)`),
  },
  [UNIT_LAYER]: {
    ...PLAIN,
    manner: 'partition',
    code: ident('code'),
    name: ident('full_name'),
    where: raw(`(level = 'commune' AND valid_to IS NULL)`),
  },
};

const CODES = ['code', 'zone_code', 'kind', 'main_use'];
const NAMES = ['name', 'full_name', 'name_vi', 'title'];

/** Returns the treatment of a layer. Layers of the environment other than corridors are sites. */
export function treatmentOf(layer: Layer): Treatment {
  const known = KNOWN[layer.id];
  if (known) return known;
  const column = (names: readonly string[]) => {
    const name = names.find((each) => layer.fields.some((field) => field.name === each));
    return name === undefined ? NULL_TEXT : sql`${ident(name)}::text`;
  };
  return {
    ...PLAIN,
    manner: layer.schema === 'environment' ? 'near' : 'cut',
    code: column(CODES),
    name: column(NAMES),
  };
}

/**
 * Returns the layers of a request that names none: plans, corridors, units, and every layer of the environment. A view
 * of a layer that is listed anyway, such as the latest values of stations, would list the same sites twice.
 */
export function defaultLayers(layers: readonly Layer[]): readonly Layer[] {
  const first = [PLANNING, CORRIDORS, UNIT_LAYER].flatMap((id) => layers.find((layer) => layer.id === id) ?? []);
  const sites = layers.filter((layer) => layer.schema === 'environment' && layer.id !== CORRIDORS);
  const isRepeated = ({ dependsOn }: Layer) => sites.some(({ id }) => dependsOn.includes(id));
  return [...first, ...sites.filter((layer) => !isRepeated(layer))];
}
