import { createHash } from 'node:crypto';
import type { Database, Session } from '../database/database.ts';
import { ident, loadSql, raw, sql } from '../database/sql.ts';
import { type BBox, growBBox, intersectBBox } from '../geo/bbox.ts';
import { OTHER_DEGREES, sridDomain } from '../geo/crs.ts';
import { boxOf } from '../geometry/box.ts';
import { declaredShape, dimensionOf, type GeometryColumn, geometryOf } from '../geometry/column.ts';
import { shapeOf } from '../geometry/shape.ts';
import { type ColumnRow, describeField, firstTimeField, isSpatial, plainFields } from './column.ts';
import { type Curations, curationOf, readCurations } from './curation.ts';
import { describeFunction, type FunctionRow } from './function.ts';
import { keyOfRows } from './key.ts';
import type { Catalog, Key, Layer, SkippedLayer, TileFunction } from './layer.ts';
import { isComputed, NO_GEOMETRY, readOneRow, relationFault, systemFault, unreadable } from './readable.ts';
import type { RelationRow } from './relation-row.ts';
import { titleOf } from './titles.ts';

const DISCOVER_RELATIONS = loadSql('discover');
const FUNCTIONS = loadSql('discover-functions');

/** Objects of the database in the published schemas. */
interface PublishedObjects {
  readonly relations: readonly RelationRow[];
  readonly functions: readonly FunctionRow[];
}

/** Discovers the layers in the published schemas, merged with our settings for them. */
export async function discover(db: Database, schemas: readonly string[]): Promise<Catalog> {
  const curations = readCurations();
  const found = await find(db, schemas);
  const layers = new Map<string, Layer>();
  const functions = new Map<string, Layer>();
  const tileFunctions = new Map<string, TileFunction>();
  const skipped: SkippedLayer[] = [];
  for (const relation of found.relations) {
    const layer = await describeRelation(db, relation, curations).catch((error) => unreadable(relation, error));
    if ('reason' in layer) skipped.push(layer);
    else layers.set(layer.id, layer);
  }
  for (const row of found.functions) {
    const described = describeFunction(row);
    if (described === undefined) continue;
    if ('reason' in described) skipped.push(described);
    else if ('address' in described) tileFunctions.set(described.id, described);
    else functions.set(described.id, described);
  }
  return Object.freeze({ fingerprint: fingerprintOf(found), layers, functions, tileFunctions, skipped });
}

/** Returns a digest that changes with the definitions, but not with the numbers of rows. */
export async function readFingerprint(db: Database, schemas: readonly string[]): Promise<string> {
  return fingerprintOf(await find(db, schemas));
}

async function find(db: Database, schemas: readonly string[]): Promise<PublishedObjects> {
  return {
    relations: await db.query<RelationRow>({ text: DISCOVER_RELATIONS, values: [schemas] }),
    functions: await db.query<FunctionRow>({ text: FUNCTIONS, values: [schemas] }),
  };
}

function fingerprintOf({ relations, functions }: PublishedObjects): string {
  const definitions = relations.map(({ row_estimate: _, ...definition }) => definition);
  return createHash('sha1')
    .update(JSON.stringify([definitions, functions]))
    .digest('base64url');
}

async function describeRelation(
  db: Database,
  relation: RelationRow,
  curations: Curations,
): Promise<Layer | SkippedLayer> {
  const id = `${relation.schema}.${relation.table}`;
  const fault = relationFault(relation);
  const column = relation.columns.find(isSpatial);
  if (fault || !column) return { id, reason: fault ?? NO_GEOMETRY };
  if (isComputed(relation)) await readOneRow(db, relation);
  const placeless = await describeGeometry(db, relation, column);
  const unknown = await systemFault(db, placeless);
  if (unknown) return { id, reason: unknown };
  const domain = sridDomain(placeless.srid) ?? (await domainOfRows(db, relation, placeless));
  const geometry = { ...placeless, domain };
  const curation = curationOf(curations, id);
  const {
    zooms,
    tileFields,
    publicFields = [],
    fieldsFrom = {},
    thinning,
    mosaic,
    timeField,
    dependsOn = [],
  } = curation;
  const fields = relation.columns
    .filter((each) => !isSpatial(each))
    .map(describeField)
    .map((field) => (publicFields.includes(field.name) ? { ...field, personal: false } : field));
  return Object.freeze({
    id,
    schema: relation.schema,
    table: relation.table,
    call: undefined,
    stored: undefined,
    isTable: relation.kind === 'r' && !relation.spread,
    dependsOn: relation.kind === 'r' ? [] : dependsOn,
    title: titleOf(relation.comment, relation.table),
    key: await readKey(db, relation),
    geometry,
    fields,
    tileFields: tileFields ?? plainFields(fields),
    fieldsFrom,
    zooms,
    thinning,
    mosaic,
    timeField: timeField ?? firstTimeField(fields),
    accessClass: relation.restricted ? 'restricted' : 'public',
    rowEstimate: relation.row_estimate,
  });
}

