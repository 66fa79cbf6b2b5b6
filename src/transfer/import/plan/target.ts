import type { Session } from '../../../database/database.ts';
import { ident, raw, type Sql, sql } from '../../../database/sql.ts';
import { Problem } from '../../../lib/errors.ts';

export interface TargetColumn {
  readonly name: string;
  /** In PostgreSQL's spelling, e.g. `numeric(14,1)`. */
  readonly type: string;
  readonly notNull: boolean;
  /** The database fills `identity` and `generated` columns. */
  readonly filledBy: 'identity' | 'generated' | undefined;
  /** SQL of the default. */
  readonly fallback: string | undefined;
}

/** Ordinates of a position beside x and y; `any`: geometries differ, in a column without a type. */
export type Dimensions = '' | 'Z' | 'M' | 'ZM' | 'any';

export interface TargetGeometry {
  readonly name: string;
  /** `MULTIPOLYGON`, …, `GEOMETRY`; without Z or M. */
  readonly type: string;
  readonly dimensions: Dimensions;
  readonly srid: number;
  readonly notNull: boolean;
}

/** A CHECK, a FOREIGN KEY or a UNIQUE / PRIMARY KEY constraint. */
export interface TargetRule {
  readonly kind: 'check' | 'foreign' | 'unique';
  readonly columns: readonly string[];
  /** CHECK: its expression, as SQL. */
  readonly expression: string | undefined;
  /** FOREIGN KEY: the referenced table and columns. */
  readonly to: { readonly schema: string; readonly table: string; readonly columns: readonly string[] } | undefined;
}

/** A table to import into. */
export interface ImportTarget {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly TargetColumn[];
  readonly geometry: TargetGeometry;
  readonly rules: readonly TargetRule[];
}

interface TargetColumnRow {
  name: string;
  type: string;
  base: string;
  typmod: number;
  not_null: boolean;
  identity: boolean;
  generated: boolean;
  fallback: string | null;
}

/**
 * Reads the table `schema.table`; undefined if there is none.
 * @throws Problem if it is a view or has no geometry
 */
export async function readTarget(session: Session, schema: string, table: string): Promise<ImportTarget | undefined> {
  const [found] = await session.query<{ oid: number; kind: string }>(
    sql`SELECT c.oid::int8 AS oid, c.relkind::text AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ${schema} AND c.relname = ${table}`,
  );
  if (!found) return undefined;
  const columns =
    await session.query<TargetColumnRow>(sql`SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
      t.typname::text AS base, a.atttypmod AS typmod, a.attnotnull AS not_null, a.attidentity <> '' AS identity,
      a.attgenerated <> '' AS generated, pg_get_expr(d.adbin, d.adrelid) AS fallback
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
    WHERE a.attrelid = ${found.oid}::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`);
  const shapes = columns.filter(({ base }) => base === 'geometry' || base === 'geography');
  const shape = shapes.find(({ name }) => name === 'geom') ?? shapes[0];
  if (!['r', 'p'].includes(found.kind) || !shape) throw noTable(`${schema}.${table}`);
  return {
    schema,
    table,
    columns: columns.filter((column) => !shapes.includes(column)).map(toColumn),
    geometry: await readTargetGeometry(session, shape),
    rules: await readRules(session, found.oid),
  };
}

function toColumn(row: TargetColumnRow): TargetColumn {
  return {
    name: row.name,
    type: row.type,
    notNull: row.not_null,
    filledBy: row.identity ? 'identity' : row.generated ? 'generated' : undefined,
    fallback: row.fallback ?? undefined,
  };
}

async function readTargetGeometry(
  session: Session,
  { name, base, typmod, not_null }: TargetColumnRow,
): Promise<TargetGeometry> {
  const [modifiers] = await session.query<{ type: string; srid: number; dims: number }>(
    sql`SELECT postgis_typmod_type(${typmod}::int) AS type, postgis_typmod_srid(${typmod}::int) AS srid, postgis_typmod_dims(${typmod}::int) AS dims`,
  );
  const type = typmod < 0 ? 'GEOMETRY' : (modifiers?.type ?? 'GEOMETRY').toUpperCase();
  return {
    name,
    type: type.replace(/Z?M?$/, ''),
    dimensions: typmod < 0 ? 'any' : ((/Z?M?$/.exec(type)?.[0] ?? '') as Dimensions),
    // Without a constraint, the existing rows of a table decide: see {@link settleGeometry}.
    srid: (modifiers?.srid ?? 0) || (base === 'geography' ? 4326 : 0),
    notNull: not_null,
  };
}

/**
 * Returns the geometry of a table. A column without an SRID takes that of its existing rows, or else that of the file.
 */
export async function settleGeometry(
  session: Session,
  { schema, table, geometry }: ImportTarget,
  srid: number,
): Promise<TargetGeometry> {
  if (geometry.srid) return geometry;
  const [row] = await session.query<{ srid: number }>(
    sql`SELECT ST_SRID(${ident(geometry.name)}) AS srid FROM ${ident(schema, table)} WHERE ${ident(geometry.name)} IS NOT NULL LIMIT 1`,
  );
  return { ...geometry, srid: row?.srid ?? srid };
}

async function readRules(session: Session, oid: number): Promise<TargetRule[]> {
  const names = (keys: Sql, relation: Sql) =>
    sql`(SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(${keys}) WITH ORDINALITY AS k (number, place)
         JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;
  const rows = await session.query<{
    kind: string;
    columns: string[] | null;
    expression: string | null;
    schema: string | null;
    table: string | null;
    to: string[] | null;
  }>(sql`SELECT c.contype::text AS kind, ${names(raw('c.conkey'), raw('c.conrelid'))} AS columns,
      pg_get_expr(c.conbin, c.conrelid) AS expression, n.nspname::text AS schema, f.relname::text AS table,
      ${names(raw('c.confkey'), raw('c.confrelid'))} AS "to"
    FROM pg_constraint c LEFT JOIN pg_class f ON f.oid = c.confrelid LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
    WHERE c.conrelid = ${oid}::oid AND c.contype IN ('c', 'f', 'p', 'u') ORDER BY c.conname`);
  return rows.map(({ kind, columns, expression, schema, table, to }) => ({
    kind: kind === 'c' ? 'check' : kind === 'f' ? 'foreign' : 'unique',
    columns: columns ?? [],
    expression: expression ?? undefined,
    to: schema && table && to ? { schema, table, columns: to } : undefined,
  }));
}

function noTable(layer: string): Problem {
  return new Problem('conflict', {
    vi: `${layer} là khung nhìn, hoặc không có cột hình học, nên không nhập vào được. Hãy chọn một bảng.`,
    en: `${layer} is a view or has no geometry column, so nothing can be imported into it. Choose a table.`,
  });
}
