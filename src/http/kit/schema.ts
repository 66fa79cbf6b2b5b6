import { z } from 'zod';
import { namedSchemas, schemaName } from '../../lib/schema.ts';
import type { JsonSchema } from './parameters.ts';

/** Schema of a body: a zod schema, which also validates input, or JSON Schema of OpenAPI 3.0. */
export type Schema = z.ZodType | JsonSchema;

const SCHEMA_PATH = '#/components/schemas/';

/** Returns JSON Schema in the dialect of OpenAPI 3.0. Named schemas become references. */
export function toJsonSchema(schema: Schema): JsonSchema {
  if (!(schema instanceof z.ZodType)) return schema;
  const name = schemaName(schema);
  return name === undefined ? expand(schema) : { $ref: SCHEMA_PATH + name };
}

/** Returns the named schemas that a document refers to, directly or indirectly. */
export function referredSchemas(document: unknown): Record<string, JsonSchema> {
  const byName = namedSchemas();
  const found: Record<string, JsonSchema> = {};
  const look = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const schema = byName.get(name);
      if (!schema || name in found) continue;
      found[name] = expand(schema);
      look(found[name]);
    }
  };
  look(document);
  return found;
}

function expand(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema, path }) => {
      const name = schemaName(zodSchema);
      if (name !== undefined && path.length > 0) replace(jsonSchema, { $ref: SCHEMA_PATH + name });
      // OpenAPI 3.0 ignores `nullable` beside a reference.
      else if (jsonSchema.allOf && jsonSchema.nullable)
        replace(jsonSchema, { anyOf: [...jsonSchema.allOf, NULL_SCHEMA] });
      // It also wants null among the values.
      else if (jsonSchema.enum && jsonSchema.nullable && !jsonSchema.enum.includes(null)) jsonSchema.enum.push(null);
    },
  }) as JsonSchema;
}

const NULL_SCHEMA = { type: 'object', nullable: true, enum: [null] };

function replace(target: object, content: object): void {
  for (const key of Object.keys(target)) delete target[key as keyof typeof target];
  Object.assign(target, content);
}
