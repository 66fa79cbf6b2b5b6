import type { Request } from 'express';
import { Problem } from '../../lib/errors.ts';
import { findFile, readFileRange, type StoredFile } from '../../results/result-file.ts';
import type { Services } from '../../services.ts';
import { endpoint } from '../kit/endpoint.ts';
import { LAYER_FILE_TYPES } from '../kit/media-types.ts';
import { empty, type Reply } from '../kit/reply.ts';
import { bytesSchema } from '../kit/shapes.ts';
import { jobPath, RESULT_PROBLEMS, requireJob } from './job.ts';
import { requireOutcome } from './results.ts';

const ANY_TYPE = 'application/octet-stream';
/** Types by the endings of names. */
const TYPES_BY_ENDING: Readonly<Record<string, string>> = {
  ...LAYER_FILE_TYPES,
  geojsons: LAYER_FILE_TYPES.geojsonseq,
  zip: LAYER_FILE_TYPES.shp,
};

/** Every type without its parameters. */
const CONTENT = Object.fromEntries(
  [...Object.values(LAYER_FILE_TYPES), ANY_TYPE].map((type) => [type.replace(/;.*/, ''), bytesSchema]),
);

/** A part of a file, or all of it. */
interface FileRange {
  readonly status: 200 | 206;
  readonly from: number;
  readonly to: number;
}

export function jobFileEndpoint(services: Services) {
  const { db } = services;
  return endpoint({
    tag: 'processes',
    summary: {
      vi: 'Tệp của một kết quả, cả hay từng khoảng byte (Range)',
      en: 'The file of a result, all of it or a range of bytes (Range)',
    },
    pathParameters: jobPath,
    responses: { 200: { content: CONTENT }, 206: { content: CONTENT }, 416: [] },
    problems: RESULT_PROBLEMS,
    handle: async ({ path, http, principal, signal }): Promise<Reply> => {
      const job = await requireJob(services, path.job, principal);
      await requireOutcome(services, job, principal);
      const file = await findFile(db, job.id, { signal });
      if (!file) throw noFile();
      const headers = fileHeaders(job.id, file);
      if (http.headers['if-none-match'] === headers.etag) return empty(304, headers);
      const range = rangeOf(http, file, headers.etag);
      if (!range) return empty(416, { ...headers, 'content-range': `bytes */${file.size}` });
      const { status, from, to } = range;
      const place: Record<string, string> =
        status === 206 ? { 'content-range': `bytes ${from}-${to - 1}/${file.size}` } : {};
      return {
        status,
        headers: { ...headers, 'content-length': String(to - from), ...place },
        body: readFileRange(db, job.id, { from, to }, { signal }),
      };
    },
  });
}

function fileHeaders(job: string, { name }: StoredFile) {
  return {
    // The file of a job never changes.
    etag: `"${job}"`,
    'cache-control': 'no-cache',
    'accept-ranges': 'bytes',
    'content-type': TYPES_BY_ENDING[name.split('.').at(-1) ?? ''] ?? ANY_TYPE,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  };
}

/**
 * Returns the requested range (RFC 9110, 14.2); all of the file for several ranges, for one that cannot be read, and if
 * `If-Range` names another file. undefined: there are no such bytes.
 */
function rangeOf(request: Request, { size }: StoredFile, etag: string): FileRange | undefined {
  const whole: FileRange = { status: 200, from: 0, to: size };
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== etag) return whole;
  const ranges = request.range(size);
  if (ranges === -1) return undefined;
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return whole;
  const [{ start, end } = { start: 0, end: size - 1 }] = ranges;
  return { status: 206, from: start, to: end + 1 };
}

function noFile(): Problem {
  return new Problem('not-found', {
    vi: 'Kết quả này không có tệp; chỉ kết quả của tiến trình "export" có.',
    en: 'This result has no file; only results of the process "export" have one.',
  });
}
