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
  unit: 'Phú Lợi',
  x: '106.68',
  y: '10.98',
  z: '12',
  tileMatrix: '12',
  tileRow: '1922',
  tileCol: '3261',
  stack: 'Noto Sans Regular',
  range: '0-255',
  process: 'buffer',
  prefer: 'respond-async',
  collections: 'base.road',
  geojson: '{"type":"Point","coordinates":[106.67,10.98]}',
  filter: 'true',
  BBOX: '106.6,10.9,106.8,11.1',
  TileMatrix: '12',
  TileRow: '1922',
  TileCol: '3261',
};

/** Parameters that an operation needs although none alone is required. */
const LEAST: Readonly<Record<string, Record<string, string>>> = {
  '/parcels': { q: '1 1' },
  '/wms': { SERVICE: 'WMS' },
};
/** True for WFS, WMS and WMTS, which ignore unknown parameters. */
export const isOlder = (path: string) => /^\/(wfs|wms|wmts)$|^\/wmts\/.*(png|webp)$/.test(path);

export const EXECUTION = {
  inputs: { geometry: { type: 'Point', coordinates: [106.6806, 10.9876] }, distance: 50, layers: ['land.parcel'] },
};

/** The collection whose paths are called; those of others are alike. */
export const LAYER = 'base.road';

interface DescribedOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

export class Asking {
  readonly #test: TestApp;
  readonly document: Document;
  /** Returns the deviations of an answer from the document; empty if there are none. */
  readonly check: ReturnType<typeof answerChecker>;
  /** Id of a finished job. */
  readonly job: string;
  readonly #cursor: string;

  constructor(test: TestApp, document: Document, { job, cursor }: { job: string; cursor: string }) {
    this.#test = test;
    this.document = document;
    this.check = answerChecker(document);
    this.job = job;
    this.#cursor = cursor;
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
    if (name === 'collection') return LAYER;
    if (name === 'job') return this.job;
    if (name === 'properties' && path.startsWith('/xyz/')) return 'sheet';
    // In WFS a filter is XML.
    if (name === 'filter' && path === '/wfs') return '<Filter/>';
    if (name === 'layers' && path.startsWith('/styles/')) return 'base.unit';
    if (name === 'layer') return 'land.parcel';
    if (name === 'cursor') return path.includes('/jobs/') ? '0' : path.includes(LAYER) ? this.#cursor : undefined;
    if (name === 'x' && path.includes('{z}')) return '3261';
    if (name === 'y' && path.includes('{z}')) return '1922';
    const value = VALUES[name] ?? schema.example ?? (schema.enum as unknown[])?.[0] ?? schema.default ?? schema.minimum;
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

/** @param db of the app; the rows that ids refer to are inserted */
export async function openAsking(db: Database, test: TestApp): Promise<Asking> {
  // Gives the function `land.parcel_near_waste` the feature 1.
  await db.script(`INSERT INTO environment.waste_site (name, kind, geom)
    SELECT 'Bãi thử', 'landfill', ST_Multi(ST_Buffer(geom, 1)) FROM land.parcel WHERE id = 1`);
  const { job } = (await request(test.app).post('/processes/buffer/execution').send(EXECUTION).expect(200)).body;
  const { body } = await request(test.app).get(`/collections/${LAYER}/items?limit=1`);
  const next = body.links.find(({ rel }: { rel: string }) => rel === 'next').href;
  const cursor = new URL(next).searchParams.get('cursor') as string;
  return new Asking(test, await readDocument(test), { job, cursor });
}
