import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { type Content, type Html, html } from '../html/html.ts';
import { htmlTable, page, shownInstant, shownNumber } from '../html/layout.ts';
import { smallMap } from '../html/small-map.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';
import { downloadLinks, qualityStep } from './quality-page.ts';
import type { ListedFinding, QualityDocument, RuleDocument } from './quality-shapes.ts';
import { checkedText, unitsTable } from './quality-tables.ts';
import { pageUrl, qualityUrl } from './quality-urls.ts';
import { amountText, ruleScoreHtml, unitName } from './score-words.ts';

const WORDS = {
  vi: {
    facts: ['Điểm', 'Cách sửa', 'Phạm vi', 'Ngưỡng', 'Đã đánh giá', 'Chưa đạt', 'Trọng số', 'Căn cứ', 'Kiểm tra lúc'],
    findings: 'Lỗi',
    headings: ['Nội dung', 'Trên bản đồ', 'Phát hiện lúc', 'Xác nhận'],
    see: 'Xem trên bản đồ',
    nowhere: 'không có vị trí',
    none: 'Không có lỗi nào.',
    some: (shown: string, all: string) => `${shown} lỗi đầu tiên trong ${all}.`,
    all: 'Danh sách đầy đủ, lọc và tải về được',
    units: 'Theo phường, xã',
    acknowledge: 'Lỗi đúng theo hồ sơ thì xác nhận thế nào?',
    how: 'Người có quyền sửa ghi lý do vào thuộc tính acknowledged_reason của lỗi (bấm vào nội dung để mở lỗi), bằng QGIS hoặc bằng lệnh dưới đây. Bản ghi khi đó tính là đạt, cho đến khi trị số của lỗi thay đổi.',
    example: 'đúng theo hồ sơ',
  },
  en: {
    facts: ['Score', 'How to mend', 'Scope', 'Tolerance', 'Assessed', 'Fail', 'Weight', 'Basis', 'Checked at'],
    findings: 'Findings',
    headings: ['What is wrong', 'On the map', 'Found at', 'Acknowledged'],
    see: 'See it on the map',
    nowhere: 'no place',
    none: 'There is no finding.',
    some: (shown: string, all: string) => `The first ${shown} of ${all}.`,
    all: 'The whole list, to filter and to download',
    units: 'By commune',
    acknowledge: 'How is a finding acknowledged that is right by its file?',
    how: 'Whoever may edit writes the reason into the attribute acknowledged_reason of the finding (a click on its text opens it), in QGIS or by the command below. The record then passes, until the measure of the finding changes.',
    example: 'right by the file',
  },
};

/** Shows a rule, everywhere or in a unit: its score, its findings with their places, and how to mend them. */
export function rulePage(services: Services, document: QualityDocument, place: DocumentPlace): Reply {
  const { language } = place;
  const words = WORDS[language];
  const { unit, rule } = document;
  if (!rule) throw new Error('a page of a rule without one');
  const unitSteps = unit ? ([[unitName(unit, language), qualityUrl(place, { unit })]] as const) : [];
  return page({
    ...frame(services, place),
    title: unit ? `${rule.title[language]}: ${unitName(unit, language)}` : rule.title[language],
    trail: trailTo(place, qualityStep(place), ...unitSteps),
    body: html`${facts(rule, place)}
${rule.units.length > 0 && html`<h2>${words.units}</h2>${unitsTable(rule.units, place)}`}
<h2>${words.findings}</h2>
${rule.listed.length > 0 ? findings(rule, place) : html`<p>${words.none}</p>`}
${downloadLinks(place)}`,
  });
}

function facts(rule: RuleDocument, { language }: DocumentPlace): Html {
  const values: readonly Content[] = [
    ruleScoreHtml(rule, language),
    rule.advice[language],
    rule.scope[language],
    rule.tolerance?.[language],
    amountText(rule.records, rule, language),
    amountText(rule.failing, rule, language),
    shownNumber(rule.weight, language),
    rule.basis,
    checkedText(rule, language),
  ];
  const names = WORDS[language].facts;
  return html`<dl>${values.map((value, index) => value !== undefined && html`<dt>${names[index]}</dt><dd>${value}</dd>`)}</dl>`;
}

function findings(rule: RuleDocument, place: DocumentPlace): Html {
  const { language } = place;
  const words = WORDS[language];
  const number = (value: number) => shownNumber(value, language);
  const points = rule.listed.flatMap(({ title, lon, lat }) =>
    lon === null || lat === null
      ? []
      : [{ geometry: { type: 'Point' as const, coordinates: [lon, lat] }, title: title[language] }],
  );
  return html`${smallMap(place.base, points)}
${htmlTable(
  words.headings,
  rule.listed.map((finding) => findingRow(finding, place)),
)}
<p>${rule.findings > rule.listed.length && words.some(number(rule.listed.length), number(rule.findings))}
<a href="${pageUrl(rule.items, language)}">${words.all}</a></p>
${acknowledging(rule.listed[0], place)}`;
}

function findingRow(finding: ListedFinding, { language }: DocumentPlace): Content[] {
  const { title, item, map, foundAt, acknowledgedReason, lon } = finding;
  const words = WORDS[language];
  return [
    html`<a href="${pageUrl(item, language)}">${title[language]}</a>`,
    lon === null ? words.nowhere : html`<a href="${map}">${words.see}</a>`,
    shownInstant(foundAt, language),
    acknowledgedReason,
  ];
}

/** Shows how a finding is acknowledged: an edit of an attribute, for those who may. */
function acknowledging(finding: ListedFinding | undefined, { language }: DocumentPlace): Html | undefined {
  if (!finding) return undefined;
  const words = WORDS[language];
  const change = JSON.stringify({ properties: { acknowledged_reason: words.example } });
  return html`<details class="screen"><summary>${words.acknowledge}</summary><p>${words.how}</p>
<code class="copy">curl -X PATCH '${finding.item}' -H 'content-type: application/merge-patch+json' -d '${change}'</code></details>`;
}
