import type { Layer } from '../catalog/layer.ts';
import type { Expression } from '../cql2/expression.ts';
import { ident, identList, join, type Query, raw, type Sql, sql } from '../database/sql.ts';
import { filterToSql } from '../filter/filter.ts';
import { domainOf, lonLatBox } from '../geometry/domain.ts';
import type { Draft } from './draft.ts';
import { featureIdText, type KeyValues } from './feature-id.ts';
import { featureVersion, keyColumns, keyCondition, partVersions } from './items-query.ts';

/** Columns that only the database writes: computed ones and identities that are always generated. Rows `{name}`. */
export function generatedQuery({ schema, table }: Layer): Query {
  return sql`SELECT attname AS name FROM pg_attribute
    WHERE attrelid = to_regclass(${ident(schema, table).text}::text) AND attnum > 0 AND (attgenerated <> '' OR attidentity = 'a')`;
}

/** What is wrong with a geometry: `{valid, reason, inside}`; `inside`: where the layer's system is defined. */
export function geometryCheckQuery({ geometry }: Layer, draft: Draft): Query {
  const domain = domainOf(geometry);
  const given = givenGeometry(draft);
  const lonLat = draft.crs.srid === 4326 ? given : sql`ST_Transform(${given}, 4326)`;
  return sql`SELECT ST_IsValid(g) AS valid, ST_IsValidReason(g) AS reason,
      ${domain ? sql`lon_lat @ ${lonLatBox(domain, 4326)}` : raw('TRUE')} AS inside
    FROM (SELECT ${given} AS g, ${lonLat} AS lon_lat) AS given`;
}

/** A new row: `{id}` as text. */
export function insertQuery(layer: Layer, draft: Draft): Query {
  const { columns, values } = assigned(layer, draft);
  const target = ident(layer.schema, layer.table);
  const id = sql`RETURNING ${featureIdText(layer) ?? raw('NULL')} AS id`;
  if (columns.length === 0) return sql`INSERT INTO ${target} DEFAULT VALUES ${id}`;
  return sql`INSERT INTO ${target} (${identList(columns)}) ${values} ${id}`;
}

export function updateQuery(layer: Layer, key: KeyValues, draft: Draft): Query {
  const { columns, values } = assigned(layer, draft);
  return sql`UPDATE ${ident(layer.schema, layer.table)} SET (${identList(columns)}) = (${values}) WHERE ${keyCondition(layer, '=', key)}`;
}

export function deleteQuery(layer: Layer, key: KeyValues): Query {
  return sql`DELETE FROM ${ident(layer.schema, layer.table)} WHERE ${keyCondition(layer, '=', key)}`;
}

/** The versions of a row: of all of it, of its geometry, and of its values. */
export interface HeldRow {
  readonly version: string;
  readonly shape: string;
  readonly values: string;
}

/** The row of a key, held for this transaction: {@link HeldRow} or none. */
export function lockQuery(layer: Layer, key: KeyValues): Query {
  const { shape, values } = partVersions(layer);
  return sql`SELECT ${featureVersion(layer)} AS version, ${shape} AS shape, ${values} AS values FROM ${ident(layer.schema, layer.table)}
    WHERE ${keyCondition(layer, '=', key)} FOR UPDATE`;
}

/** The rows that meet a condition, each held for this transaction, and one more than `most` where there are more: `{id}`. */
export function matchingQuery(layer: Layer, filter: Expression, most: number): Query {
  return sql`SELECT ${featureIdText(layer) ?? raw('NULL')} AS id FROM ${ident(layer.schema, layer.table)}
    WHERE ${filterToSql(filter, layer)} ORDER BY ${join(keyColumns(layer), ', ')} LIMIT ${most + 1}::int FOR UPDATE`;
}

/** The columns that a draft sets, and a SELECT of their values: PostgreSQL itself reads JSON as the columns' types. */
function assigned(layer: Layer, draft: Draft): { columns: string[]; values: Sql } {
  const fields = [...draft.values.keys()].map(({ name }) => name);
  const hasGeometry = draft.geometry !== undefined;
  const table = ident(layer.schema, layer.table);
  const selected = fields.map((name) => sql`given.${ident(name)}`);
  const json = JSON.stringify(Object.fromEntries([...draft.values].map(([field, value]) => [field.name, value])));
  return {
    columns: [...fields, ...(hasGeometry ? [layer.geometry.column] : [])],
    values: sql`SELECT ${join([...selected, ...(hasGeometry ? [storedGeometry(layer, draft)] : [])], ', ')}
      FROM jsonb_populate_record(NULL::${table}, ${json}::text::jsonb) AS given`,
  };
}

/** As it was given, longitude or easting first. */
function givenGeometry({ geometry, crs }: Draft): Sql {
  const given = sql`ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(geometry)}::text), ${crs.srid}::int)`;
  return crs.axes === 'north-east' ? sql`ST_FlipCoordinates(${given})` : given;
}

/** In the layer's system and type. */
function storedGeometry({ geometry: { srid, type, isGeography } }: Layer, draft: Draft): Sql {
  if (draft.geometry === null) return raw('NULL');
  const given = givenGeometry(draft);
  const own = draft.crs.srid === srid ? given : sql`ST_Transform(${given}, ${srid}::int)`;
  const typed = type.startsWith('MULTI') ? sql`ST_Multi(${own})` : own;
  return isGeography ? sql`${typed}::geography` : typed;
}
