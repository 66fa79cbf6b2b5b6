import type { UnitShape } from '../../quality/finding-query.ts';
import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { type Html, html } from '../html/html.ts';
import { page, shownNumber } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';
import type { Reply } from '../kit/reply.ts';
import type { QualityDocument } from './quality-shapes.ts';
import { databaseSection, mendingTable, unitsTable } from './quality-tables.ts';
import { scoreMap } from './score-map.ts';
import { scoreHtml, scoreMeter, scoreText, unitName } from './score-words.ts';
import { trendChart } from './trend-chart.ts';

const WORDS = {
  vi: {
    title: 'Chất lượng dữ liệu',
    intro: 'Dữ liệu đúng và đủ đến đâu, sai ở chỗ nào, sửa gì trước.',
    start: 'Chưa có quy tắc nào được chạy. Chạy kiểm tra một lần để có điểm:',
    aim: (aim: string) => `Mục tiêu của cơ quan: ${aim}.`,
    reached: 'Đã đạt mục tiêu.',
    short: (points: string) => `Còn thiếu ${points} điểm.`,
    open: (count: string) => `${count} lỗi chưa sửa.`,
    first: 'Nên sửa trước',
    firstNote: 'Xếp theo điểm chung tăng thêm khi sửa một lỗi: việc đầu bảng đáng làm nhất.',
    units: 'Theo phường, xã',
    trend: 'Diễn biến',
    details: 'Chi tiết theo quy tắc',
    files: 'Tải về',
    print: 'Trang này in được trên giấy A4.',
    check: 'Chạy kiểm tra',
  },
  en: {
    title: 'Data quality',
    intro: 'How correct and how complete the data is, what is wrong where, and what to mend first.',
    start: 'No rule has run. Run the check once for scores:',
    aim: (aim: string) => `The aim of the agency: ${aim}.`,
    reached: 'It is reached.',
    short: (points: string) => `${points} points are missing.`,
    open: (count: string) => `${count} findings to mend.`,
    first: 'What to mend first',
    firstNote: 'By the points that mending one finding adds to the score of all: the first line is worth most.',
    units: 'By commune',
    trend: 'Trend',
    details: 'By rule',
    files: 'Download',
    print: 'This page prints on A4.',
    check: 'Run the check',
  },
};

/** Shows the scores of the province, or of a unit: how far it is, what to mend first, where, and the trend. */
export function qualityPage(
  services: Services,
  document: QualityDocument,
  { place, shapes }: { readonly place: DocumentPlace; readonly shapes: readonly UnitShape[] },
): Reply {
  const { language } = place;
  const words = WORDS[language];
  const { unit, databases, mending, units, notes } = document;
  return page({
    ...frame(services, place),
    title: unit ? `${words.title}: ${unitName(unit, language)}` : words.title,
    trail: unit ? trailTo(place, qualityStep(place)) : trailTo(place),
    body: html`<p>${words.intro}</p>
${headline(document, place)}
${mending.length > 0 && html`<h2>${words.first}</h2><p class="quiet">${words.firstNote}</p>${mendingTable(mending, place)}`}
${units.length > 0 && html`<h2>${words.units}</h2>${scoreMap(units, shapes, place)}${unitsTable(units, place)}`}
<h2>${words.trend}</h2>
${trendChart(document, language)}
<h2>${words.details}</h2>
${databases.map((database) => databaseSection(database, place))}
${notes.map((note) => html`<p class="quiet">${note[language]}</p>`)}
${downloadLinks(place)}`,
  });
}

/** The breadcrumb of the page of the province. */
export function qualityStep({ base, language }: DocumentPlace): readonly [string, string] {
  return [WORDS[language].title, `${base}/quality`];
}

/** Returns the score with its lines, the way to the aim, and the scores of the databases. */
function headline({ score, lines, findings, databases }: QualityDocument, place: DocumentPlace): Html {
  const { language } = place;
  const words = WORDS[language];
  if (score === null) return html`<p class="score">${scoreText(null, language)}</p>${checkLink(place)}`;
  const missing = shownNumber(Math.round((lines.aim - score) * 10) / 10, language);
  return html`<p class="score">${scoreText(score, language)}</p>
${scoreMeter(score)}
<p>${words.aim(scoreText(lines.aim, language))} ${score >= lines.aim ? words.reached : words.short(missing)} ${words.open(shownNumber(findings, language))}</p>
<ul class="key">${databases.map((each) => html`<li>${each.title[language]}: <strong>${scoreHtml(each.score, language)}</strong></li>`)}</ul>`;
}

function checkLink({ base, language }: DocumentPlace): Html {
  const { start, check } = WORDS[language];
  const url = withParameters(`${base}/processes/quality-check`, { f: 'html', lang: language });
  return html`<p>${start} <a href="${url}">${check}</a></p>`;
}

export function downloadLinks({ url, language }: DocumentPlace): Html {
  const { files, print } = WORDS[language];
  const link = (f: string, text: string) => html`<a href="${withParameters(url, { f, lang: language })}">${text}</a>`;
  return html`<p class="screen">${files}: ${link('xlsx', 'XLSX')}, ${link('csv', 'CSV')}. <span class="quiet">${print}</span></p>`;
}
