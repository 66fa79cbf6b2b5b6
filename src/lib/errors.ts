/** A text for people, in Vietnamese and in English. */
export interface Text {
  readonly vi: string;
  readonly en: string;
}

/** A language of answers. */
export type Language = keyof Text;

/** The closed list of problem types, with the HTTP status of each. */
const STATUS = {
  'invalid-parameter': 400,
  'unknown-parameter': 400,
  'invalid-body': 400,
  'invalid-geometry': 400,
  'unknown-crs': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  'too-much': 422,
  'refused-value': 422,
  'too-many-requests': 429,
  internal: 500,
  'damaged-data': 500,
  overloaded: 503,
  timeout: 504,
  'disk-full': 507,
} as const;

export type ProblemType = keyof typeof STATUS;
export type ProblemStatus = (typeof STATUS)[ProblemType];

/** Returns the problem types that are sent with an HTTP status. */
export function problemTypes(status: number): ProblemType[] {
  return (Object.keys(STATUS) as ProblemType[]).filter((type) => STATUS[type] === status);
}

/**
 * An error that the client receives as an RFC 9457 problem. `detail` says what would be right; it never holds SQL, a
 * stack or a person's name.
 */
export class Problem extends Error {
  readonly type: ProblemType;
  readonly status: number;
  readonly detail: Text;
  /** Further members of the problem document, e.g. `parameter`, `candidates`. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(type: ProblemType, detail: Text, extra: Record<string, unknown> = {}) {
    super(`${type}: ${detail.en}`);
    this.name = 'Problem';
    this.type = type;
    this.status = STATUS[type];
    this.detail = detail;
    this.extra = extra;
  }
}

/** An error that stops the program at boot. Its message is one clear line for the operator, printed without a stack. */
export class BootError extends Error {
  override readonly name = 'BootError';
}

/** Returns the problem of a fault of the server itself, which says nothing of its cause. */
export function internalProblem(): Problem {
  return new Problem('internal', {
    vi: 'Máy chủ gặp lỗi; lỗi đã được ghi lại.',
    en: 'The server failed; the failure has been logged.',
  });
}

export function notFound(what: Text, extra?: Record<string, unknown>): Problem {
  return new Problem('not-found', what, extra);
}

/** @param detail whole sentences, for errors that {@link invalidParameter} cannot express */
export function wrongParameter(name: string, detail: Text): Problem {
  return new Problem('invalid-parameter', detail, { parameter: name });
}

/** @param expected what would have been right, as an end of "must be …" / "phải là …" */
export function invalidParameter(name: string, expected: Text): Problem {
  return wrongParameter(name, {
    vi: `Tham số "${name}" phải là ${expected.vi}.`,
    en: `Parameter "${name}" must be ${expected.en}.`,
  });
}
