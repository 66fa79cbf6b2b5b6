/** A client of the changes feed, as small as the documentation says: it follows links, and applies changes. */
import { createHash } from 'node:crypto';
import type { Express } from 'express';
import request from 'supertest';
import { expect } from 'vitest';

interface ReadChange {
  readonly op: 'insert' | 'update' | 'delete';
  readonly tx: number | null;
  readonly seq: number | null;
  readonly reason?: string;
  readonly was: { readonly version: string } | null;
  readonly becomes: { readonly version: string } | null;
}

interface ReadFeature {
  readonly id: number | string;
  readonly geometry: unknown;
  readonly properties: Record<string, unknown>;
  readonly change: ReadChange;
}

interface ReadPage {
  readonly features: readonly ReadFeature[];
  readonly complete: boolean;
  readonly links: readonly { readonly rel: string; readonly href: string }[];
}

interface Copy {
  readonly version: string;
  readonly geometry: unknown;
  readonly properties: unknown;
}

export class Mirror {
  readonly rows = new Map<number | string, Copy>();
  /** Every change so far. */
  readonly seen: ReadFeature[] = [];
  /** Called whenever the copy is whole. */
  onWhole: () => void = () => undefined;
  readonly #app: Express;
  readonly #headers: Record<string, string>;
  #next: string;
  digestUrl = '';

  constructor(app: Express, path: string, headers: Record<string, string> = {}) {
    this.#app = app;
    this.#next = path;
    this.#headers = headers;
  }

  get next(): string {
    return this.#next;
  }

  /** Follows the links until it is up to date. */
  async follow(): Promise<void> {
    for (;;) {
      const page = await this.get<ReadPage>(this.#next);
      for (const feature of page.features) this.#apply(feature);
      if (page.complete) this.onWhole();
      const link = (rel: string) => page.links.find((each) => each.rel === rel)?.href;
      this.#next = (link('next') ?? link('delta')) as string;
      this.digestUrl = link('digest') ?? '';
      if (link('delta')) return;
    }
  }

  async get<T>(url: string): Promise<T> {
    const { pathname, search } = new URL(url, 'http://localhost');
    const { status, body } = await request(this.#app)
      .get(pathname + search)
      .set(this.#headers);
    expect([status, body.details?.en]).toEqual([200, undefined]);
    return body as T;
  }

  /** Sum of the first 64 bits of the MD5 of "id version", modulo 2^64. */
  hash(): string {
    let sum = 0n;
    for (const [id, { version }] of this.rows)
      sum += BigInt(`0x${createHash('md5').update(`${id} ${version}`).digest('hex').slice(0, 16)}`);
    return (sum % (1n << 64n)).toString(16).padStart(16, '0');
  }

  #apply(feature: ReadFeature): void {
    const { id, geometry, properties, change } = feature;
    this.seen.push(feature);
    // A reader can prove that it has missed nothing.
    expect([id, change.op, this.rows.get(id)?.version]).toEqual([id, change.op, change.was?.version]);
    if (change.becomes === null) this.rows.delete(id);
    else this.rows.set(id, { version: change.becomes.version, geometry, properties });
  }
}
