import type { OtherQuestion, SearchAnswer } from '../../search/answer.ts';
import type { SearchHit } from '../../search/hit.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';

type LinkedHit = SearchHit & { readonly href?: string };
type LinkedQuestion = OtherQuestion & { readonly href: string };

/** An answer with the URLs of its hits and of other questions. */
export interface LinkedAnswer extends Omit<SearchAnswer, 'hits' | 'didYouMean' | 'suggestions'> {
  readonly hits: readonly LinkedHit[];
  readonly didYouMean?: readonly LinkedQuestion[];
  readonly suggestions?: readonly LinkedQuestion[];
}

/** Returns the answer with its links. */
export function linkAnswer(answer: SearchAnswer, place: DocumentPlace): LinkedAnswer {
  const { didYouMean, suggestions, successions, hits, ...rest } = answer;
  const ask = (list: readonly OtherQuestion[]) =>
    list.map((other) => ({ ...other, href: `${place.base}/search?${new URLSearchParams({ q: other.q })}` }));
  return {
    ...rest,
    hits: hits.map((hit) => ({ ...hit, ...hitLink(hit, place) })),
    ...(didYouMean ? { didYouMean: ask(didYouMean) } : {}),
    ...(suggestions ? { suggestions: ask(suggestions) } : {}),
    ...(successions
      ? {
          successions: successions.map((each) => ({
            ...each,
            children: each.children.map((child) =>
              child.id === null ? child : { ...child, href: `${place.base}/parcels/${child.id}` },
            ),
          })),
        }
      : {}),
  };
}

/** Most ids in the link of a hit; a longer list is in `ids` only. */
const MOST_IDS = 200;

/** Returns the link to the feature, or to the features that the hit consists of. */
function hitLink({ collection, ids }: SearchHit, { base }: DocumentPlace): { href?: string } {
  const [id] = ids;
  if (collection === undefined || id === undefined) return {};
  if (collection === 'land.parcel') return { href: `${base}/parcels/${id}` };
  const items = `${collectionUrl(base, collection)}/items`;
  if (ids.length === 1) return { href: `${items}/${encodeURIComponent(id)}` };
  return { href: `${items}?${new URLSearchParams({ filter: `id IN (${ids.slice(0, MOST_IDS).join(',')})` })}` };
}
