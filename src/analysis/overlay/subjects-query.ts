import { type Query, raw, sql } from '../../database/sql.ts';
import { geometryOf } from '../../geometry/column.ts';
import { sound } from '../../geometry/overlay.ts';
import { plainGeometry, tableOf } from '../layer-sql.ts';
import { idJson } from '../parts/parts-query.ts';
import type { AskedPlace } from '../source/source.ts';
import { given, selected } from '../source/source-query.ts';

/**
 * Selects the asked features in the measuring zone, near ones together: rows `{id, geom, areaM2, dimension}`. A drawn
 * shape is one row, and so is each of several points.
 */
export function subjectsQuery(source: AskedPlace, zone: number): Query {
  const rows =
    source.kind === 'features'
      ? sql`SELECT ${idJson(source.layer)} AS id, ${plainGeometry(source.layer, zone)} AS geom
          FROM ${tableOf(source.layer)} AS source WHERE ${selected(source)} ORDER BY ${geometryOf(source.layer.geometry)}`
      : sql`SELECT NULL::json AS id, CASE WHEN ST_Dimension(dumped.geom) = 0 THEN dumped.geom ELSE ${sound(raw('part'))} END AS geom
          FROM (SELECT ST_Transform(ST_Force2D(${given(source)}), ${zone}::int) AS part) AS given
          CROSS JOIN LATERAL ST_Dump(part) AS dumped WHERE ST_Dimension(part) = 0 OR dumped.path IN ('{}', '{1}')`;
  return sql`SELECT id, geom::text AS geom, ST_Area(geom) AS "areaM2", ST_Dimension(geom) AS dimension FROM (${rows}) AS subject`;
}
