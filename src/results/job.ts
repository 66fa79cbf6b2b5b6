import { randomBytes } from 'node:crypto';
import type { Principal } from '../access/principal.ts';
import { Problem } from '../lib/errors.ts';

export type JobStatus = 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';

/** One requested run of a process, as stored. */
export interface RequestedRun {
  /** Id of the process. */
  readonly process: string;
  /** Read by the schemas of the process. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly execution: Execution;
  readonly accessClass: Principal['accessClass'];
  /** Id of the key that started it, which alone may read it; null: whoever knows the id of the job. */
  readonly owner: string | null;
  /** Ids of the layers that it reads of which the public sees less. */
  readonly restricted: readonly string[];
}

/** Form of the answer. */
export interface Execution {
  /** Names of outputs, in their order. */
  readonly outputs: readonly string[];
  /** Each output by itself, or all as members of one document. */
  readonly form: 'raw' | 'document';
}

/** The stored state of a job. Times are ISO 8601. */
export interface Job extends RequestedRun {
  /** 128 random bits, which nobody can guess. Only clients that received the id can read the result, see `owner`. */
  readonly id: string;
  readonly status: JobStatus;
  /** Percent of the work that is done. */
  readonly progress: number;
  readonly created: string;
  readonly started: string | null;
  readonly finished: string | null;
  readonly updated: string;
  /** The time from which the result is gone. */
  readonly expires: string;
  /** Runs that have begun; more than one if a server ended during a run. */
  readonly attempts: number;
  /** Set for a failed job. */
  readonly error: StoredProblem | null;
}

/** The members of a {@link Problem}. */
export type StoredProblem = Pick<Problem, 'type' | 'detail' | 'extra'>;

/** A layer of a result, as links and workbooks need it. */
export interface JobLayer {
  readonly id: string;
  readonly title: Problem['detail'];
  readonly count: number;
}

/** A successful job's result. */
export interface StoredOutcome {
  readonly values: Readonly<Record<string, unknown>>;
  readonly layers: readonly JobLayer[];
  readonly hasFile: boolean;
}

export function newJobId(): string {
  return randomBytes(16).toString('hex');
}

export function isJobId(id: string): boolean {
  return /^[0-9a-f]{32}$/.test(id);
}

/** Returns true if the principal may read a job, and what it returned. */
export function mayRead({ owner }: Pick<RequestedRun, 'owner'>, { keyId }: Pick<Principal, 'keyId'>): boolean {
  return owner === null || owner === keyId;
}

export function hasEnded({ status }: Pick<Job, 'status'>): boolean {
  return status !== 'accepted' && status !== 'running';
}

export function toProblem({ type, detail, extra }: StoredProblem): Problem {
  return new Problem(type, detail, extra);
}
