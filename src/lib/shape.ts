import type { z } from 'zod';
import { Problem, type ProblemType, type Text } from './errors.ts';

type Issue = z.core.$ZodIssue;

const KIND_NAMES: Readonly<Record<string, Text>> = {
  string: { vi: 'chữ', en: 'text' },
  number: { vi: 'số', en: 'a number' },
  int: { vi: 'số nguyên', en: 'a whole number' },
  boolean: { vi: 'true hoặc false', en: 'true or false' },
  array: { vi: 'danh sách [...]', en: 'a list [...]' },
  object: { vi: 'đối tượng {...}', en: 'an object {...}' },
};

/** Returns true if the JSON value is an object: no array, no null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Validates unknown JSON against a schema and returns it typed.
 * @param root name of the JSON value in the message; empty for the whole body
 * @throws Problem of `type` that names the first invalid member and what would be valid there
 */
export function readShape<S extends z.ZodType>(
  schema: S,
  value: unknown,
  { root, type = 'invalid-body' }: { root: string; type?: ProblemType },
): z.output<S> {
  const result = parseSafely(schema, value);
  if (result.success) return result.data;
  const issue = innermost(result.error.issues[0] as Issue);
  const path =
    issue.path.reduce<string>(
      (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text ? `${text}.` : ''}${String(key)}`),
      root,
    ) || 'body';
  const expected = expectation(issue);
  throw new Problem(
    type,
    { vi: `"${path}" phải ${expected.vi}.`, en: `"${path}" must ${expected.en}.` },
    { parameter: path },
  );
}

/** Parses without throwing. The library raises a RangeError if the value has more issues than it can list. */
function parseSafely<S extends z.ZodType>(schema: S, value: unknown) {
  try {
    return schema.safeParse(value, { reportInput: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const issue: Issue = { code: 'custom', path: [], message: '', input: undefined };
    return { success: false as const, error: { issues: [issue] } };
  }
}

/**
 * Returns the most specific issue. In a union without a discriminator, that is the issue of the branch with the longest
 * path.
 */
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const inner = issue.errors.flat().reduce((a, b) => (b.path.length > a.path.length ? b : a));
  return inner.path.length ? innermost({ ...inner, path: [...issue.path, ...inner.path] }) : issue;
}

function expectation(issue: Issue): Text {
  switch (issue.code) {
    case 'invalid_type':
      return ofKind(KIND_NAMES[issue.expected]);
    case 'too_small':
      return bound(issue.origin, issue.inclusive ? '≥' : '>', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive ? '≤' : '<', issue.maximum);
    case 'invalid_value':
      return { vi: `là một trong: ${issue.values.join(', ')}`, en: `be one of: ${issue.values.join(', ')}` };
    case 'unrecognized_keys':
      return {
        vi: `không có ${issue.keys.map(shorten).join(', ')}`,
        en: `not have ${issue.keys.map(shorten).join(', ')}`,
      };
    case 'invalid_union':
      return unionIssueText(issue);
    default:
      return { vi: 'đúng dạng đã mô tả', en: 'be as described' };
  }
}

function unionIssueText(issue: z.core.$ZodIssueInvalidUnion): Text {
  const { options } = issue as { options?: readonly unknown[] };
  if (options) return { vi: `là một trong: ${options.join(', ')}`, en: `be one of: ${options.join(', ')}` };
  const kinds = issue.errors
    .flat()
    .flatMap((each) => (each.code === 'invalid_type' ? (KIND_NAMES[each.expected] ?? []) : []));
  return {
    vi: `là ${kinds.map(({ vi }) => vi).join(' hoặc ') || 'đúng dạng đã mô tả'}`,
    en: `be ${kinds.map(({ en }) => en).join(' or ') || 'as described'}`,
  };
}

function ofKind(kind: Text = { vi: 'đúng kiểu', en: 'of the right type' }): Text {
  return { vi: `là ${kind.vi}`, en: `be ${kind.en}` };
}

function bound(origin: string, sign: string, limit: number | bigint): Text {
  if (origin === 'string')
    return { vi: `có số ký tự ${sign} ${limit}`, en: `have a number of characters ${sign} ${limit}` };
  if (origin === 'array')
    return { vi: `có số phần tử ${sign} ${limit}`, en: `have a number of items ${sign} ${limit}` };
  return { vi: `${sign} ${limit}`, en: `be ${sign} ${limit}` };
}

function shorten(key: string): string {
  return `"${key.slice(0, 60)}"`;
}
