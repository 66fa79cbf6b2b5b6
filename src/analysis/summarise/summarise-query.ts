import type { Layer } from '../../catalog/layer.ts';
import { namesUnits } from '../../catalog/units.ts';
import { all, EMPTY, ident, join, type Query, raw, type Sql, sql } from '../../database/sql.ts';
import type { BoundFilter } from '../../filter/filter.ts';
import { isInDomain } from '../../geometry/domain.ts';
import { shapeOf } from '../../geometry/shape.ts';
import { plainGeometry, tableOf } from '../layer-sql.ts';
import { unitAround } from '../unit-of.ts';

/** Groups of an answer; the smallest are left out. */
export const MOST_GROUPS = 1000;

/** `unit`: communes in force; `old_unit`: former ones. Otherwise a field of the layer; undefined: one group. */
export type GroupBy =
  | { readonly kind: 'unit' | 'old_unit' }
  | { readonly kind: 'field'; readonly name: string }
  | undefined;

export interface SummariseRequest {
  readonly layer: Layer;
  readonly filter: BoundFilter | undefined;
  readonly by: GroupBy;
  /** Names of numeric fields. */
  readonly sums: readonly string[];
}

/** m² and metres of the features of a group, and sums of fields in the order of the request. */
export interface GroupRow {
  readonly key: string | null;
  readonly name: string | null;
  readonly count: number;
  readonly areaM2: number | null;
  readonly lengthM: number | null;
  readonly sums: readonly (number | string | null)[];
}

/**
 * Selects the groups, the largest first. Parcels name their unit in force themselves. Everything else belongs to the
 * unit in which a point on its surface lies.
 * @param zone SRID of the measurements
 */
export function summariseQuery({ layer, filter, by, sums }: SummariseRequest, zone: number): Query {
  const { dimension } = layer.geometry;
  const isNamed = by?.kind === 'unit' && namesUnits(layer);
  const columns = sums.map((name, index) => sql`, ${ident(name)} AS ${raw(`sum_${index}`)}`);
  const conditions = [
    sql`${shapeOf(layer.geometry)} IS NOT NULL`,
    isInDomain(layer.geometry),
    ...(filter ? [filter] : []),
  ];
  const isByUnit = by !== undefined && by.kind !== 'field';
  const totals = sums.map((_, index) => raw(`sum(sum_${index})`));
  return sql`
    WITH source AS (
      SELECT ${groupKey(by, isNamed)} AS key, ${plainGeometry(layer, zone)} AS geom${isNamed ? raw(', unit_valid_from') : EMPTY}${join(columns, '')}
      FROM ${tableOf(layer)} WHERE ${all(conditions)})
    SELECT ${isByUnit ? raw('unit.code') : raw('source.key')} AS key, ${isByUnit ? raw('unit.full_name') : raw('NULL::text')} AS name, count(*) AS count,
      ${dimension === 'polygon' || dimension === 'mixed' ? raw('sum(ST_Area(source.geom))') : raw('NULL::float8')} AS "areaM2",
      ${dimension === 'line' || dimension === 'mixed' ? raw('sum(ST_Length(source.geom))') : raw('NULL::float8')} AS "lengthM",
      ${totals.length ? sql`jsonb_build_array(${join(totals, ', ')})` : raw(`'[]'::jsonb`)} AS sums
    FROM source ${isByUnit ? unitJoin(by.kind === 'unit', isNamed, zone) : EMPTY}
    GROUP BY 1, 2${isByUnit ? raw(', unit.valid_from') : EMPTY} ORDER BY count DESC, 1 NULLS LAST LIMIT ${MOST_GROUPS + 1}::int`;
}

function groupKey(by: GroupBy, isNamed: boolean): Sql {
  if (by?.kind === 'field') return sql`${ident(by.name)}::text`;
  return isNamed ? raw('unit_code') : raw('NULL::text');
}

function unitJoin(isPresent: boolean, isNamed: boolean, zone: number): Sql {
  if (isNamed) return raw('LEFT JOIN base.unit ON (unit.code, unit.valid_from) = (source.key, source.unit_valid_from)');
  return unitAround(raw('source.geom'), { srid: zone, isPresent });
}
