import { ident, type Sql, sql } from '../database/sql.ts';
import type { DatedUnit, Layer } from './layer.ts';

/** The columns by which rows belong to a unit. */
export const UNIT_COLUMNS = ['unit_code', 'unit_valid_from'] as const;

/** Returns true if the rows of a layer name the unit to which they belong, as parcels do. */
export function namesUnits({ fields }: Pick<Layer, 'fields'>): boolean {
  return UNIT_COLUMNS.every((column) => fields.some(({ name }) => name === column));
}

/** Returns the condition on a row that its unit is one of these. */
export function isInUnits(units: readonly DatedUnit[]): Sql {
  const codes = units.map(({ code }) => code);
  const dates = units.map(({ validFrom }) => validFrom);
  return sql`(${ident(UNIT_COLUMNS[0])}, ${ident(UNIT_COLUMNS[1])}) IN (
    SELECT * FROM unnest(${codes}::text[], ${dates}::date[]))`;
}
