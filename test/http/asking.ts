/** Calls the operations of an app's OpenAPI document, with values for their parameters as described there. */
import request from 'supertest';
import type { Database } from '../../src/database/database.ts';
import type { TestApp } from './app.ts';
import { answerChecker, type DescribedParameter, type Document, type Operation, readDocument } from './document.ts';

/** Values of parameters whose schema has no example, no choices and no default. */
const VALUES: Readonly<Record<string, string>> = {
  within_m: '1500',
  bbox: '106.6,10.9,106.8,11.1',
  datetime: '2025-01-01/..',
  feature: '1',
  id: '1',
  layers: 'land.parcel',
  q: '1 1',
  sheet: '1',
  number: '1',
  parameter: 'PM2.5',
  unit: 'Phú Lợi',
  x: '106.68',
  y: '10.98',
  z: '14',
  tileMatrix: '14',
  tileRow: '7688',
  tileCol: '13047',
  stack: 'Noto Sans Regular',
  range: '0-255',
  process: 'buffer',
  rule: 'parcel-overlap',
  prefer: 'respond-async',
  collections: 'base.road',
  geojson: '{"type":"Point","coordinates":[106.67,10.98]}',
  filter: 'true',
  // A small area, since each answer of WMS renders the tiles of its picture.
  BBOX: '106.675,10.98,106.685,10.99',
  TileMatrix: '14',
  TileRow: '7688',
  TileCol: '13047',
};

/** Parameters that an operation needs although none alone is required. */
const LEAST: Readonly<Record<string, Record<string, string>>> = {
  '/parcels': { q: '1 1' },
  '/search': { q: 'phú lợi' },
  '/wms': { SERVICE: 'WMS' },
};
/** True for WFS, WMS and WMTS, which ignore unknown parameters. */
export const isOlder = (path: string) => /^\/(wfs|wms|wmts)$|^\/wmts\/.*(png|webp)$/.test(path);

export const EXECUTION = {
  inputs: { geometry: { type: 'Point', coordinates: [106.6806, 10.9876] }, distance: 50, layers: ['land.parcel'] },
};

/** The collection whose paths are called; those of others are alike. */
export const LAYER = 'base.road';

/** Values of parameters of a layer's own paths, by the layer. */
type OwnValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface DescribedOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** Texts out of answers of the app. */
interface OwnAnswers {
  readonly job: string;
  readonly exported: string;
  readonly cursor: string;
  readonly token: string | undefined;
  readonly own: OwnValues;
}

export class Asking {
  readonly #test: TestApp;
  readonly document: Document;
  /** Returns the deviations of an answer from the document; empty if there are none. */
  readonly check: ReturnType<typeof answerChecker>;
  /** Id of a finished job. */
  readonly job: string;
  /** Id of a job whose result has a file. */
  readonly #exported: string;
  readonly #cursor: string;
  /** Token of the changes of {@link LAYER}; undefined if nothing writes a history. */
  readonly #token: string | undefined;
  readonly #own: OwnValues;

  constructor(test: TestApp, document: Document, { job, exported, cursor, token, own }: OwnAnswers) {
    this.#test = test;
    this.document = document;
    this.check = answerChecker(document);
    this.job = job;
    this.#exported = exported;
    this.#cursor = cursor;
    this.#token = token;
    this.#own = own;
  }

  operations(): DescribedOperation[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  }

  /**
   * Returns operations without side effects, except for the execution of a process. Edits and posts to WFS have tests
   * of their own.
   */
  harmless(): DescribedOperation[] {
    return this.operations().filter(({ method, path }) => method === 'get' || path.startsWith('/processes/'));
  }

