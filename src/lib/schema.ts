import { z } from 'zod';

const NAMES = new Map<z.core.$ZodType, string>();

/** Names a schema, so that every document refers to it by that name. */
export function namedSchema<S extends z.ZodType>(name: string, schema: S): S {
  NAMES.set(schema, name);
  return schema;
}

/** Returns the name of a schema. */
export function schemaName(schema: z.core.$ZodType): string | undefined {
  return NAMES.get(schema);
}

/** Returns every named schema, by name. */
export function namedSchemas(): Map<string, z.ZodType> {
  return new Map([...NAMES].map(([schema, name]) => [name, schema as z.ZodType]));
}

/** A text for people, in Vietnamese and in English. */
export const textSchema = namedSchema('Text', z.strictObject({ vi: z.string(), en: z.string() }));

/** The values of a schema, which nothing changes once they are computed. */
export type ValueOf<S extends z.ZodType> = Frozen<z.output<S>>;

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
