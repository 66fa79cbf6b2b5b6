import { z } from 'zod';
import { namedSchemas, schemaName } from '../../lib/schema.ts';
import type { JsonSchema } from './parameters.ts';

/** The shape of a body: a zod schema, which also reads what comes in, or JSON Schema as OpenAPI 3.0 knows it. */
export type Schema = z.ZodType | JsonSchema;

const PREFIX = '#/components/schemas/';

/** JSON Schema in the dialect of OpenAPI 3.0; named schemas in it are references. */
export function toJsonSchema(schema: Schema): JsonSchema {
  if (!(schema instanceof z.ZodType)) return schema;
  const name = schemaName(schema);
  return name === undefined ? expand(schema) : { $ref: PREFIX + name };
}

/** The named schemas that a document refers to, and those that they refer to. */
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
      if (name !== undefined && path.length > 0) replace(jsonSchema, { $ref: PREFIX + name });
      // Of `nullable` beside a reference OpenAPI 3.0 says that it changes nothing.
      else if (jsonSchema.allOf && jsonSchema.nullable) replace(jsonSchema, { anyOf: [...jsonSchema.allOf, NOTHING] });
    },
  }) as JsonSchema;
}

const NOTHING = { type: 'object', nullable: true, enum: [null] };

function replace(target: object, content: object): void {
  for (const key of Object.keys(target)) delete target[key as keyof typeof target];
  Object.assign(target, content);
}
