import { parentPort, type Transferable } from 'node:worker_threads';

export interface ThreadQuestion<Request> {
  readonly id: number;
  readonly request: Request;
}

export type ThreadAnswer<Answer> =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly failure: ThreadFailure };

/** Parts of an error that cross the border of a thread. A cloned error has its message and stack only. */
export interface ThreadFailure {
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
}

/**
 * Answers the questions of a `Thread` in the worker thread that calls this. What `answer` throws is its client's error.
 * @param transferOf buffers of an answer that are moved to the client instead of copied
 */
export function answerQuestions<Request, Answer>(
  answer: (request: Request) => Answer | Promise<Answer>,
  transferOf: (answer: Answer) => readonly Transferable[] = () => [],
): void {
  const port = parentPort;
  if (!port) throw new Error('questions are answered in a worker thread only');
  port.on('message', async ({ id, request }: ThreadQuestion<Request>) => {
    try {
      const result = await answer(request);
      port.postMessage({ id, answer: result } satisfies ThreadAnswer<Answer>, transferOf(result));
    } catch (error) {
      port.postMessage({ id, failure: failureOf(error) } satisfies ThreadAnswer<Answer>);
    }
  });
}

/** Libraries throw objects that are not errors as well. */
function failureOf(error: unknown): ThreadFailure {
  const { message, stack, code, detail } = (error ?? {}) as Partial<Record<keyof ThreadFailure, unknown>>;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { message: text(message) ?? String(error), stack: text(stack), code: text(code), detail: text(detail) };
}
