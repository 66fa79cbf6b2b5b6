import { type Bounds, call, read, serverUrl } from './api.ts';
import type { Text } from './i18n.ts';

/** A JSON Schema, as far as a form can show it. */
export interface InputSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: InputSchema;
  readonly default?: unknown;
}

export interface InputDescription {
  readonly title?: string;
  readonly description?: string;
  readonly schema: InputSchema;
  readonly minOccurs?: number;
}

export interface ProcessSummary {
  readonly id: string;
  readonly title: string;
}

/** A process as OGC API - Processes describes it, in the language of the page. */
export interface ProcessDescription extends ProcessSummary {
  readonly description?: string;
  readonly inputs: Readonly<Record<string, InputDescription>>;
  readonly outputs: Readonly<Record<string, { readonly title?: string }>>;
}

export interface ResultLink {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
  readonly title?: string;
}

/** The values of a result by their names, and links to its layers and files. */
export interface ProcessResult extends Readonly<Record<string, unknown>> {
  readonly job?: string;
  readonly links?: readonly ResultLink[];
}

interface JobStatus {
  readonly status: 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';
  readonly progress?: number;
}

export interface Run {
  readonly process: string;
  readonly inputs: unknown;
  /** Aborting it cancels the job. */
  readonly signal: AbortSignal;
  /** Called with percent. */
  readonly onProgress: (percent: number) => void;
}

const POLL_MS = 300;

export async function listProcesses(): Promise<readonly ProcessSummary[]> {
  return (await read<{ processes: ProcessSummary[] }>('/processes?f=json')).processes;
}

export function describeProcess(id: string): Promise<ProcessDescription> {
  return read(`/processes/${encodeURIComponent(id)}?f=json`);
}

/** Runs a process as a job, and returns its result. @throws ApiError with the server's words */
export async function runProcess<T = ProcessResult>({ process, inputs, signal, onProgress }: Run): Promise<T> {
  const response = await call(serverUrl(`/processes/${encodeURIComponent(process)}/execution`), {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ inputs }),
  });
  const answer = (await response.json()) as { jobID?: string };
  if (answer.jobID === undefined) return answer as T;
  const job = `/jobs/${encodeURIComponent(answer.jobID)}`;
  signal.addEventListener('abort', () => void call(serverUrl(job), { method: 'DELETE' }).catch(() => undefined));
  for (;;) {
    signal.throwIfAborted();
    const { status, progress = 0 } = await read<JobStatus>(job, signal);
    // The result of a failed job is the problem that explains it.
    if (status !== 'accepted' && status !== 'running') return read<T>(`${job}/results`, signal);
    onProgress(progress);
    await new Promise((resume) => setTimeout(resume, POLL_MS));
  }
}

/** Returns the box of the first layer of a result that has rows. */
export async function resultBounds(links: readonly ResultLink[]): Promise<Bounds | undefined> {
  for (const { href } of links.filter(({ rel }) => rel === 'tilejson')) {
    const { pathname } = new URL(href, document.baseURI);
    const { bounds } = await read<{ bounds?: Bounds }>(pathname.slice(pathname.lastIndexOf('/xyz/')));
    // A layer without rows has the bounds of the world.
    if (bounds && bounds[2] - bounds[0] < 180) return bounds;
  }
  return undefined;
}

/** True for a text in both languages. */
export function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'vi' in value && 'en' in value;
}
