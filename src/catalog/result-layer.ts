import type { BBox } from '../geo/bbox.ts';
import { sridDomain } from '../geo/crs.ts';
import { dimensionOf, type GeometryColumn } from '../geometry/column.ts';
import type { Text } from '../lib/errors.ts';
import type { Field, FieldType, Key, Layer } from './layer.ts';
import { membersWithoutTable } from './no-table.ts';
import { isPersonal } from './personal.ts';

/** The key of a result's rows: their number in the result, from 1. */
export const RESULT_KEY = 'id';
export const RESULT_SCHEMA = 'result';

const ZOOMS = { min: 0, max: 18 };

const RESULT_LAYER_KEY: Key = { kind: 'columns', columns: [RESULT_KEY], isUnique: true };

/** PostgreSQL's types of the values. `numeric` holds every number of JSON. */
const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  string: 'text',
  integer: 'bigint',
  number: 'numeric',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp with time zone',
  json: 'jsonb',
};

export interface StoredField {
  readonly name: string;
  readonly type: FieldType;
  readonly title: Text;
}

/** A row of `result.layer`, with the access class of its job. */
export interface StoredLayer {
  readonly job: string;
  readonly id: string;
  readonly title: Text;
  readonly fields: readonly StoredField[];
  readonly geometryType: string;
  readonly srid: number;
  readonly count: number;
  readonly bbox: BBox | null;
  readonly accessClass: Layer['accessClass'];
}

/** Returns the id in URLs: `result.<job>_<layer>`. */
export function resultLayerId({ job, id }: Pick<StoredLayer, 'job' | 'id'>): string {
  return `${RESULT_SCHEMA}.${job}_${id}`;
}

/** Returns the job in the id of a result's layer; undefined for other ids. */
export function jobOfLayer(id: string): string | undefined {
  return /^result\.([0-9a-f]{32})_[a-z][a-z0-9_]*$/.exec(id)?.[1];
}

/** Describes the rows of a result as a layer that no list names. */
export function describeResult(stored: StoredLayer): Layer {
  const { job, id, title, geometryType, srid, bbox, count, accessClass } = stored;
  const fields = [KEY_FIELD, ...stored.fields.map(describeResultField)];
  return Object.freeze({
    ...{ id: resultLayerId(stored), schema: RESULT_SCHEMA, table: `${job}_${id}`, title, fields, accessClass },
    call: undefined,
    stored: { job, layer: id, bbox },
    ...membersWithoutTable(fields),
    key: RESULT_LAYER_KEY,
    geometry: describeResultGeometry(geometryType, srid),
    zooms: ZOOMS,
    rowEstimate: count,
  });
}

const KEY_FIELD: Field = {
  ...{ name: RESULT_KEY, type: 'integer', sqlType: 'integer', baseType: 'integer', nullable: false, personal: false },
  title: { vi: 'Số thứ tự', en: 'Number' },
};

function describeResultGeometry(type: string, srid: number): GeometryColumn {
  return {
    ...{ column: 'geom', type, dimension: dimensionOf(type), srid, domain: sridDomain(srid) },
    // The store casts every row to the type.
    isTyped: type !== 'GEOMETRY',
    ordinates: 'XY',
    isGeography: false,
    indexed: true,
    nullable: true,
  };
}

function describeResultField({ name, type, title }: StoredField): Field {
  const sqlType = SQL_TYPES[type];
  return { name, type, sqlType, baseType: sqlType, nullable: true, title, personal: isPersonal(name) };
}
