import { z } from 'zod';
import type { Process, ProcessInput } from '../../analysis/process.ts';
import { wrongInput } from '../../analysis/wrong-input.ts';
import type { Text } from '../../lib/errors.ts';
import { isObject, readShape } from '../../lib/shape.ts';
import type { Execution } from '../../results/job.ts';
import { outputsOf } from './outputs.ts';

const outputSchema = z.strictObject({
  transmissionMode: z.literal('value').optional(),
  format: z.strictObject({ mediaType: z.string().optional() }).optional(),
});

export type ExecuteSchema = ReturnType<typeof executeSchema>;

/** Returns the schema of an execution's body (OGC 18-062r2). */
export function executeSchema(process: Process) {
  const inputs = Object.entries(process.inputs).map(([name, { schema }]) => [name, schema]);
  const outputs = Object.keys(outputsOf(process)).map((name) => [name, outputSchema.optional()]);
  const shape: z.ZodObject<Record<string, z.ZodType>> = z.strictObject(Object.fromEntries(inputs));
  const { alternatives } = process;
  return z.strictObject({
    inputs: alternatives ? shape.meta({ oneOf: requiredSets(alternatives) }) : shape,
    outputs: z
      .strictObject(Object.fromEntries(outputs) as Record<string, z.ZodOptional<typeof outputSchema>>)
      .optional(),
    response: z.enum(['raw', 'document']).optional(),
  });
}

/** Returns every way to choose one of each group. */
function requiredSets(groups: NonNullable<Process['alternatives']>): { required: string[] }[] {
  const sets = groups.reduce<string[][]>(
    (taken, group) => taken.flatMap((set) => group.map((name) => [...set, name])),
    [[]],
  );
  return sets.map((required) => ({ required }));
}

/** @throws Problem that says what would be right */
export function readExecution(
  process: Process,
  schema: ExecuteSchema,
  body: unknown,
): { inputs: Readonly<Record<string, unknown>>; execution: Execution } {
  const { byThemselves, rest } = readByThemselves(process.inputs, unwrapInputs(body));
  const { inputs, outputs, response } = readShape(schema, rest, { root: '' });
  const all = { ...inputs, ...byThemselves };
  for (const group of process.alternatives ?? []) requireOne(group, all);
  const names = readOutputs(process, outputs);
  // By default a single value is returned raw. Several are never a multipart message by default, which few clients can
  // read.
  const form = response ?? (names.length === 1 ? 'raw' : 'document');
  return { inputs: all, execution: { outputs: names, form } };
}

/** Reads inputs that have their own parser, and returns them with the rest of the body. */
function readByThemselves(inputs: Readonly<Record<string, ProcessInput>>, body: unknown) {
  if (!isObject(body) || !isObject(body.inputs)) return { byThemselves: {}, rest: body };
  const others = { ...body.inputs };
  const byThemselves: Record<string, unknown> = {};
  for (const [name, { read }] of Object.entries(inputs)) {
    if (!read || others[name] === undefined) continue;
    byThemselves[name] = read(others[name], `inputs.${name}`);
    delete others[name];
  }
  return { byThemselves, rest: { ...body, inputs: others } };
}

/** @returns the names of the requested outputs, in their order */
function readOutputs(process: Process, asked: z.output<ExecuteSchema>['outputs']): string[] {
  const outputs = Object.entries(outputsOf(process));
  for (const [name, { type }] of outputs) {
    const mediaType = asked?.[name]?.format?.mediaType;
    if (mediaType === undefined || mediaType === type) continue;
    throw wrongInput(`outputs.${name}.format.mediaType`, {
      vi: `"${name}" chỉ có dạng ${type}.`,
      en: `"${name}" comes as ${type} only.`,
    });
  }
  return outputs.map(([name]) => name).filter((name) => !asked || name in asked);
}

/**
 * Removes wrappers `{value, mediaType}`, which standard clients put around objects (7.11.2.2).
 * @returns the body without wrappers
 */
function unwrapInputs(body: unknown): unknown {
  if (!isObject(body) || !isObject(body.inputs)) return body;
  const inputs = Object.entries(body.inputs).map(([name, value]) => [
    name,
    isObject(value) && 'value' in value ? value.value : requireValue(name, value),
  ]);
  return { ...body, inputs: Object.fromEntries(inputs) };
}

/**
 * Rejects a link, by which a client could make this server send requests.
 * @throws Problem for an input by reference
 */
function requireValue(name: string, value: unknown): unknown {
  if (!isObject(value) || typeof value.href !== 'string') return value;
  throw wrongInput(`inputs.${name}`, {
    vi: `"inputs.${name}" phải là giá trị, không phải liên kết (href): máy chủ không tải dữ liệu từ nơi khác.`,
    en: `"inputs.${name}" must be a value and no link (href): this server fetches nothing from elsewhere.`,
  });
}

function requireOne(group: readonly string[], inputs: Readonly<Record<string, unknown>>): void {
  if (group.filter((name) => inputs[name] !== undefined).length === 1) return;
  const quoted = group.map((name) => `"${name}"`);
  const [vi, en] = group.length === 2 ? ['một trong hai', 'one of the two'] : ['đúng một trong', 'exactly one of'];
  const some = quoted.slice(0, -1).join(', ');
  const names: Text = { vi: `${some} hoặc ${quoted.at(-1)}`, en: `${some} or ${quoted.at(-1)}` };
  throw wrongInput('inputs', {
    vi: `"inputs" phải có ${vi}: ${names.vi}.`,
    en: `"inputs" must have ${en}: ${names.en}.`,
  });
}
