import { RenewedThread } from '../../lib/renewed-thread.ts';
import { startThread } from '../../lib/thread.ts';

/** Starting the thread takes longer than a usual file. The memory of a large one is freed when the thread ends. */
const IDLE_MS = 5000;

const office = new RenewedThread<{ readonly kind: string }, unknown>({
  start: () => startThread('./office-worker', import.meta.url),
  name: 'the writer of workbooks and drawings',
  idleMs: IDLE_MS,
});

/**
 * Writes a file, or a piece of one, in the thread of workbooks and drawings, one after the other.
 * @throws what the library fails with
 */
export function askOffice<Request extends { readonly kind: string }, Answer = Uint8Array>(
  request: Request,
): Promise<Answer> {
  return office.ask(request) as Promise<Answer>;
}
