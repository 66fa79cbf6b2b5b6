import { type Language, language, type Text, t } from './i18n.ts';

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
  readonly matched: 'current' | 'former' | 'successor';
}

export type Bounds = [west: number, south: number, east: number, north: number];

export interface ParcelFeature {
  readonly type: 'Feature';
  readonly id: number;
  readonly bbox?: Bounds;
  readonly geometry: GeoJSON.Geometry | null;
  readonly properties: ParcelProperties;
}

/** The parcels at a point. */
export interface ParcelList {
  readonly features: readonly ParcelFeature[];
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

export async function call(url: string, options: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, {
    ...options,
    headers: {
      accept: 'application/json, application/geo+json',
      'accept-language': language(),
      ...options.headers,
    },
  }).catch((error) => {
    if (options.signal?.aborted) throw error;
    throw new ApiError(t('offline'));
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; details?: Text };
  throw new ApiError(problem.detail ?? `${t('failed')} (${response.status})`, problem.details);
}

export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await call(serverUrl(path), signal ? { signal } : {});
  return (await response.json()) as T;
}

export function parcelsAt(x: number, y: number, crs: string): Promise<ParcelList> {
  return read(`/parcels/at?${new URLSearchParams({ x: String(x), y: String(y), crs })}`);
}

/** A feature with its id, as /collections/{layer}/items/{id} gives it. */
export interface ItemFeature {
  readonly id?: string | number;
  readonly geometry: GeoJSON.Geometry | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A property of a layer by its schema. */
export interface FieldSchema {
  readonly title?: string;
  readonly type?: string;
  readonly format?: string;
  readonly 'x-ogc-role'?: string;
}

const schemas = new Map<string, Promise<Readonly<Record<string, FieldSchema>>>>();

/** Reads the fields of a layer, once for each language. */
export function readFields(layer: string): Promise<Readonly<Record<string, FieldSchema>>> {
  const key = `${language()} ${layer}`;
  const found = schemas.get(key);
  if (found) return found;
  const asked = read<{ properties?: Record<string, FieldSchema> }>(`/collections/${encodeURIComponent(layer)}/schema`)
    .then(({ properties = {} }) => properties)
    .catch((error: unknown) => {
      schemas.delete(key);
      throw error;
    });
  schemas.set(key, asked);
  return asked;
}

export function readItem(layer: string, id: string): Promise<ItemFeature> {
  return read(`/collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(id)}`);
}

/** A layer of the server, with its title in the language of the page. */
export interface ListedLayer {
  readonly id: string;
  readonly title: string;
  /** Zooms of its tiles. */
  readonly zooms: { readonly min: number; readonly max: number };
  /** True for the rows of a function, which are computed anew for each tile. */
  readonly isComputed: boolean;
}

/** Lists the layers of the server, with titles in the language. */
export async function listLayers(inLanguage: Language): Promise<ListedLayer[]> {
  const { layers } = await read<{ layers: (Omit<ListedLayer, 'title'> & { title: Text })[] }>('/map/layers');
  return layers.map(({ title, ...layer }) => ({ ...layer, title: title[inLanguage] }));
}

export function readParcel(id: string | number): Promise<ParcelFeature> {
  return read(`/parcels/${encodeURIComponent(id)}`);
}
