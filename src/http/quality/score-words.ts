import type { Language } from '../../lib/errors.ts';
import { SCORE_LINES } from '../../quality/score.ts';
import { type Html, html } from '../html/html.ts';
import { shownNumber } from '../html/layout.ts';
import type { ScoredRule } from './quality-shapes.ts';

/** Classes of scores, by the state's colours and the aim, from below; `kind` is a class of the style sheet. */
export const SCORE_LEVELS = [
  { from: 0, kind: 'low' },
  { from: SCORE_LINES.yellow, kind: 'near' },
  { from: SCORE_LINES.aim, kind: 'reached' },
  { from: SCORE_LINES.green, kind: 'high' },
] as const;

/** Returns the class of a score in the style sheet. */
export function levelOf(score: number | null): string {
  if (score === null) return 'unknown';
  return SCORE_LEVELS.findLast(({ from }) => score >= from)?.kind ?? 'low';
}

export const UNASSESSED = { vi: 'chưa đánh giá', en: 'not assessed' } as const;

const NOWHERE = { vi: 'Ngoài mọi phường, xã', en: 'Outside of every commune' } as const;

/** Returns the name of a commune, or words for records in none. */
export function unitName({ name }: { readonly name: string | null }, language: Language): string {
  return name ?? NOWHERE[language];
}

/** Writes a score with one digit, as people read it. */
export function scoreText(score: number | null, language: Language): string {
  if (score === null) return UNASSESSED[language];
  return `${shownNumber(score, language)}${{ vi: '%', en: ' %' }[language]}`;
}

/** Shows a score with the colour of its class. */
export function scoreHtml(score: number | null, language: Language): Html {
  return html`<span class="graded"><span class="swatch ${levelOf(score)}"></span>${scoreText(score, language)}</span>`;
}

/** Shows the score of a rule, or why there is none. */
export function ruleScoreHtml({ score, why }: Pick<ScoredRule, 'score' | 'why'>, language: Language): Html {
  return html`${scoreHtml(score, language)}${why && html`<br><span class="quiet">${why[language]}</span>`}`;
}

/** Writes points of a score with three digits: +0,0123. */
export function gainText(points: number, language: Language): string {
  return `+${shownNumber(Number(points.toPrecision(3)), language)}`;
}

/** Writes a number of records, or an amount with its unit. */
export function amountText(amount: number, { unit }: Pick<ScoredRule, 'unit'>, language: Language): string {
  return `${shownNumber(amount, language)}${unit ? ` ${unit[language]}` : ''}`;
}

/** Draws a score as a bar, with lines at the limits of the state's colours and at the aim. */
export function scoreMeter(score: number | null): Html {
  const lines = SCORE_LEVELS.filter(({ from }) => from > 0);
  return html`<div class="meter" aria-hidden="true"><b class="${levelOf(score)}" style="width:${score ?? 0}%"></b>${lines.map(({ from }) => html`<i style="left:${from}%"><span>${from}</span></i>`)}</div>`;
}