/**
 * Describes a geometry column. Views and domains lose the type modifier, so SRID and type are then those of the rows.
 */
async function describeGeometry(db: Session, relation: RelationRow, column: ColumnRow): Promise<GeometryColumn> {
  const name = ident(column.name);
  const [declared] = await db.query<{ type: string | null; srid: number }>(
    sql`SELECT CASE WHEN ${column.typmod}::int >= 0 THEN upper(postgis_typmod_type(${column.typmod}::int)) END AS type,
      postgis_typmod_srid(${column.typmod}::int) AS srid`,
  );
  const isGeography = column.base === 'geography';
  const isTyped = relation.kind !== 'f' && declared?.type != null && !/^GEOMETRY|M$/.test(declared.type);
  const { ordinates, ...shape } = declaredShape(declared?.type ?? null);
  let { type } = shape;
  let srid = declared?.srid || (isGeography ? 4326 : 0);
  if (srid === 0) {
    const rows = await db.query<{ type: string; srid: number }>(sql`
      SELECT DISTINCT GeometryType(${name}::geometry) AS type, ST_SRID(${name}::geometry) AS srid FROM (
        SELECT ${name} FROM ${ident(relation.schema, relation.table)} WHERE ${name} IS NOT NULL LIMIT 1000) AS rows`);
    const types = new Set(rows.map((row) => row.type.replace(/ZM?$|M$/, '')));
    if (types.size === 1) type = [...types][0] ?? type;
    // Rows in different CRSs cannot be one layer.
    srid = new Set(rows.map((row) => row.srid)).size === 1 ? (rows[0]?.srid ?? 0) : 0;
  }
  const indexed = column.indexed || relation.kind === 'v';
  return {
    column: column.name,
    type,
    isTyped,
    dimension: dimensionOf(type),
    ordinates,
    srid,
    isGeography,
    indexed,
    nullable: column.nullable,
    domain: undefined,
  };
}

/**
 * Returns the domain of an unknown projected CRS: 10° around its existing rows. On the Earth its numbers are below 1e8.
 */
async function domainOfRows(
  db: Session,
  { schema, table }: RelationRow,
  geometry: GeometryColumn,
): Promise<BBox | undefined> {
  const { srid } = geometry;
  const [system] = await db.query<{ degrees: boolean; mercator: boolean }>(
    sql`SELECT proj4text ~ 'longlat' AS degrees, proj4text ~ 'merc \\+a' AS mercator FROM spatial_ref_sys WHERE srid = ${srid}::int`,
  );
  if (!system || system.mercator || srid === 4326) return undefined;
  if (system.degrees) return OTHER_DEGREES;
  const [row] = await db.query<{ box: BBox | null }>(sql`
    SELECT ${boxOf(raw('e'))} AS box FROM (
      SELECT ST_Transform(ST_SetSRID(ST_Extent(${shapeOf(geometry)})::geometry, ${srid}::int), 4326) AS e
      FROM ${ident(schema, table)}
      WHERE ${geometryOf(geometry)} @ ST_MakeEnvelope(-1e8, -1e8, 1e8, 1e8, ${srid}::int)) AS extent
    WHERE e IS NOT NULL`);
  return row?.box ? (intersectBBox(growBBox(row.box, 10), [-180, -85, 180, 85]) ?? undefined) : undefined;
}

async function readKey(db: Database, relation: RelationRow): Promise<Key> {
  const { key, kind, columns, spread, foreign } = relation;
  if (key && !key.some((name) => columns.some((column) => column.name === name && isSpatial(column)))) {
    return { kind: 'columns', columns: key, isUnique: true };
  }
  // A foreign table has a ctid only if its wrapper supports one.
  if (kind === 'v' || foreign) return keyOfRows(db, ident(relation.schema, relation.table), columns);
  return { kind: 'ctid', isSpread: spread };
}
