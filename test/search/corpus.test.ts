import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PUBLIC } from '../../src/access/principal.ts';
import { fold } from '../../src/lib/text.ts';
import type { SearchAnswer } from '../../src/search/answer.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { readValues } from './corpus-values.ts';
import type { Values } from './one-row.ts';

interface Phrase {
  readonly kind: string;
  readonly q: string;
  readonly type: string;
  readonly want: string;
}

/** The second one was written by somebody who did not know the grammar. */
const CORPORA = ['corpus', 'counter'] as const;

const readCorpus = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/search/${name}.json`, import.meta.url), 'utf8')) as readonly Phrase[];

/** Different parcels that the phrases name in turn. */
const TURNS = 3;

const fill = (text: string, values: Values) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `missing ${name}`);

const saidOf = ({ message, notUnderstood = [] }: SearchAnswer) => [message?.vi, ...notUnderstood].join(' ');

function isRight({ type, want }: Phrase, answer: SearchAnswer, values: Values): boolean {
  const [hit] = answer.hits;
  const wanted = fill(want, values);
  if (type === 'didYouMean') return answer.hits.length === 0 && (answer.didYouMean?.[0]?.q.includes(wanted) ?? false);
  if (type === 'miss') return answer.hits.length === 0 && fold(saidOf(answer)).includes(fold(wanted));
  if (hit?.type !== type) return false;
  if (type === 'parcel') return wanted.split(' ').includes(hit.ids[0] ?? '');
  if (type === 'coordinate') {
    const [lon = 0, lat = 0] = hit.point ?? [];
    return (
      Math.hypot(lon - Number(values.lon), lat - Number(values.lat)) < 2e-7 && answer.hits[1]?.ids[0] === values.parcel
    );
  }
  if (type === 'polygon')
    return (
      String(answer.polygon?.parcels[0]?.id) === wanted &&
      Math.max(...(answer.polygon?.cornerDistancesCm ?? [99])) < 0.2
    );
  return hit.title.vi.includes(wanted) || hit.ids[0]?.startsWith(wanted) === true;
}

describeEngines('the corpus of phrasings', (engine) => {
  let test: TestApp;
  const values: Values[] = [];
  beforeAll(async () => {
    test = await openApp(engine.db);
    for (let nth = 0; nth < TURNS; nth++) values.push(await readValues(engine.db, nth));
  }, 240_000);
  afterAll(() => test?.close());

  const layers = () => new Set(test.services.catalogFor(PUBLIC).layers.map(({ id }) => id));

  it.each(CORPORA)(
    'is understood, each phrasing at the first place (%s)',
    async (name) => {
      const corpus = readCorpus(name);
      const wrong: string[] = [];
      for (const [index, phrase] of corpus.entries()) {
        const own = values[index % TURNS] as Values;
        const q = fill(phrase.q, own);
        const answer = await test.services.search.ask(q, { limit: 20, offset: 0, types: undefined, layers: layers() });
        if (!isRight(phrase, answer, own))
          wrong.push(
            `${phrase.kind}: ${JSON.stringify(q)} gives ${answer.hits[0]?.type} ${answer.hits[0]?.title.vi} ${answer.message?.vi} ${answer.didYouMean?.[0]?.q}`,
          );
      }
      expect(corpus.length).toBeGreaterThanOrEqual(150);
      expect(wrong).toEqual([]);
    },
    240_000,
  );
});
