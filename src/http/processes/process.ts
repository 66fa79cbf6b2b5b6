import { z } from 'zod';
import { JOB_LIMITS } from '../../analysis/jobs.ts';
import type { Process } from '../../analysis/process.ts';
import type { Text } from '../../lib/errors.ts';
import type { Language } from '../kit/negotiate.ts';
import { type JsonSchema, namedParameter } from '../kit/parameters.ts';
import { outputsOf } from './outputs.ts';
import { OGC_EXCEPTION } from './results.ts';
import type { ProcessDocument, SummaryDocument } from './schemas.ts';

/** Description of the results of every process. */
const STORED: Text = {
  vi: `Kết quả giữ trong bộ nhớ ${JOB_LIMITS.age / 60_000} phút, nhiều nhất ${JOB_LIMITS.stored} tác vụ; máy chủ khởi động lại thì mất.`,
  en: `Results are kept in memory for ${JOB_LIMITS.age / 60_000} minutes, ${JOB_LIMITS.stored} jobs at most; a restart loses them.`,
};

/** Returns the path parameter that names a process. */
export function processPath(processes: readonly Process[]) {
  const known = new Map(processes.map((process) => [process.id, process]));
  const type = `${OGC_EXCEPTION}/no-such-process`;
  return { process: namedParameter({ vi: 'tiến trình', en: 'process' }, known, { type }) };
}

export function summaryOf(
  { id, version, title, description, tables = {} }: Process,
  base: string,
  language: Language,
): SummaryDocument {
  const self = `${base}/processes/${id}`;
  return {
    id,
    version,
    title: title[language],
    description: `${description[language]} ${STORED[language]}`,
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

export function descriptionOf(process: Process, base: string, language: Language): ProcessDocument {
  const inputs = Object.entries(process.inputs).map(([name, { description, schema }]) => [
    name,
    { title: name, description: description[language], schema: inlined(schema), minOccurs: 0, maxOccurs: 1 },
  ]);
  const outputs = Object.entries(outputsOf(process)).map(([name, { title, schema, type }]) => [
    name,
    { title: title[language], schema: { ...inlined(schema), contentMediaType: type } },
  ]);
  return {
    ...summaryOf(process, base, language),
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
  };
}

/** Returns a schema without references, because the description of a process has no components. */
function inlined(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' }) as JsonSchema;
}
