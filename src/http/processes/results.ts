import type { Principal } from '../../access/principal.ts';
import type { ResultForm } from '../../analysis/form.ts';
import type { Process } from '../../analysis/process.ts';
import { resultLayerId } from '../../catalog/result-layer.ts';
import { type Language, notFound, Problem, wrongParameter } from '../../lib/errors.ts';
import { type Job, type JobLayer, type StoredOutcome, toProblem } from '../../results/job.ts';
import type { Services } from '../../services.ts';
import { collectionUrl } from '../kit/document.ts';
import type { Link } from '../kit/links.ts';
import { CSV_TYPE, DXF_TYPE, GEOJSON_TYPE, GPKG_TYPE, HTML_TYPE, XLSX_TYPE } from '../kit/media-types.ts';
import { empty, jsonReply, type Reply, textReply } from '../kit/reply.ts';
import { outputsOf } from './outputs.ts';

/** Types of problems that the standard defines (OGC 18-062r2, 7.10, 7.12 and 7.13). */
export const OGC_EXCEPTION = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

interface ResultPlace {
  readonly base: string;
  readonly language: Language;
  readonly principal: Principal;
  /** Value of the header `Link`. */
  readonly link?: string;
}

/**
 * Returns the requested outputs in the requested form (OGC 18-062r2, 7.11.4 and 7.13).
 * @throws the Problem with which the job ended
 */
export async function resultsReply(
  services: Services,
  job: Job,
  { link, principal, ...place }: ResultPlace,
): Promise<Reply> {
  const { outputs, form } = job.execution;
  const process = processOf(services, job);
  const headers: Record<string, string> = link === undefined ? {} : { link };
  const all = resultValues(job, await requireOutcome(services, job, principal), {
    ...place,
    hasForms: process.forms !== undefined,
  });
  if (form === 'document') return jsonReply(Object.fromEntries(outputs.map((name) => [name, all[name]])), { headers });
  const described = outputsOf(process);
  const parts = outputs.map((name) => {
    const type = described[name]?.type ?? 'application/json';
    return { name, type, body: type === 'text/plain' ? String(all[name]) : JSON.stringify(all[name]) };
  });
  const [first, ...others] = parts;
  if (!first) return empty(204, headers);
  return others.length ? multipart(parts, job.id, headers) : textReply(first.body, first.type, { headers });
}

interface BodyPart {
  readonly name: string;
  readonly type: string;
  readonly body: string;
}

/**
 * Returns a multipart message (RFC 2387).
 * @param boundary random, so that no part contains it after two hyphens
 */
function multipart(parts: readonly BodyPart[], boundary: string, headers: Record<string, string>): Reply {
  const body = parts.map(
    ({ name, type, body }) => `--${boundary}\r\nContent-Type: ${type}\r\nContent-ID: ${name}\r\n\r\n${body}\r\n`,
  );
  const type = `multipart/related; type="${parts[0]?.type}"; boundary=${boundary}`;
  return textReply(`${body.join('')}--${boundary}--\r\n`, type, { headers });
}

function resultValues(
  job: Job,
  { values, layers, hasFile }: StoredOutcome,
  { base, language, hasForms }: Omit<ResultPlace, 'principal'> & { readonly hasForms: boolean },
): Record<string, unknown> {
  const self = `${base}/jobs/${job.id}`;
  const links: Link[] = [
    { href: `${self}/results`, rel: 'self', type: 'application/json' },
    { href: self, rel: 'monitor', type: 'application/json' },
    { href: `${self}/results?f=xlsx`, rel: 'enclosure', type: XLSX_TYPE },
    ...(hasFile ? [{ href: `${self}/file`, rel: 'enclosure', type: 'application/octet-stream' }] : []),
    ...(hasForms ? [{ href: `${self}/results?f=html`, rel: 'alternate', type: HTML_TYPE }] : []),
    ...layers.flatMap((layer) => layerLinks(job, layer, { base, language })),
  ];
  return { job: job.id, ...values, links };
}

/** Returns the links of a layer of a result: what it is, its rows in several forms, and its tiles. */
function layerLinks(job: Job, { id, title }: JobLayer, { base, language }: Omit<ResultPlace, 'principal'>): Link[] {
  const layer = resultLayerId({ job: job.id, id });
  const collection = collectionUrl(base, layer);
  const link = (href: string, rel: string, type: string): Link => ({ href, rel, type, title: title[language] });
  return [
    link(collection, 'collection', 'application/json'),
    link(`${collection}/items`, 'items', GEOJSON_TYPE),
    link(`${collection}/items?f=csv`, 'enclosure', CSV_TYPE),
    link(`${collection}/items?f=gpkg`, 'enclosure', GPKG_TYPE),
    link(`${collection}/items?f=dxf`, 'enclosure', DXF_TYPE),
    link(`${base}/xyz/${layer}/tilejson.json`, 'tilejson', 'application/json'),
  ];
}

/**
 * Returns what a job returned, and notes the restricted layers that it read.
 * @throws the Problem with which the job ended; not-found if it has not ended
 */
export async function requireOutcome({ jobs }: Services, job: Job, principal: Principal): Promise<StoredOutcome> {
  if (job.error) throw toProblem(job.error);
  if (job.status === 'accepted' || job.status === 'running') throw notReady(job);
  const outcome = job.status === 'successful' ? await jobs.outcome(job.id) : undefined;
  if (outcome) return noted(job, outcome, principal);
  throw new Problem('gone', { vi: 'Tác vụ này đã bị hủy.', en: 'This job was dismissed.' });
}

/** Returns an outcome, and notes the restricted layers from which it was computed. */
export function noted<T>({ restricted }: Job, outcome: T, { onAccess }: Principal): T {
  for (const layer of restricted) onAccess?.(layer);
  return outcome;
}

function notReady({ id, progress }: Job): Problem {
  return new Problem(
    'not-found',
    {
      vi: `Chưa có kết quả (${progress}%). Xem trạng thái ở /jobs/${id}.`,
      en: `There is no result yet (${progress}%). Its status is at /jobs/${id}.`,
    },
    { type: `${OGC_EXCEPTION}/result-not-ready`, progress },
  );
}

/** @throws Problem not-found if this server lacks the process of a job */
export function processOf({ processes }: Services, job: Job): Process {
  const process = processes.find(({ id }) => id === job.process);
  if (process) return process;
  throw goneProcess(job);
}

function goneProcess({ process }: Job): Problem {
  return notFound({
    vi: `Máy chủ này không có tiến trình "${process}" nên không đọc được kết quả của nó.`,
    en: `This server has no process "${process}", so it cannot read its result.`,
  });
}

/** Returns the forms of a result. @throws Problem invalid-parameter if the process has none */
export function requireForms({ id, forms }: Process, { values }: StoredOutcome): readonly ResultForm[] {
  if (forms) return forms(values);
  throw wrongParameter('f', {
    vi: `Kết quả của "${id}" không có biểu để in; "f" có thể là json hoặc xlsx.`,
    en: `Results of "${id}" have no forms that print; "f" can be json or xlsx.`,
  });
}
