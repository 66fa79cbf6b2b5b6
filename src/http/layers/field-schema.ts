import { z } from 'zod';
import type { Field, FieldType } from '../../catalog/layer.ts';
import type { Dimension } from '../../geometry/column.ts';
import type { Language } from '../../lib/errors.ts';
import { namedSchema } from '../../lib/schema.ts';
import { choiceParameter, type JsonSchema } from '../kit/parameters.ts';

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Parameters of documents that are JSON Schema, which have no page. */
export const schemaParameters = {
  f: choiceParameter({ vi: 'Định dạng', en: 'Format' }, ['json']),
  lang: choiceParameter({ vi: 'Ngôn ngữ của tiêu đề', en: 'Language of titles' }, ['vi', 'en']),
};

const jsonTypeName = z.enum(['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']);

/** Description of a property in a JSON Schema document. */
const propertySchema = z.strictObject({
  title: z.string().optional(),
  type: z.union([jsonTypeName, z.array(jsonTypeName).min(2)]).optional(),
  format: z.string().optional(),
  maxLength: z.int().min(0).optional(),
  readOnly: z.literal(true).optional(),
  'x-ogc-role': z.enum(['id', 'primary-geometry', 'primary-instant']).optional(),
  'x-ogc-propertySeq': z.int().min(1).optional(),
});

/** The documents of queryables and of a schema. */
export const schemaDocument = namedSchema(
  'SchemaDocument',
  z.strictObject({
    $schema: z.literal(DIALECT),
    $id: z.string(),
    type: z.literal('object'),
    title: z.string(),
    required: z.array(z.string()).min(1).optional(),
    properties: z.record(z.string(), propertySchema),
    additionalProperties: z.literal(false),
  }),
);

/** JSON Schema of the values of each type. */
export const TYPE_SCHEMAS: Readonly<Record<FieldType, JsonSchema>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
  // Lists, objects, any JSON value.
  json: {},
};

/** All types of JSON Schema, since OGC 23-058r2 requires a type of every property. */
const ANY_TYPE = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/** Returns JSON Schema of a field's values. */
export function valueSchema({ type, sqlType }: Field): JsonSchema {
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(sqlType) ?? [];
  if (length !== undefined) return { type: 'string', maxLength: Number(length) };
  if (sqlType.endsWith('[]')) return { type: 'array' };
  if (type === 'json') return { type: ANY_TYPE };
  return sqlType === 'uuid' ? { type: 'string', format: 'uuid' } : TYPE_SCHEMAS[type];
}

/** Returns fields by name, with their titles and the schemas of their values. */
export function titledFields(fields: readonly Field[], language: Language): Record<string, JsonSchema> {
  return Object.fromEntries(
    fields.map((field) => [field.name, { title: field.title[language], ...valueSchema(field) }]),
  );
}

const GEOMETRY_FORMATS: Readonly<Record<string, string>> = {
  POINT: 'geometry-point',
  MULTIPOINT: 'geometry-multipoint',
  LINESTRING: 'geometry-linestring',
  MULTILINESTRING: 'geometry-multilinestring',
  POLYGON: 'geometry-polygon',
  MULTIPOLYGON: 'geometry-multipolygon',
  GEOMETRYCOLLECTION: 'geometry-geometrycollection',
};

/** Returns `format` of a geometry (OGC 23-058r2). */
export function geometryFormat(type: string, dimension: Dimension): string {
  const kinds = { point: 'geometry-point-or-multipoint', line: 'geometry-linestring-or-multilinestring' } as const;
  if (GEOMETRY_FORMATS[type]) return GEOMETRY_FORMATS[type];
  if (dimension === 'mixed') return 'geometry-any';
  return dimension === 'polygon' ? 'geometry-polygon-or-multipolygon' : kinds[dimension];
}
