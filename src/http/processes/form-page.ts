import type { ResultForm, ResultFormCell } from '../../analysis/form.ts';
import type { Process } from '../../analysis/process.ts';
import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { Html, html } from '../html/html.ts';
import { page } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';
import { headLines } from './form-head.ts';
import { processesStep } from './process-pages.ts';

/** A form fills a page of A3, or of A4 in a smaller print. */
const FORM_STYLE = new Html(`
main{max-width:none}.form{margin:2rem 0}.form h2{text-align:center;margin:1rem 0 .2rem}.form .centre{text-align:center;margin:0 0 .6rem}
.form-top{display:flex;justify-content:space-between;gap:1rem}.form-top p{margin:0}.form-top .motto{text-align:center}
.form table{font-size:.82rem}.form th,.form td{border:1px solid #9aa5ae;padding:.2rem .4rem;min-width:0}
.form thead th{text-align:center;vertical-align:middle;font-weight:600}.form thead tr:last-child th{font-weight:400}
.form td.figure{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}.form td.figure a{color:inherit;text-decoration-color:#9aa5ae}
.form td.why{background:repeating-linear-gradient(135deg,#fff 0 4px,#e3e6e9 4px 6px)}
.form td.title{min-width:16rem}.form tr.strong td{font-weight:700}
.signers{display:flex;justify-content:space-around;gap:1rem;text-align:center;margin:1rem 0 4.5rem}.signers p{margin:0}
@page{size:A3 landscape;margin:10mm}
@media print{header,footer,.trail,.on-screen,h1{display:none}main{padding:0}.form{margin:0;break-before:page}.form:first-of-type{break-before:auto}
.form .scroll{overflow:visible;border:0}.form table{font-size:6.5pt;line-height:1.25}.form th,.form td{padding:.5mm .8mm}
.form h2{font-size:11pt;margin:0}.form p,.form .centre{font-size:8pt;margin:0}.form a{text-decoration:none;color:inherit}
.form td.title{min-width:54mm}.form.wide table{font-size:5pt}.form.wide th{overflow-wrap:anywhere}.form.wide td.title{min-width:40mm}
.form td.why{-webkit-print-color-adjust:exact;print-color-adjust:exact}thead{display:table-header-group}tr,.signers{break-inside:avoid}}
`);

/** More columns are printed smaller. */
const WIDE = 30;

const WORDS = {
  vi: {
    workbook: 'Tải sổ Excel (XLSX)',
    print: 'In trên giấy A3 hoặc A4 ngang. Bấm vào một số để xem các thửa của nó.',
  },
  en: {
    workbook: 'Download the workbook (XLSX)',
    print:
      'Prints on A3 or A4, landscape. Click a figure to see its parcels. The forms are in Vietnamese, as prescribed.',
  },
};

interface FormPage {
  readonly services: Services;
  readonly place: DocumentPlace;
  readonly process: Process;
  readonly job: string;
  readonly forms: readonly ResultForm[];
}

/** Renders the forms of a result for the screen and for paper. */
export function formPage({ services, place, process, job, forms }: FormPage): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  return page({
    ...frame(services, place),
    title: process.title[language],
    trail: trailTo(place, processesStep(place), [process.title[language], `${base}/jobs/${job}`]),
    body: html`<style>${FORM_STYLE}</style>
<p class="on-screen">${words.print} <a href="${base}/jobs/${job}/results?f=xlsx&amp;lang=${language}">${words.workbook}</a></p>
${forms.map((form) => formSection(form, base))}`,
  });
}

function formSection(
  { code, title, subtitle, motto, reporter, columns, rows, signers, notes }: ResultForm,
  base: string,
): Html {
  const lines = headLines(columns.map(({ path }) => path));
  const [first, ...others] = motto;
  return html`<section class="${columns.length > WIDE ? 'form wide' : 'form'}" lang="vi">
<div class="form-top"><p><strong>Biểu ${code}</strong></p><p class="motto"><strong>${first}</strong>${others.map((line) => html`<br>${line}`)}</p><p>${reporter.map((line) => html`${line}<br>`)}</p></div>
<h2>${title}</h2>${subtitle.map((line) => html`<p class="centre">${line}</p>`)}
<div class="scroll"><table><thead>
${lines.map((line) => html`<tr>${line.map(({ text, columnSpan, rowSpan }) => html`<th colspan="${columnSpan}" rowspan="${rowSpan}">${text}</th>`)}</tr>`)}
<tr>${columns.map(({ line }) => html`<th>${line}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr${row.level <= 1 && html` class="strong"`}>${row.cells.map((cell) => htmlCell(cell, base))}</tr>\n`)}</tbody></table></div>
<div class="signers">${signers.map(([signer, hint]) => html`<div><p>Ngày …… tháng …… năm ……</p><p><strong>${signer}</strong></p><p>${hint}</p></div>`)}</div>
${notes.map((note) => html`<p class="quiet">${note}</p>`)}
</section>`;
}

function htmlCell(cell: ResultFormCell, base: string): Html {
  if ('why' in cell) return html`<td class="why" title="${cell.why}"></td>`;
  if ('text' in cell) {
    const style = cell.indent ? html` style="padding-left:${cell.indent + 0.4}rem"` : null;
    return html`<td${cell.indent === undefined ? null : html` class="title"`}${style}>${cell.text}</td>`;
  }
  const { number, digits, href } = cell;
  // Nothing at all is a dash, so that figures stand out.
  if (number === 0 && !href) return html`<td class="figure">-</td>`;
  const text = number.toLocaleString('vi-VN', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return html`<td class="figure">${href ? html`<a href="${base}/${href}&amp;f=html">${text}</a>` : text}</td>`;
}
