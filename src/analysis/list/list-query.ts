import type { Layer } from '../../catalog/layer.ts';
import { type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { shapeOf } from '../../geometry/shape.ts';
import { tableOf } from '../layer-sql.ts';

/** A line that could be read, with the place of its unit in the list of units. */
export interface AskedParcel {
  readonly line: number;
  readonly place: number;
  readonly sheet: string;
  readonly number: number;
}

/** A unit that a text names. */
export interface ListUnit {
  readonly place: number;
  readonly code: string;
  readonly validFrom: string;
}

/** A parcel that answers a line. `former`: it has the number of the line from before; `child`: it came out of it. */
export interface MatchRow {
  readonly line: number;
  readonly matched: 'current' | 'former' | 'child';
  readonly id: number | string;
  readonly unitCode: string;
  readonly unitName: string;
  readonly sheet: string;
  readonly number: number;
  readonly mainUse: string;
  readonly legalAreaM2: number | null;
  readonly areaM2: number;
}

/** Selects the parcels that have, had, or came out of the numbers of each line. */
export function matchesQuery(asked: readonly AskedParcel[], units: readonly ListUnit[], parcels: Layer): Query {
  return sql`
    WITH ${askedTables(asked, units)},
    hit AS (
      SELECT asked.line, parcel.id, 1 AS rank FROM asked JOIN unit USING (place) JOIN ${tableOf(parcels)} AS parcel
        ON (parcel.unit_code, parcel.sheet, parcel.number, parcel.unit_valid_from) = (unit.code, asked.sheet, asked.number, unit.valid_from)
      UNION ALL SELECT asked.line, alias.parcel_id, 2 FROM asked JOIN unit USING (place) JOIN land.parcel_alias AS alias
        ON (alias.sheet, alias.number, alias.unit_code, alias.unit_valid_from) = (asked.sheet, asked.number, unit.code, unit.valid_from)
      UNION ALL SELECT asked.line, lineage.child_id, 3 FROM asked JOIN unit USING (place) JOIN land.parcel_lineage AS lineage
        ON (lineage.parent_sheet, lineage.parent_number, lineage.parent_unit_code, lineage.parent_unit_valid_from)
          = (asked.sheet, asked.number, unit.code, unit.valid_from)),
    best AS (SELECT line, id, min(rank) AS rank, min(min(rank)) OVER (PARTITION BY line) AS least FROM hit GROUP BY line, id)
    SELECT best.line, CASE rank WHEN 1 THEN 'current' WHEN 2 THEN 'former' ELSE 'child' END AS matched, parcel.id,
      parcel.unit_code AS "unitCode", unit.full_name AS "unitName", parcel.sheet, parcel.number, parcel.main_use AS "mainUse",
      parcel.legal_area_m2::float8 AS "legalAreaM2", parcel.measured_area_m2::float8 AS "areaM2"
    FROM best JOIN ${tableOf(parcels)} AS parcel USING (id)
    JOIN base.unit ON (unit.code, unit.valid_from) = (parcel.unit_code, parcel.unit_valid_from)
    WHERE rank = least ORDER BY line, id`;
}

/** Selects the lines whose sheet exists in their unit, now or before: `{line}`. */
export function sheetsQuery(asked: readonly AskedParcel[], units: readonly ListUnit[], parcels: Layer): Query {
  const has = (table: Sql) => sql`EXISTS (SELECT FROM ${table} AS known
    WHERE (known.unit_code, known.sheet, known.unit_valid_from) = (unit.code, asked.sheet, unit.valid_from))`;
  return sql`
    WITH ${askedTables(asked, units)}
    SELECT DISTINCT line FROM asked JOIN unit USING (place) WHERE ${has(tableOf(parcels))} OR ${has(raw('land.parcel_alias'))}`;
}

/** Selects the parcels of a result, one row a line: columns of the layer, and `geom`. */
export function foundQuery(found: readonly { line: number; id: number | string }[], parcels: Layer): Sql {
  return sql`
    SELECT given.line, parcel.id::text AS parcel, parcel.unit_code, unit.full_name AS unit, parcel.sheet, parcel.number,
      parcel.main_use, parcel.legal_area_m2, parcel.measured_area_m2, parcel.shape AS geom
    FROM unnest(${found.map(({ line }) => line)}::int[], ${found.map(({ id }) => String(id))}::int8[]) WITH ORDINALITY AS given (line, id, place)
    JOIN (SELECT source.*, ${shapeOf(parcels.geometry)} AS shape FROM ${tableOf(parcels)} AS source) AS parcel USING (id)
    JOIN base.unit ON (unit.code, unit.valid_from) = (parcel.unit_code, parcel.unit_valid_from) ORDER BY place`;
}

function askedTables(asked: readonly AskedParcel[], units: readonly ListUnit[]): Sql {
  return sql`asked AS MATERIALIZED (SELECT * FROM unnest(${asked.map(({ line }) => line)}::int[], ${asked.map(({ place }) => place)}::int[],
      ${asked.map(({ sheet }) => sheet)}::text[], ${asked.map(({ number }) => number)}::int[]) AS given (line, place, sheet, number)),
    unit AS MATERIALIZED (SELECT * FROM unnest(${units.map(({ place }) => place)}::int[], ${units.map(({ code }) => code)}::text[],
      ${units.map(({ validFrom }) => validFrom)}::date[]) AS given (place, code, valid_from))`;
}
