import { integerKey } from '../catalog/key.ts';
import type { Field, Layer } from '../catalog/layer.ts';
import { RESULT_KEY } from '../catalog/result-layer.ts';
import { ident, join, raw, type Sql, sql } from '../database/sql.ts';
import { featureIdText } from '../features/feature-id.ts';
import { tileFields } from '../tiles/derived/tile-values.ts';
import type { ResultField, ResultLayer, ResultRow } from './process.ts';

/** The field with the id of a feature in its own layer. */
const FEATURE_ID = 'feature_id';
/** Names with a meaning in every result. */
const RESERVED: readonly string[] = [RESULT_KEY, 'geom', FEATURE_ID];

/** Returns the fields of a layer that rows found in it have: those of its tiles, without a key that is their id. */
function foundFields(layer: Layer): Field[] {
  const key = integerKey(layer);
  return tileFields(layer).filter(({ name }) => name !== key || name !== RESULT_KEY);
}

function foundName({ name }: Field): string {
  return RESERVED.includes(name) ? `${name}_` : name;
}

/** Returns the properties of rows found in a layer, as JSON; of {@link foundLayer}. */
export function foundProperties(layer: Layer): Sql {
  const id = featureIdText(layer);
  const key = integerKey(layer);
  const columns = [
    ...(id ? [sql`${key === undefined ? id : ident(key)} AS ${ident(FEATURE_ID)}`] : []),
    ...foundFields(layer).map((field) => sql`${ident(field.name)} AS ${ident(foundName(field))}`),
  ];
  if (columns.length === 0) return raw(`'{}'::json`);
  return sql`(SELECT row_to_json(fields) FROM (SELECT ${join(columns, ', ')}) AS fields)`;
}

/**
 * Returns the layer of a result with rows found in another layer.
 * @param taken ids of the result's other layers
 */
export function foundLayer(
  layer: Layer,
  { rows, srid, taken }: { rows: readonly ResultRow[]; srid: number; taken: readonly string[] },
): ResultLayer {
  const own: ResultField[] = foundFields(layer).map((field) => ({ ...field, name: foundName(field) }));
  const type = integerKey(layer) === undefined ? ('string' as const) : ('integer' as const);
  const hasId = layer.key.kind !== 'none';
  const id: ResultField = { name: FEATURE_ID, type, title: { vi: 'Mã trong lớp gốc', en: 'Id in its layer' } };
  return {
    id: foundId(layer, taken),
    title: layer.title,
    fields: (hasId ? [id, ...own] : own).map(({ name, type, title }) => ({ name, type, title })),
    geometry: { type: TYPES[layer.geometry.dimension], srid },
    rows,
  };
}

const TYPES = {
  // Points may be several in a row.
  point: 'GEOMETRY',
  line: 'MULTILINESTRING',
  polygon: 'MULTIPOLYGON',
  mixed: 'GEOMETRY',
} as const;

/** Returns `land_parcel` of `land.parcel`. */
function foundId({ id }: Layer, taken: readonly string[]): string {
  const plain = id.toLowerCase().replace(/[^a-z0-9_]/g, '_');
  const name = /^[a-z]/.test(plain) ? plain : `layer_${plain}`;
  const same = (each: string) => each === name || each.replace(/_\d+$/, '') === name;
  return taken.some(same) ? `${name}_${taken.filter(same).length + 1}` : name;
}
