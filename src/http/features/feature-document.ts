import { setImmediate } from 'node:timers/promises';
import type { Layer } from '../../catalog/layer.ts';
import type { FeatureItem, Items } from '../../features/items.ts';
import type { Crs } from '../../geo/crs.ts';
import { collectionUrl, type DocumentPlace, selfLinks } from '../kit/document.ts';
import { type Link, withParameters } from '../kit/links.ts';
import { GEOJSON_TYPE } from '../kit/media-types.ts';
import { type Reply, textReply } from '../kit/reply.ts';

interface FeatureDocumentSource {
  readonly item: FeatureItem;
  readonly layer: Layer;
  readonly place: DocumentPlace;
  readonly crs: Crs;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Returns one feature with its links, and its version as the ETag.
 * @param place `url` is the feature's own
 */
export function featureReply({ item, layer, place, crs, status = 200, headers }: FeatureDocumentSource): Reply {
  const { feature, version } = item;
  const links = JSON.stringify([...selfLinks(place, GEOJSON_TYPE), collectionLink(layer, place)]);
  return textReply(`${feature.slice(0, -1)},"links":${links}}`, GEOJSON_TYPE, {
    ...{ status, version },
    headers: { ...contentCrs(crs), ...headers },
  });
}

/** Returns the header Content-Crs, which is required even for the default (OGC 18-058r1, requirement 16). */
export function contentCrs({ uri }: Crs): Record<string, string> {
  return { 'content-crs': `<${uri}>` };
}

/** Features concatenated in one turn of the event loop: 3 ms. */
const TURN = 1000;

/** Concatenates the GeoJSON texts of the database, so that 10 000 features are never parsed here. */
export async function featureCollection(
  layer: Layer,
  { features, next, matched }: Items,
  place: DocumentPlace,
): Promise<Buffer> {
  const head = {
    type: 'FeatureCollection',
    timeStamp: new Date().toISOString(),
    ...(matched === undefined ? {} : { numberMatched: matched }),
    numberReturned: features.length,
    links: [
      ...selfLinks(place, GEOJSON_TYPE),
      ...(next === undefined ? [] : [nextLink(next, place)]),
      collectionLink(layer, place),
    ],
  };
  const parts = [Buffer.from(`${JSON.stringify(head).slice(0, -1)},"features":[`)];
  for (let first = 0; first < features.length; first += TURN) {
    if (first > 0) await setImmediate();
    parts.push(Buffer.from(`${first > 0 ? ',\n' : ''}${features.slice(first, first + TURN).join(',\n')}`));
  }
  return Buffer.concat([...parts, Buffer.from(']}')]);
}

function nextLink(cursor: string, { url, language }: DocumentPlace): Link {
  const title = { vi: 'Trang sau', en: 'Next page' }[language];
  return { href: withParameters(url, { cursor, f: 'json' }), rel: 'next', type: GEOJSON_TYPE, title };
}

export function collectionLink({ id, title }: Layer, { base, language }: DocumentPlace): Link {
  return { href: collectionUrl(base, id), rel: 'collection', type: 'application/json', title: title[language] };
}
