import { z } from 'zod';
import type { OutputType, Process, ProcessOutput } from '../../analysis/process.ts';
import { namedSchema } from '../../lib/schema.ts';
import { GEOJSON_TYPE } from '../kit/media-types.ts';
import type { Schema } from '../kit/schema.ts';
import { linksSchema } from '../kit/shapes.ts';

const JSON_TYPE = 'application/json';

const JOB: ProcessOutput = {
  title: { vi: 'Mã tác vụ', en: 'Id of the job' },
  schema: z.string(),
  type: 'text/plain',
};
const LINKS: ProcessOutput = {
  title: { vi: 'Liên kết', en: 'Links' },
  schema: linksSchema,
  type: JSON_TYPE,
};

/** Returns the outputs of a process in their order in a result: between its job and its links. */
export function outputsOf({ outputs }: Process): Readonly<Record<string, ProcessOutput>> {
  return { job: JOB, ...outputs, links: LINKS };
}

/** Returns a result in every form: one document, one single value, or the values as parts of a message (RFC 2387). */
export function resultsContent(processes: readonly Process[]): Record<string, Schema> {
  const outputs = processes.flatMap((process) => Object.values(outputsOf(process)));
  const valuesOf = (type: OutputType) => outputs.filter((each) => each.type === type).map(({ schema }) => schema);
  const features = valuesOf(GEOJSON_TYPE);
  return {
    [JSON_TYPE]: unionSchema([...processes.map(documentOf), ...valuesOf(JSON_TYPE)]),
    ...(features.length ? { [GEOJSON_TYPE]: unionSchema(features) } : {}),
    'text/plain': z.string(),
    'multipart/related': z.string(),
  };
}

/** Returns the schema of a result in `document` form: the requested outputs. */
function documentOf(process: Process): z.ZodType {
  const members = Object.entries(outputsOf(process)).map(([name, { schema }]) => [name, schema.optional()]);
  return namedSchema(`${capitalised(process.id)}Results`, z.strictObject(Object.fromEntries(members)));
}

function capitalised(id: string): string {
  return id.replace(/(?:^|[^A-Za-z0-9]+)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Returns a schema that matches any of the schemas. */
export function unionSchema(schemas: readonly z.ZodType[]): z.ZodType {
  const [first, ...others] = new Set(schemas);
  return first && others.length === 0 ? first : z.union([...new Set(schemas)]);
}
