import { CRS_PATTERN, CRS84, type Crs, requireCrs } from '../../geo/crs.ts';
import { invalidParameter, Problem, type Text, wrongParameter } from '../../lib/errors.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Description of a parameter in the OpenAPI document and its page. */
export interface DescribedParameter {
  readonly description: Text;
  readonly schema: JsonSchema;
  /** Valid values, as an end of "must be …" / "phải là …". */
  readonly expected: Text;
  readonly required?: boolean;
  /** Media type, if the value is a document of its own; absent: plain text. */
  readonly type?: string;
}

/** One query or path parameter: its parser and its description. */
export interface Parameter<T> extends DescribedParameter {
  /** Returns undefined if the text is not as expected. It may throw a Problem that says more. */
  readonly read: (text: string) => T | undefined;
  readonly fallback?: T;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
export type DescribedParameters = Readonly<Record<string, DescribedParameter>>;

type ParameterValue<P> = P extends { required: true } | { fallback: unknown }
  ? P extends Parameter<infer T>
    ? T
    : never
  : P extends Parameter<infer T>
    ? T | undefined
    : never;

/** Result of {@link readParameters}: undefined only for a parameter that is neither required nor has a default. */
export type Values<P extends Parameters> = { readonly [K in keyof P]: ParameterValue<P[K]> };

/** Makes the parameter required. */
export function required<T>(parameter: Parameter<T>): Parameter<T> & { required: true } {
  return { ...parameter, required: true };
}

/** Gives the parameter a default value. */
export function withDefault<T>(parameter: Parameter<T>, fallback: T): Parameter<T> & { fallback: T } {
  return { ...parameter, fallback, schema: { ...parameter.schema, default: fallback } };
}

/** At least one visible character, and no control characters. */
const LINE = String.raw`^[^\S\u0000-\u001f\u007f]*[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$`;

const isLine = new RegExp(LINE);

/** Returns the length in code points, as JSON Schema counts it. */
export function codePoints(text: string): number {
  return [...text].length;
}

/** Returns a parameter that is a line of text, trimmed, NFC, without control characters. */
export function textParameter(description: Text, { max = 200 } = {}): Parameter<string> {
  return {
    description,
    schema: { type: 'string', minLength: 1, maxLength: max, pattern: LINE },
    expected: { vi: `chữ, từ 1 đến ${max} ký tự`, en: `text of 1 to ${max} characters` },
    read: (text) => {
      const value = text.normalize('NFC').trim();
      return codePoints(value) <= max && isLine.test(value) ? value : undefined;
    },
  };
}

export function integerParameter(description: Text, { min, max }: { min: number; max: number }): Parameter<number> {
  return {
    description,
    schema: { type: 'integer', minimum: min, maximum: max },
    expected: { vi: `số nguyên từ ${min} đến ${max}`, en: `a whole number from ${min} to ${max}` },
    read: (text) => {
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function numberParameter(description: Text, { min, max }: { min: number; max: number }): Parameter<number> {
  return {
    description,
    schema: { type: 'number', minimum: min, maximum: max },
    expected: { vi: `số từ ${min} đến ${max}, dấu thập phân là dấu chấm`, en: `a number from ${min} to ${max}` },
    read: (text) => {
      const value = readDecimal(text);
      return value !== undefined && value >= min && value <= max ? value : undefined;
    },
  };
}

/** Parses a plain decimal number: no hexadecimal, no Infinity, no empty text. */
export function readDecimal(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : undefined;
}

export function choiceParameter<const T extends string>(description: Text, choices: readonly T[]): Parameter<T> {
  const list = choices.join(', ');
  return {
    description,
    schema: { type: 'string', enum: choices },
    expected: { vi: `một trong: ${list}`, en: `one of: ${list}` },
    read: (text) => choices.find((choice) => choice === text),
  };
}

/**
 * Returns a path parameter that names one of a few things.
 * @param what a short noun, for `There is no … "x".`
 * @param extra members of the problem
 * @throws Problem not-found for another name, which lists those there are
 */
export function namedParameter<T>(
  what: Text,
  known: ReadonlyMap<string, T>,
  extra?: Readonly<Record<string, unknown>>,
): Parameter<T> & { required: true } {
  const names = [...known.keys()];
  const list = names.join(', ');
  const { description, schema, expected } = choiceParameter(
    { vi: `Tên ${what.vi}`, en: `Name of the ${what.en}` },
    names,
  );
  const parameter: Parameter<T> = {
    description,
    schema,
    expected,
    read: (text) => {
      const found = known.get(text);
      if (found !== undefined) return found;
      const shown = text.slice(0, 60);
      throw new Problem(
        'not-found',
        {
          vi: `Không có ${what.vi} "${shown}". Hiện có: ${list}.`,
          en: `There is no ${what.en} "${shown}". There are: ${list}.`,
        },
        extra,
      );
    },
  };
  return required(parameter);
}

/** Returns a parameter for `EPSG:9210`, `9210`, `CRS84`, an OGC URI or a URN. */
export function crsParameter(description: Text): Parameter<Crs> {
  return {
    description,
    schema: { type: 'string', pattern: CRS_PATTERN, examples: ['EPSG:9210', CRS84.uri] },
    expected: { vi: 'tên một hệ tọa độ', en: 'the name of a coordinate reference system' },
    read: requireCrs,
  };
}

/** Returns a {@link crsParameter} with CRS84 as its default. */
export function crs84Parameter(description: Text): Parameter<Crs> & { fallback: Crs } {
  const parameter = crsParameter(description);
  return { ...parameter, fallback: CRS84, schema: { ...parameter.schema, default: CRS84.uri } };
}

/**
 * Parses the parameters of the query string or the path.
 * @param given values as Express parses them: repeated parameters are arrays
 * @throws Problem for an unknown, repeated, missing or malformed parameter
 */
export function readParameters<P extends Parameters>(parameters: P, given: Record<string, unknown>): Values<P> {
  refuseUnknown(Object.keys(given), Object.keys(parameters));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, readOne(name, parameter, given[name])]),
  ) as Values<P>;
}

function readOne<T>(name: string, parameter: Parameter<T>, given: unknown): T | undefined {
  if (given === undefined) {
    if (parameter.required) {
      throw wrongParameter(name, {
        vi: `Thiếu tham số "${name}": ${parameter.expected.vi}.`,
        en: `Parameter "${name}" must be given, as ${parameter.expected.en}.`,
      });
    }
    return parameter.fallback;
  }
  if (typeof given !== 'string') throw repeatedParameter(name);
  const value = parameter.read(given);
  if (value === undefined) throw invalidParameter(name, parameter.expected);
  return value;
}

export function repeatedParameter(name: string): Problem {
  return wrongParameter(name, {
    vi: `Tham số "${name}" chỉ được ghi một lần.`,
    en: `Parameter "${name}" must be given once.`,
  });
}

/** @throws Problem unknown-parameter for an unknown name */
export function refuseUnknown(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownParameter(unknown, known);
}

function unknownParameter(name: string, known: readonly string[]): Problem {
  const shown = name.slice(0, 60);
  const list = known.length ? known.join(', ') : '–';
  return new Problem(
    'unknown-parameter',
    {
      vi: `Không có tham số "${shown}". Các tham số dùng được: ${list}.`,
      en: `There is no parameter "${shown}". Known: ${list}.`,
    },
    { parameter: shown, known },
  );
}
