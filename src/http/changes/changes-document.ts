import type { Layer } from '../../catalog/layer.ts';
import type { Crs } from '../../geo/crs.ts';
import type { FeedChange, FeedPage } from '../../history/changes.ts';
import { collectionUrl } from '../kit/document.ts';
import { type Link, withParameters } from '../kit/links.ts';
import { GEOJSON_TYPE, NDJSON_TYPE } from '../kit/media-types.ts';
import { type Reply, textReply } from '../kit/reply.ts';

interface ChangesPlace {
  /** URL of the answer, with its query. */
  readonly url: string;
  readonly base: string;
  readonly layer: Layer;
  readonly format: 'json' | 'ndjson';
  readonly crs: Crs;
}

/** Returns a page of changes, as GeoJSON or a line each. The last line then has what the head of the GeoJSON has. */
export function changesReply(changes: FeedPage, place: ChangesPlace): Reply {
  const isLines = place.format === 'ndjson';
  const links = linksOf(changes, place);
  const head = {
    numberReturned: changes.changes.length,
    complete: changes.isComplete,
    retention: { from: changes.since },
    links,
  };
  const headers = {
    'content-crs': `<${place.crs.uri}>`,
    link: links.map(({ href, rel, type }) => `<${href}>; rel="${rel}"; type="${type}"`).join(', '),
  };
  if (isLines) {
    const lines = [...changes.changes.map(changeLine), JSON.stringify(head)];
    return textReply(`${lines.join('\n')}\n`, NDJSON_TYPE, { headers });
  }
  const start = JSON.stringify({ type: 'FeatureCollection', ...head }).slice(0, -1);
  return textReply(`${start},"features":[${changes.changes.map(changeFeature).join(',\n')}]}`, GEOJSON_TYPE, {
    headers,
  });
}

function linksOf({ token, hasMore }: FeedPage, { url, base, layer, format }: ChangesPlace): Link[] {
  const type = format === 'ndjson' ? NDJSON_TYPE : GEOJSON_TYPE;
  const following = { href: withParameters(url, { since: token }), rel: hasMore ? 'next' : 'delta', type };
  const collection = { href: collectionUrl(base, layer.id), rel: 'collection', type: 'application/json' };
  if (hasMore) return [{ href: url, rel: 'self', type }, following, collection];
  const digest = withParameters(url.replace(/\/changes(?=\?|$)/, '/digest'), {
    ...{ at: token, since: undefined, net: undefined, limit: undefined, f: undefined },
  });
  return [
    { href: url, rel: 'self', type },
    following,
    { href: digest, rel: 'digest', type: 'application/json' },
    collection,
  ];
}

/** Returns the members of a change that tell of it. */
function changeMember({ op, tx, seq, at, reason }: FeedChange) {
  return { op, tx, seq, at, ...(reason ? { reason } : {}) };
}

const versionMember = (version: string | null) => (version === null ? null : { version });

function changeLine(change: FeedChange): string {
  const { id, was, becomes, feature } = change;
  const line = JSON.stringify({ ...changeMember(change), id, was: versionMember(was) });
  const after = becomes === null ? 'null' : `{"version":"${becomes}","feature":${feature}}`;
  return `${line.slice(0, -1)},"becomes":${after}}`;
}

function changeFeature(change: FeedChange): string {
  const { id, was, becomes, feature } = change;
  const member = JSON.stringify({ ...changeMember(change), was: versionMember(was), becomes: versionMember(becomes) });
  const shown = feature ?? JSON.stringify({ type: 'Feature', id, geometry: null, properties: null });
  return `${shown.slice(0, -1)},"change":${member}}`;
}
