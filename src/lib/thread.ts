import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Starts the module `path` (relative to `from`, without its extension) in a worker thread.
 * @param from `import.meta.url` of the caller
 */
export function startThread(path: string, from: string, workerData?: unknown): Worker {
  const extension = extname(new URL(from).pathname);
  const url = new URL(`${path}${extension}`, from);
  if (extension === '.js') return new Worker(url, { workerData });
  // When run from source (tests, `npm run diaba`), the thread must itself register the loader that runs TypeScript.
  const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(boot, { workerData, eval: true });
}
