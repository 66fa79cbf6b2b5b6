import { language, type Text, t } from './i18n.ts';

export interface UnitName {
  readonly code: string;
  readonly validFrom: string;
  readonly name: string;
}

export interface ParcelProperties {
  readonly sheet: string;
  readonly number: number;
  readonly nationalId: string | null;
  readonly unit: UnitName;
  readonly uses: readonly { code: string; nameVi: string; nameEn: string; colour: string; areaM2: number | null }[];
  readonly legalAreaM2: number | null;
  readonly measuredAreaM2: number | null;
  readonly address: string | null;
  readonly status: 'registered' | 'unregistered' | 'disputed';
  readonly surveyedOn: string | null;
  readonly formerly: readonly { unit: UnitName; sheet: string; number: number; until: string | null }[];
  readonly matched: 'current' | 'former';
}

export type Bounds = [west: number, south: number, east: number, north: number];

export interface ParcelFeature {
  readonly type: 'Feature';
  readonly id: number;
  readonly bbox?: Bounds;
  readonly geometry: GeoJSON.Geometry | null;
  readonly properties: ParcelProperties;
}

export interface ParcelList {
  readonly features: readonly ParcelFeature[];
  readonly understood?: {
    readonly point?: { easting?: number; northing?: number; crs?: string; order?: string; lon: number; lat: number };
  };
  readonly message?: Text;
  readonly suggestions?: readonly { label: Text; href: string }[];
}

export interface Preset {
  readonly id: string;
  readonly theme: string;
  readonly featureVi: string;
  readonly conditionVi: string | null;
  readonly distanceM: number | null;
  readonly measuredFromVi: string | null;
  readonly legalBasis: string | null;
  readonly status: string;
  readonly validity: 'in_force' | 'unconfirmed' | 'superseded';
  readonly note: string | null;
}

export interface BufferInputs {
  readonly geometry?: GeoJSON.Geometry;
  readonly features?: { layer: string; ids: readonly number[] };
  readonly distance?: number;
  readonly preset?: string;
  readonly width?: number;
  readonly layers: readonly string[];
  readonly relation: string;
}

export interface BufferLayerResult {
  readonly layer: string;
  readonly title: Text;
  readonly count: number;
  readonly areaM2?: number;
  readonly lengthM?: number;
  readonly byLandUse?: readonly {
    code: string;
    nameVi: string;
    nameEn: string;
    colour: string;
    count: number;
    areaM2: number;
  }[];
  readonly byPlan?: readonly {
    plan: string;
    decision: string | null;
    period: string;
    count: number;
    areaM2: number;
  }[];
  readonly byUnit?: readonly { code: string; name: string; count: number; areaM2: number }[];
}

export interface BufferResult {
  readonly job: string;
  readonly buffer: GeoJSON.Feature & { properties: { distanceM: number; srid: number; areaM2: number } };
  readonly bbox: Bounds;
  readonly layers: readonly BufferLayerResult[];
  /** Notes needed to read the figures. */
  readonly notes?: readonly Text[];
}

export interface JobStatus {
  readonly jobID: string;
  readonly status: 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';
  readonly progress?: number;
  readonly message?: string;
}

/** An error in the words of the server (RFC 9457) or of the viewer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly details: Text | undefined;

  constructor(message: string, details?: Text) {
    super(message);
    this.details = details;
  }
}

/** Returns the message to show for an error. */
export function explainFailure(error: unknown): string {
  if (error instanceof ApiError) return error.details?.[language()] ?? error.message;
  return t('failed');
}

/** Root of the server's paths: the viewer is at `…/map`. */
const ROOT = new URL('.', document.baseURI).href.replace(/\/$/, '');

export function serverUrl(path: string): string {
  return `${ROOT}${path}`;
}

async function call(url: string, options: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, {
    ...options,
    headers: { accept: 'application/json, application/geo+json', ...options.headers },
  }).catch((error) => {
    if (options.signal?.aborted) throw error;
    throw new ApiError(t('offline'));
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; details?: Text };
  throw new ApiError(problem.detail ?? `${t('failed')} (${response.status})`, problem.details);
}

async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await call(serverUrl(path), signal ? { signal } : {});
  return (await response.json()) as T;
}

export function searchParcels(text: string, signal: AbortSignal): Promise<ParcelList> {
  return read(`/parcels?${new URLSearchParams({ q: text })}`, signal);
}

export function parcelsAt(x: number, y: number, crs: string): Promise<ParcelList> {
  return read(`/parcels/at?${new URLSearchParams({ x: String(x), y: String(y), crs })}`);
}

/** Follows a suggestion: a path of this server, or a whole URL of it. */
export async function followSuggestion(href: string): Promise<ParcelList | ParcelFeature> {
  const { search } = new URL(href, `${ROOT}/`);
  return (await (await call(`${ROOT}/parcels${search}`)).json()) as ParcelList | ParcelFeature;
}

export function readParcel(id: string | number): Promise<ParcelFeature> {
  return read(`/parcels/${encodeURIComponent(id)}`);
}

export async function readPresets(): Promise<readonly Preset[]> {
  return (await read<{ presets: readonly Preset[] }>('/processes/buffer/presets')).presets;
}

/** Starts a job and returns its id. */
export async function startBuffer(inputs: BufferInputs): Promise<string> {
  const response = await call(serverUrl('/processes/buffer/execution'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ inputs }),
  });
  const answer = (await response.json()) as { jobID?: string; job?: string };
  return answer.jobID ?? answer.job ?? '';
}

export function readJob(id: string, signal: AbortSignal): Promise<JobStatus> {
  return read(`/jobs/${encodeURIComponent(id)}`, signal);
}

export function readResult(id: string, signal: AbortSignal): Promise<BufferResult> {
  return read(`/jobs/${encodeURIComponent(id)}/results`, signal);
}

/** Cancels the job. An error because it has ended already is ignored. */
export async function cancelJob(id: string): Promise<void> {
  await call(serverUrl(`/jobs/${encodeURIComponent(id)}`), { method: 'DELETE' }).catch(() => undefined);
}