  /** Returns a value for a parameter; undefined if none is known. */
  valueFor({ name, schema }: DescribedParameter, path: string): string | undefined {
    const own = this.#own[path.split('/')[2] ?? '']?.[name];
    if (own !== undefined) return own;
    if (name === 'collection') return LAYER;
    if (name === 'job') return path.endsWith('/file') ? this.#exported : this.job;
    if (name === 'properties' && path.startsWith('/xyz/')) return 'sheet';
    // In WFS a filter is XML.
    if (name === 'filter' && path === '/wfs') return '<Filter/>';
    if (name === 'layers' && path.startsWith('/styles/')) return 'base.unit';
    if (name === 'layer') return 'land_parcel';
    if (name === 'cursor') return path.includes(LAYER) ? this.#cursor : undefined;
    if ((name === 'since' || name === 'at') && /\/(changes|digest)$/.test(path)) return this.#token;
    if (name === 'x' && path.includes('{z}')) return '13047';
    if (name === 'y' && path.includes('{z}')) return '7688';
    const value = VALUES[name] ?? exampleOf(schema);
    return value === undefined ? undefined : String(value);
  }

  /** Returns the URL of a path with values for its parameters. */
  fill(path: string, parameters: readonly DescribedParameter[]): string {
    return parameters
      .filter((each) => each.in === 'path')
      .reduce((url, each) => url.replace(`{${each.name}}`, encodeURIComponent(this.valueFor(each, path) ?? '')), path);
  }

  /** Returns the least query that an operation needs. */
  leastQuery(path: string, parameters: readonly DescribedParameter[]): Record<string, string> {
    const wanted = parameters.filter((each) => each.in === 'query' && each.required);
    const least = Object.fromEntries(wanted.map((each) => [each.name, this.valueFor(each, path) ?? '']));
    return { ...LEAST[path], ...least };
  }

  send(method: string, url: string, query: Record<string, string> = {}): request.Test {
    const sent = request(this.#test.app)[method as 'get'](url).query(query).set('accept', '*/*').buffer(true);
    return method === 'post' ? sent.send(EXECUTION) : sent;
  }
}

function exampleOf({ example, items, default: fallback, minimum, ...schema }: DescribedParameter['schema']): unknown {
  const { enum: values } = (items ?? schema) as { enum?: unknown[] };
  return example ?? values?.[0] ?? fallback ?? minimum;
}

/** @param db of the app; the rows that ids refer to are inserted */
export async function openAsking(db: Database, test: TestApp): Promise<Asking> {
  // Gives the function `land.parcel_near_waste` the feature 1.
  await db.script(`INSERT INTO environment.waste_site (name, kind, geom)
    SELECT 'Bãi thử', 'landfill', ST_Multi(ST_Buffer(geom, 1)) FROM land.parcel WHERE id = 1`);
  const { job } = (await request(test.app).post('/processes/buffer/execution').send(EXECUTION).expect(200)).body;
  const inputs = { layer: 'base.place', format: 'csv' };
  const { job: exported } = (await request(test.app).post('/processes/export/execution').send({ inputs }).expect(200))
    .body;
  const { body } = await request(test.app).get(`/collections/${LAYER}/items?limit=1`);
  const next = body.links.find(({ rel }: { rel: string }) => rel === 'next').href;
  const cursor = new URL(next).searchParams.get('cursor') as string;
  const own = { 'land.use_area': await knownUseArea(test) };
  const { body: digest } = await request(test.app).get(`/collections/${LAYER}/digest`);
  const delta = digest.links?.find(({ rel }: { rel: string }) => rel === 'delta')?.href;
  const token = delta && (new URL(delta).searchParams.get('since') as string);
  return new Asking(test, await readDocument(test), { job, exported, cursor, token, own });
}

/** Returns a commune for the layer function `land.use_area`, and the id of a feature that it then has. */
async function knownUseArea({ app }: TestApp): Promise<{ unit: string; feature: string }> {
  const first = async (layer: string, query: Record<string, string>) =>
    (
      await request(app)
        .get(`/collections/${layer}/items`)
        .query({ ...query, limit: '1' })
        .expect(200)
    ).body.features[0];
  const unit = (await first('land.parcel', {})).properties.unit_code;
  return { unit, feature: (await first('land.use_area', { unit })).id };
}
