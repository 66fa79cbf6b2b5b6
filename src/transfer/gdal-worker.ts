/** The thread in which GDAL reads a file. GDAL blocks its thread, and releases memory only when the thread ends. */
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../lib/thread-answers.ts';
import { type Converted, GdalRuntime, type GdalSettings } from './gdal-runtime.ts';

export type GdalRequest =
  | { readonly kind: 'inspect'; readonly file: string; readonly openOptions: readonly string[] }
  | { readonly kind: 'dump'; readonly layer: string; readonly options: readonly string[] };

export type GdalAnswer =
  | { readonly kind: 'inspected'; readonly info: unknown }
  | ({ readonly kind: 'dumped' } & Converted);

const gdal = new GdalRuntime(workerData as GdalSettings);
/** GDAL cannot write a file again that was removed behind its back. */
let written = 0;

answerQuestions(async (request: GdalRequest): Promise<GdalAnswer> => {
  if (request.kind === 'inspect')
    return { kind: 'inspected', info: await gdal.inspect(request.file, request.openOptions) };
  return { kind: 'dumped', ...(await gdal.convert(request.layer, request.options, `dump-${++written}`)) };
});
