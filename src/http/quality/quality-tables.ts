import type { Language } from '../../lib/errors.ts';
import { type Content, type Html, html } from '../html/html.ts';
import { htmlTable, shownInstant, shownNumber } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { QualityDatabase, QualityDocument, ScoredRule, ScoredUnit } from './quality-shapes.ts';
import { pageUrl } from './quality-urls.ts';
import { amountText, gainText, ruleScoreHtml, scoreHtml, scoreText, unitName } from './score-words.ts';

const WORDS = {
  vi: {
    unit: ['Phường, xã', 'Điểm', 'Lỗi'],
    rule: ['Tiêu chí', 'Quy tắc', 'Điểm', 'Trọng số', 'Đã đánh giá', 'Chưa đạt', 'Lỗi', 'Kiểm tra lúc'],
    mending: ['Việc cần làm', 'Nơi nhiều nhất', 'Lỗi', 'Điểm tăng mỗi lỗi', 'Điểm tăng khi sửa hết'],
    weight: 'trọng số',
    stale: 'cần chạy lại',
  },
  en: {
    unit: ['Commune', 'Score', 'Findings'],
    rule: ['Criterion', 'Rule', 'Score', 'Weight', 'Assessed', 'Fail', 'Findings', 'Checked at'],
    mending: ['What to do', 'Where most', 'Findings', 'Points a finding', 'Points for all'],
    weight: 'weight',
    stale: 'to be run again',
  },
};

/** Lists what to mend first, with the way to mend it, the place of most of it, and the points that it wins. */
export function mendingTable(mending: QualityDocument['mending'], place: DocumentPlace): Html {
  const { language } = place;
  return htmlTable(
    WORDS[language].mending,
    mending.map(({ title, advice, findings, points, pointsEach, most, url }) => [
      html`<a href="${pageUrl(url, language)}">${title[language]}</a><br><span class="quiet">${advice[language]}</span>`,
      most &&
        html`<a href="${pageUrl(most.url, language)}">${unitName(most, language)}</a> (${shownNumber(most.findings, language)})`,
      shownNumber(findings, language),
      gainText(pointsEach, language),
      gainText(points, language),
    ]),
  );
}

/** Lists units with their scores: the lowest comes first, and what is not assessed last. */
export function unitsTable(units: readonly ScoredUnit[], { language }: DocumentPlace): Html {
  const rows = units
    .toSorted((a, b) => (a.score ?? 101) - (b.score ?? 101))
    .map((unit) => [
      html`<a href="${pageUrl(unit.url, language)}">${unitName(unit, language)}</a>`,
      scoreHtml(unit.score, language),
      shownNumber(unit.findings, language),
    ]);
  return htmlTable(WORDS[language].unit, rows);
}

/** Shows a database: each of its layers with the rules, and every weight beside its score. */
export function databaseSection({ title, score, weight, fields }: QualityDatabase, { language }: DocumentPlace): Html {
  return html`<h3>${title[language]}: ${scoreText(score, language)}, ${weightText(weight, language)}</h3>
${fields.map((field) => html`<h4>${field.title[language]}: ${scoreText(field.score, language)}, ${weightText(field.weight, language)}</h4>${htmlTable(WORDS[language].rule, ruleRows(field.criteria, language))}`)}`;
}

function weightText(weight: number, language: Language): string {
  return `${WORDS[language].weight} ${shownNumber(weight, language)}`;
}

type Criteria = QualityDatabase['fields'][number]['criteria'];

function ruleRows(criteria: Criteria, language: Language): Content[][] {
  return criteria.flatMap((criterion) =>
    criterion.rules.map((rule) => [
      html`${criterion.title[language]}: ${scoreText(criterion.score, language)}<br><span class="quiet">${weightText(criterion.weight, language)}</span>`,
      html`<a href="${pageUrl(rule.url, language)}">${rule.title[language]}</a>`,
      ruleScoreHtml(rule, language),
      shownNumber(rule.weight, language),
      amountText(rule.records, rule, language),
      amountText(rule.failing, rule, language),
      shownNumber(rule.findings, language),
      checkedText(rule, language),
    ]),
  );
}

/** Returns the time of the last run, and tells if the rule must run again. */
export function checkedText({ checkedAt, isCurrent }: ScoredRule, language: Language): string {
  if (checkedAt === null) return '–';
  return `${shownInstant(checkedAt, language)}${isCurrent ? '' : `, ${WORDS[language].stale}`}`;
}
