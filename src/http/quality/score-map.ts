import type { Language } from '../../lib/errors.ts';
import type { UnitShape } from '../../quality/finding-query.ts';
import { type Html, html } from '../html/html.ts';
import { areaMap } from '../html/small-map.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { ScoredUnit } from './quality-shapes.ts';
import { pageUrl, qualityUrl } from './quality-urls.ts';
import { levelOf, SCORE_LEVELS, scoreText, UNASSESSED } from './score-words.ts';

const WORDS = {
  vi: { name: 'Điểm của các phường, xã', below: 'dưới', from: 'từ', to: 'đến dưới', units: 'phường, xã' },
  en: { name: 'Scores of the communes', below: 'below', from: 'from', to: 'to below', units: 'communes' },
};

/** Draws the communes in the colours of their scores, each a link to its page, with a key. */
export function scoreMap(units: readonly ScoredUnit[], shapes: readonly UnitShape[], place: DocumentPlace): Html {
  const { language } = place;
  const scores = new Map(units.map(({ code, validFrom, score }) => [`${code} ${validFrom}`, score]));
  const areas = shapes.map((shape) => {
    const score = scores.get(`${shape.code} ${shape.validFrom}`) ?? null;
    return {
      geometry: shape.geometry,
      title: `${shape.name}: ${scoreText(score, language)}`,
      href: pageUrl(qualityUrl(place, { unit: shape }), language),
      kind: levelOf(score),
    };
  });
  const kinds = areas.map(({ kind }) => kind);
  return html`${areaMap(areas, WORDS[language].name)}${areas.length > 0 && mapKey(kinds, language)}`;
}

function mapKey(kinds: readonly string[], language: Language): Html {
  const words = WORDS[language];
  const ranges = SCORE_LEVELS.map(({ from, kind }, index) => {
    const next = SCORE_LEVELS[index + 1]?.from;
    if (from === 0) return [kind, `${words.below} ${next}%`] as const;
    return [
      kind,
      next === undefined ? `${words.from} ${from}%` : `${words.from} ${from}% ${words.to} ${next}%`,
    ] as const;
  });
  const lines = [...ranges, ['unknown', UNASSESSED[language]] as const];
  return html`<ul class="key">${lines.map(([kind, text]) => html`<li><span class="swatch ${kind}"></span>${text}: ${kinds.filter((each) => each === kind).length} ${words.units}</li>`)}</ul>`;
}
