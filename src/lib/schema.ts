import { z } from 'zod';

const NAMES = new Map<z.core.$ZodType, string>();

/** Gives a schema a name, by which every document that uses it refers to it. */
export function named<S extends z.ZodType>(name: string, schema: S): S {
  NAMES.set(schema, name);
  return schema;
}

/** The name that a schema was given. */
export function schemaName(schema: z.core.$ZodType): string | undefined {
  return NAMES.get(schema);
}

/** Every schema that has a name, by its name. */
export function namedSchemas(): Map<string, z.ZodType> {
  return new Map([...NAMES].map(([schema, name]) => [name, schema as z.ZodType]));
}

/** What a person reads, in both languages. */
export const textSchema = named('Text', z.strictObject({ vi: z.string(), en: z.string() }));
