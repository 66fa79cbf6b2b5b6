import type { Express } from 'express';
import type { Feature } from 'geojson';
import request from 'supertest';

/** Reads every feature from a page on, by following `next`. */
export async function walkPages(app: Express, first: string): Promise<Feature[]> {
  const features: Feature[] = [];
  for (let path: string | undefined = first; path; ) {
    const { body }: request.Response = await request(app).get(path).buffer().expect(200);
    features.push(...body.features);
    const next: { href: string } | undefined = body.links.find((link: { rel: string }) => link.rel === 'next');
    path = next && new URL(next.href).pathname + new URL(next.href).search;
  }
  return features;
}
