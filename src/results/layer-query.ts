import type { ResultField, ResultGeometry, ResultLayer, ResultRow } from '../analysis/process.ts';
import { ident, join, type Query, raw, type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';

/** The place of rows in a result. */
export interface RowsPlace {
  readonly job: string;
  readonly layer: Pick<ResultLayer, 'id' | 'geometry' | 'fields'>;
  /** Number of the rows before. */
  readonly before: number;
}

export function insertLayerQuery(job: string, { id, title, fields, geometry }: ResultLayer, place: number): Query {
  return sql`
    INSERT INTO result.layer (job, id, place, title, fields, geometry_type, srid)
    VALUES (${job}, ${id}, ${place}::int, ${JSON.stringify(title)}::json, ${JSON.stringify(fields)}::json, ${geometry.type}, ${geometry.srid}::int)`;
}

/** Inserts rows: `{count}`. */
export function insertRowsQuery(place: RowsPlace, rows: readonly ResultRow[]): Query {
  const geoms = rows.map(({ geom }) => geom);
  const properties = rows.map(({ properties: each }) => (typeof each === 'string' ? each : JSON.stringify(each)));
  return insertStatement(place, {
    properties: raw('given.properties::jsonb'),
    from: sql`unnest(${geoms}::text[], ${properties}::text[]) WITH ORDINALITY AS given (geom, properties, place)`,
    ordinal: raw('given.place'),
  });
}

/** Inserts the rows of a query: `{count}`. */
export function insertSelectedQuery(place: RowsPlace, rows: Sql): Query {
  return insertStatement(place, {
    properties: rowProperties(place.layer.fields),
    from: sql`(SELECT rows.*, row_number() OVER () AS "diaba ordinal" FROM (${rows}) AS rows) AS given`,
    ordinal: raw('given."diaba ordinal"'),
  });
}

function insertStatement(
  { job, layer, before }: RowsPlace,
  { properties, from, ordinal }: { properties: Sql; from: Sql; ordinal: Sql },
): Query {
  return sql`
    WITH inserted AS (
      INSERT INTO result.feature (job, layer, ordinal, geom, properties)
      SELECT ${job}, ${layer.id}, ${before}::int + ${ordinal}, ${geometry(layer.geometry)}, ${properties} FROM ${from}
      RETURNING 1)
    SELECT count(*) AS count FROM inserted`;
}

function rowProperties(fields: readonly ResultField[]): Sql {
  if (fields.length === 0) return raw(`'{}'::jsonb`);
  const columns = fields.map(({ name }) => sql`given.${ident(name)}`);
  return sql`(SELECT to_jsonb(fields) FROM (SELECT ${join(columns, ', ')}) AS fields)`;
}

/** Dimension for ST_CollectionExtract, and the enforced type. */
const TYPES: Readonly<Record<Exclude<ResultGeometry, 'GEOMETRY'>, readonly [extracted: number, type: string]>> = {
  POINT: [1, 'Point'],
  MULTILINESTRING: [2, 'MultiLineString'],
  MULTIPOLYGON: [3, 'MultiPolygon'],
};

/** Returns the geometry of a row in the type of its layer; NULL if it is EMPTY. */
function geometry({ type, srid }: ResultLayer['geometry']): Sql {
  const given = raw('given.geom::geometry');
  const some = sql`CASE WHEN NOT ST_IsEmpty(${given}) THEN ST_Force2D(${given}) END`;
  if (type === 'GEOMETRY') return sql`(${some})::geometry(Geometry, ${raw(String(srid))})`;
  const [dimension, name] = TYPES[type];
  const typed = type === 'POINT' ? some : sql`ST_Multi(ST_CollectionExtract(${some}, ${raw(String(dimension))}))`;
  return sql`(${typed})::geometry(${raw(name)}, ${raw(String(srid))})`;
}

/** @param bbox longitude and latitude */
export function completeLayerQuery(job: string, layer: string, { count, bbox }: Completed): Query {
  return sql`
    UPDATE result.layer SET count = ${count}::int, bbox = ${bbox && JSON.stringify(bbox)}::json WHERE job = ${job} AND id = ${layer}`;
}

interface Completed {
  readonly count: number;
  readonly bbox: BBox | null;
}

/** Selects the layers of a job's result that has not expired. */
export function layersQuery(job: string): Query {
  return sql`
    SELECT layer.job, layer.id, title, fields, geometry_type AS "geometryType", srid, count, bbox,
      key_id AS owner, restricted_layers AS restricted
    FROM result.layer JOIN result.job ON job.id = layer.job
    WHERE layer.job = ${job} AND status = 'successful' AND expires_at > clock_timestamp() ORDER BY place`;
}
