import { z } from 'zod';
import type { Process } from '../../analysis/process.ts';
import type { Language, Text } from '../../lib/errors.ts';
import { type JsonSchema, namedParameter } from '../kit/parameters.ts';
import { outputsOf } from './outputs.ts';
import { OGC_EXCEPTION } from './results.ts';
import type { ProcessDocument, SummaryDocument } from './schemas.ts';

/** Returns the description of the results of every process. */
function storedFor(days: number): Text {
  return {
    vi: `Kết quả được lưu ${days} ngày; mỗi lớp của kết quả là một lớp như mọi lớp khác.`,
    en: `Results are stored for ${days} days; each of their layers is a layer like any other.`,
  };
}

/** The place of a description, and the days for which results are stored. */
export interface DescriptionPlace {
  readonly base: string;
  readonly language: Language;
  readonly days: number;
}

/** Returns the path parameter that names a process. */
export function processPath(processes: readonly Process[]) {
  const known = new Map(processes.map((process) => [process.id, process]));
  const type = `${OGC_EXCEPTION}/no-such-process`;
  return { process: namedParameter({ vi: 'tiến trình', en: 'process' }, known, { type }) };
}

export function processSummary(
  { id, version, title, description, tables = {} }: Process,
  { base, language, days }: DescriptionPlace,
): SummaryDocument {
  const self = `${base}/processes/${id}`;
  return {
    id,
    version,
    title: title[language],
    description: `${description[language]} ${storedFor(days)[language]}`,
    jobControlOptions: ['sync-execute', 'async-execute', 'dismiss'],
    outputTransmission: ['value'],
    links: [
      { href: self, rel: 'self', type: 'application/json' },
      {
        href: `${self}/execution`,
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/execute',
        type: 'application/json',
      },
      ...Object.entries(tables).map(([name, table]) => ({
        href: `${self}/${name}`,
        rel: 'related',
        type: 'application/json',
        title: table.title[language],
      })),
    ],
  };
}

export function descriptionOf(process: Process, described: DescriptionPlace): ProcessDocument {
  const { language } = described;
  const inputs = Object.entries(process.inputs).map(([name, { description, schema }]) => [
    name,
    {
      ...{ title: name, description: description[language], schema: inlined(schema) },
      ...{ minOccurs: schema.safeParse(undefined).success ? 0 : 1, maxOccurs: 1 },
    },
  ]);
  const outputs = Object.entries(outputsOf(process)).map(([name, { title, schema, type }]) => [
    name,
    { title: title[language], schema: { ...inlined(schema), contentMediaType: type } },
  ]);
  return {
    ...processSummary(process, described),
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
  };
}

/** Returns a schema without references, because the description of a process has no components. */
function inlined(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' }) as JsonSchema;
}
