import type { Layer } from '../../catalog/layer.ts';
import { raw, type Sql, sql } from '../../database/sql.ts';
import type { Text } from '../../lib/errors.ts';
import { PLAN_TITLES } from '../plan-titles.ts';

/**
 * Ground on which a layer has data:
 * - `area`: its areas tile the ground, so that ground without one is ground without data;
 * - `units`: communes in which it has a row. Elsewhere in those, nothing found means that nothing is there;
 * - `extent`: the box of its rows, for registers of sites that a province keeps as a whole.
 */
export const COVERAGE_MEASURES = ['area', 'units', 'extent'] as const;
export type CoverageMeasure = (typeof COVERAGE_MEASURES)[number];

/** A layer, or one plan of the planning layer, whose coverage is measured. */
export interface CoverageTarget {
  readonly layer: Layer;
  /** Kind of plan; undefined for other layers. */
  readonly plan?: string;
  readonly title: Text;
  readonly measure: CoverageMeasure;
  /** Rows that count. */
  readonly where: Sql;
}

/** Layers whose areas tile the ground. */
const TILING = new Set(['land.parcel', 'base.land_cover', 'base.unit']);
/** Registers of sites. */
const REGISTERS = new Set([
  'environment.station',
  'environment.station_status',
  'environment.discharge',
  'environment.waste_site',
]);

/**
 * Returns what is measured of a layer. A land-use plan assigns all ground of a unit; a construction plan ends at the
 * towns, and is therefore measured by units. Of units, only the communes in force count.
 */
export function coverageTargets(layer: Layer): CoverageTarget[] {
  if (layer.id === 'land.planning_zone') {
    return Object.entries(PLAN_TITLES).map(([plan, title]) => ({
      layer,
      plan,
      title,
      measure: plan === 'land_use' ? 'area' : 'units',
      where: sql`plan = ${plan}`,
    }));
  }
  const measure = TILING.has(layer.id) ? 'area' : REGISTERS.has(layer.id) ? 'extent' : 'units';
  const where = layer.id === 'base.unit' ? raw(`(level = 'commune' AND valid_to IS NULL)`) : raw('TRUE');
  return [{ layer, title: layer.title, measure, where }];
}
