import type { Outcome, ProcessJob } from '../../analysis/process.ts';
import { Problem } from '../../lib/errors.ts';
import type { Link } from '../kit/links.ts';
import { GEOJSON_TYPE, MVT_TYPE } from '../kit/media-types.ts';
import type { Language } from '../kit/negotiate.ts';
import { empty, json, type Reply, text } from '../kit/reply.ts';
import { outputsOf } from './outputs.ts';

/** Types of problems that the standard defines (OGC 18-062r2, 7.10, 7.12 and 7.13). */
export const OGC_EXCEPTION = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

/**
 * Returns the requested outputs in the requested form (OGC 18-062r2, 7.11.4 and 7.13).
 * @throws the Problem with which the job ended
 */
export function resultsReply(
  job: ProcessJob,
  base: string,
  language: Language,
  headers: Record<string, string> = {},
): Reply {
  const { process, outputs, form } = job.asked;
  const all = valuesOf(job, base, language);
  if (form === 'document') return json(Object.fromEntries(outputs.map((name) => [name, all[name]])), { headers });
  const described = outputsOf(process);
  const parts = outputs.map((name) => {
    const type = described[name]?.type ?? 'application/json';
    return { name, type, body: type === 'text/plain' ? String(all[name]) : JSON.stringify(all[name]) };
  });
  const [first, ...others] = parts;
  if (!first) return empty(204, headers);
  return others.length ? multipart(parts, job.id, headers) : text(first.body, first.type, { headers });
}

interface Part {
  readonly name: string;
  readonly type: string;
  readonly body: string;
}

/**
 * Returns a multipart message (RFC 2387).
 * @param boundary random, so that no part contains it after two hyphens
 */
function multipart(parts: readonly Part[], boundary: string, headers: Record<string, string>): Reply {
  const body = parts.map(
    ({ name, type, body }) => `--${boundary}\r\nContent-Type: ${type}\r\nContent-ID: ${name}\r\n\r\n${body}\r\n`,
  );
  const type = `multipart/related; type="${parts[0]?.type}"; boundary=${boundary}`;
  return text(`${body.join('')}--${boundary}--\r\n`, type, { headers });
}

function valuesOf(job: ProcessJob, base: string, language: Language): Readonly<Record<string, unknown>> {
  const { values, features } = requireOutcome(job);
  const self = `${base}/jobs/${job.id}`;
  const links: Link[] = [
    { href: `${self}/results`, rel: 'self', type: 'application/json' },
    { href: self, rel: 'monitor', type: 'application/json' },
    ...(features ? featureLinks(features, self, language) : []),
  ];
  return { job: job.id, ...values, links };
}

function featureLinks({ found }: NonNullable<Outcome['features']>, self: string, language: Language): Link[] {
  return [
    ...found.map(({ id, title }) => ({
      href: `${self}/features?layer=${encodeURIComponent(id)}`,
      rel: 'items',
      type: GEOJSON_TYPE,
      title: title[language],
    })),
    { href: `${self}/xyz/tilejson.json`, rel: 'tilejson', type: 'application/json' },
    { href: `${self}/xyz/{z}/{x}/{y}.mvt`, rel: 'tiles', type: MVT_TYPE, templated: true },
  ];
}

/** @throws the Problem with which the job ended; not-found if it has not ended */
export function requireOutcome(job: ProcessJob): Outcome {
  if (job.outcome) return job.outcome;
  if (job.status === 'failed') throw job.error;
  if (job.status === 'dismissed')
    throw new Problem('gone', { vi: 'Tác vụ này đã bị hủy.', en: 'This job was dismissed.' });
  throw new Problem(
    'not-found',
    {
      vi: `Chưa có kết quả (${job.progress}%). Xem trạng thái ở /jobs/${job.id}.`,
      en: `There is no result yet (${job.progress}%). Its status is at /jobs/${job.id}.`,
    },
    { type: `${OGC_EXCEPTION}/result-not-ready`, progress: job.progress },
  );
}
