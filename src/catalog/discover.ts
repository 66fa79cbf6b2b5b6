import { createHash } from 'node:crypto';
import { type Database, DatabaseError, type Session } from '../database/database.ts';
import { ident, loadSql, raw, sql } from '../database/sql.ts';
import type { Text } from '../errors.ts';
import { type BBox, growBBox, intersectBBox } from '../geo/bbox.ts';
import { sridDomain } from '../geo/crs.ts';
import { curationOf, dimensionOf, titleOf } from './curate.ts';
import { boxOf } from './geometry-sql.ts';
import type { Catalog, Field, FieldType, GeometryColumn, Key, Layer, SkippedLayer } from './layer.ts';
import { isPersonal } from './personal.ts';

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly base: string;
  readonly category: string;
  readonly typmod: number;
  readonly nullable: boolean;
  readonly comment: string | null;
  readonly indexed: boolean;
}

interface RelationRow {
  readonly schema: string;
  readonly table: string;
  readonly kind: 'r' | 'v' | 'm' | 'p' | 'f';
  readonly row_estimate: number;
  readonly comment: string | null;
  readonly readable: boolean;
  readonly columns: readonly ColumnRow[];
  readonly key: readonly string[] | null;
}

const DISCOVER = loadSql('discover');

/** What PostGIS has in the published schemas, merged with what we say of it. */
export async function discover(db: Database, schemas: readonly string[]): Promise<Catalog> {
  const relations = await db.query<RelationRow>({ text: DISCOVER, values: [schemas] });
  const fingerprint = fingerprintOf(relations);
  const layers = new Map<string, Layer>();
  const skipped: SkippedLayer[] = [];
  for (const relation of relations) {
    const layer = await describe(db, relation).catch((error) => refuse(relation, error));
    if ('reason' in layer) skipped.push(layer);
    else layers.set(layer.id, layer);
  }
  return Object.freeze({ fingerprint, layers, skipped });
}

/** Changes with the definitions, and not with the numbers of rows. */
export async function readFingerprint(db: Database, schemas: readonly string[]): Promise<string> {
  return fingerprintOf(await db.query<RelationRow>({ text: DISCOVER, values: [schemas] }));
}

function fingerprintOf(relations: readonly RelationRow[]): string {
  const definitions = relations.map(({ row_estimate: _, ...definition }) => definition);
  return createHash('sha1').update(JSON.stringify(definitions)).digest('base64url');
}

async function describe(db: Session, relation: RelationRow): Promise<Layer | SkippedLayer> {
  const id = `${relation.schema}.${relation.table}`;
  const skip = (reason: Text): SkippedLayer => ({ id, reason });
  if (!relation.readable) return skip({ vi: 'không có quyền đọc', en: 'no right to read it' });
  const column = relation.columns.find(isSpatial);
  if (!column) return skip({ vi: 'không có cột hình học', en: 'no geometry column' });
  const geometry = await describeGeometry(db, relation, column);
  if (geometry.srid === 0) {
    return skip({
      vi: `cột ${column.name} không ghi hệ tọa độ (SRID 0); đặt bằng UpdateGeometrySRID`,
      en: `column ${column.name} has no coordinate system (SRID 0); set it with UpdateGeometrySRID`,
    });
  }
  const fields = relation.columns.filter((each) => !isSpatial(each)).map(describeField);
  const { zooms, tileFields, fieldsFrom = {}, thinning, mosaic, dependsOn = [] } = curationOf(id);
  return Object.freeze({
    id,
    schema: relation.schema,
    table: relation.table,
    isTable: relation.kind === 'r',
    dependsOn: relation.kind === 'r' ? [] : dependsOn,
    title: titleOf(relation.comment, relation.table),
    key: keyOf(relation),
    geometry,
    fields,
    tileFields:
      tileFields ?? fields.filter(({ type, personal }) => type !== 'json' && !personal).map(({ name }) => name),
    fieldsFrom,
    zooms,
    thinning,
    mosaic,
    accessClass: 'public',
    rowEstimate: relation.row_estimate,
  });
}

