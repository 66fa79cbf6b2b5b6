import type { Database } from '../database/database.ts';
import type { ParcelAnswer, Suggestion } from '../parcels/parcel.ts';
import type { Parcels } from '../parcels/parcels.ts';
import { readCoordinates } from '../phrase/coordinates.ts';
import { readCornerList } from '../phrase/corner-list.ts';
import { readKeys } from '../phrase/keyboard.ts';
import { linkIn } from '../phrase/map-link.ts';
import { type ParcelPhrase, readParcelPhrase } from '../phrase/parcel-phrase.ts';
import type { SearchAnswer, SearchOptions } from './answer.ts';
import type { SearchContext } from './context.ts';
import { answerCoordinates } from './coordinate-answer.ts';
import { answerCorners } from './corner-answer.ts';
import type { HitType } from './hit.ts';
import { featureHit } from './parcel-hit.ts';
import { answerPlaces } from './place-answer.ts';

/** Finds what people mean: parcels, places, coordinates and corner lists. */
export class Search {
  readonly #context: SearchContext;

  constructor(db: Database, parcels: Parcels, homeSrid: number) {
    this.#context = { db, parcels, homeSrid };
  }

  async ask(text: string, options: SearchOptions): Promise<SearchAnswer> {
    const answer = await this.#answer(text, options);
    const isWhole = answer.hits.length > 0 && !answer.notUnderstood;
    const typed = isWhole ? undefined : readKeys(text);
    if (typed === undefined) return answer;
    const other = await this.#answer(typed, { ...options, limit: 1, offset: 0 });
    return understandsMore(other, answer) ? offer(typed, other, answer) : answer;
  }

  async #answer(text: string, options: SearchOptions): Promise<SearchAnswer> {
    const wants = (type: HitType) => options.types?.includes(type) ?? true;
    const { holders, signal, limit, offset } = options;
    const rendering = { srid: 4326, limit, offset, signal };
    const held = holders && wants('parcel') && (await this.#context.parcels.byCertificate(text, holders, rendering));
    if (held) return fromParcels(held);
    const isLink = linkIn(text) !== undefined;
    const corners = isLink || !wants('polygon') ? undefined : readCornerList(text);
    if (corners) return answerCorners(corners, this.#context, options);
    const pair = wants('coordinate') ? readCoordinates(text) : undefined;
    if (pair || isLink) return answerCoordinates(pair, this.#context, options);
    const phrase = readParcelPhrase(text);
    const hasNumbers = phrase.sheet !== undefined || phrase.numbers.length > 0 || phrase.nationalId !== undefined;
    if (!hasNumbers || !wants('parcel') || !options.layers.has('land.parcel'))
      return answerPlaces(text, this.#context, options);
    return this.#parcelsOrPlaces(text, phrase, options);
  }

  /** Numbers without a word for them may be those of a house or of a decision. */
  async #parcelsOrPlaces(text: string, phrase: ParcelPhrase, options: SearchOptions): Promise<SearchAnswer> {
    const located = await this.#context.parcels.locate(phrase.mentions, phrase.isFormer, options);
    const { sheet, numbers, nationalId, isBare } = phrase;
    const isWhole = nationalId !== undefined || (sheet !== undefined && numbers.length > 0);
    const { others, unknown } = located.recognized;
    if (!isWhole || (isBare && others.length + unknown.length > 0)) {
      const places = await answerPlaces(text, this.#context, options);
      if (places.hits.length) return places;
    }
    const { signal, limit, offset } = options;
    return fromParcels(await this.#context.parcels.find(phrase, located, { srid: 4326, limit, offset, signal }));
  }
}

/** Returns true if another reading of a question has a hit, and leaves fewer words over. */
function understandsMore(other: SearchAnswer, answer: SearchAnswer): boolean {
  const left = ({ notUnderstood = [] }: SearchAnswer) => notUnderstood.join(' ').split(' ').length;
  return other.hits.length > 0 && (answer.hits.length === 0 || left(other) < left(answer));
}

/** Offers a question that was typed with the keyboard switched off. */
function offer(typed: string, { hits: [hit] }: SearchAnswer, { understood }: SearchAnswer): SearchAnswer {
  const isPlace = hit?.collection !== undefined && hit.type !== 'parcel';
  const label = isPlace ? hit.title : { vi: typed, en: typed };
  return {
    hits: [],
    numberMatched: 0,
    understood,
    message: { vi: `Có phải ${label.vi}?`, en: `Did you mean ${label.en}?` },
    didYouMean: [{ label, q: label.vi }],
  };
}

function fromParcels(answer: ParcelAnswer): SearchAnswer {
  const { features, numberMatched, understood: asked, suggestions, didYouMean, ...rest } = answer;
  const { text: _, point: __, ...understood } = asked;
  const questions = (list: readonly Suggestion[]) => list.map(({ label, search }) => ({ label, q: search.q ?? '' }));
  return {
    hits: features.map(featureHit),
    numberMatched,
    understood,
    ...rest,
    ...(suggestions ? { suggestions: questions(suggestions) } : {}),
    ...(didYouMean ? { didYouMean: questions(didYouMean) } : {}),
  };
}