/** A view that fails, or rows that no projection can follow, must not keep every other layer from being served. */
function refuse({ schema, table }: RelationRow, error: unknown): SkippedLayer {
  if (!(error instanceof DatabaseError)) throw error;
  return {
    id: `${schema}.${table}`,
    reason: { vi: `không đọc được: ${error.message}`, en: `cannot be read: ${error.message}` },
  };
}

function isSpatial({ base }: ColumnRow): boolean {
  return base === 'geometry' || base === 'geography';
}

/** Views and domains lose the type modifier: SRID and type are then those of the rows. */
async function describeGeometry(db: Session, relation: RelationRow, column: ColumnRow): Promise<GeometryColumn> {
  const name = ident(column.name);
  const [declared] = await db.query<{ type: string | null; srid: number }>(
    sql`SELECT upper(postgis_typmod_type(${column.typmod}::int)) AS type, postgis_typmod_srid(${column.typmod}::int) AS srid`,
  );
  const isGeography = column.base === 'geography';
  let type = declared?.type?.replace(/ZM?$|M$/, '') ?? 'GEOMETRY';
  let srid = declared?.srid || (isGeography ? 4326 : 0);
  if (srid === 0) {
    const rows = await db.query<{ type: string; srid: number }>(sql`
      SELECT DISTINCT GeometryType(${name}::geometry) AS type, ST_SRID(${name}::geometry) AS srid FROM (
        SELECT ${name} FROM ${ident(relation.schema, relation.table)} WHERE ${name} IS NOT NULL LIMIT 1000) AS rows`);
    const types = new Set(rows.map((row) => row.type.replace(/ZM?$|M$/, '')));
    if (types.size === 1) type = [...types][0] ?? type;
    // Rows in different systems cannot be one layer.
    srid = new Set(rows.map((row) => row.srid)).size === 1 ? (rows[0]?.srid ?? 0) : 0;
  }
  const indexed = column.indexed || relation.kind === 'v';
  const domain = sridDomain(srid) ?? (await domainOfRows(db, relation, column, srid));
  return { column: column.name, type, dimension: dimensionOf(type), srid, isGeography, indexed, domain };
}

/** A projected system that we know nothing of is taken to hold 10° around the rows that are there. */
async function domainOfRows(
  db: Session,
  { schema, table }: RelationRow,
  column: ColumnRow,
  srid: number,
): Promise<BBox | undefined> {
  const [row] = await db.query<{ box: BBox | null }>(sql`
    SELECT ${boxOf(raw('e'))} AS box FROM (
      SELECT ST_Transform(ST_SetSRID(ST_Extent(${ident(column.name)}::geometry)::geometry, ${srid}::int), 4326) AS e
      FROM ${ident(schema, table)}
      WHERE (SELECT proj4text !~ 'longlat|merc \+a' FROM spatial_ref_sys WHERE srid = ${srid}::int)) AS extent
    WHERE e IS NOT NULL`);
  return row?.box ? (intersectBBox(growBBox(row.box, 10), [-180, -85, 180, 85]) ?? undefined) : undefined;
}

function keyOf({ key, kind, columns }: RelationRow): Key {
  if (key && !key.some((name) => columns.some((column) => column.name === name && isSpatial(column)))) {
    return { kind: 'columns', columns: key };
  }
  if (kind === 'r' || kind === 'm') return { kind: 'ctid' };
  // A view has no index: by convention its `id`, never null and unique, is its key.
  return columns.some(({ name }) => name === 'id') ? { kind: 'columns', columns: ['id'] } : { kind: 'none' };
}

function describeField({ name, type, base, category, nullable, comment }: ColumnRow): Field {
  return {
    name,
    type: fieldType(base, category),
    sqlType: type,
    nullable,
    title: titleOf(comment, name),
    personal: isPersonal(name),
  };
}

function fieldType(base: string, category: string): FieldType {
  if (/^int[248]$/.test(base)) return 'integer';
  if (/^(float[48]|numeric)$/.test(base)) return 'number';
  if (base === 'bool') return 'boolean';
  if (base === 'date') return 'date';
  if (base === 'timestamp' || base === 'timestamptz') return 'datetime';
  // Arrays and composites are JSON too.
  return base === 'json' || base === 'jsonb' || category === 'A' || category === 'C' ? 'json' : 'string';
}
