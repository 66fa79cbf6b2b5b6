import type { ProcessTable } from '../../analysis/process.ts';
import { isObject } from '../../lib/shape.ts';
import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { html } from '../html/html.ts';
import { htmlTable, page, shownNumber } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { JsonSchema } from '../kit/parameters.ts';
import type { Reply } from '../kit/reply.ts';
import type { ProcessDocument, SummaryDocument } from './schemas.ts';

const WORDS = {
  vi: {
    list: 'Phân tích',
    intro: 'Chạy trên bản đồ, hoặc gửi yêu cầu đến máy chủ (OGC API - Processes).',
    onMap: 'Chạy trên bản đồ',
    inputs: 'Đầu vào',
    outputs: 'Kết quả',
    name: 'Tên',
    value: 'Giá trị',
    meaning: 'Ý nghĩa',
    tables: 'Bảng tra',
    run: 'Gửi yêu cầu',
    runHint: 'POST một tài liệu JSON {"inputs": {…}} đến địa chỉ này; thêm "Prefer: respond-async" để chạy nền:',
  },
  en: {
    list: 'Analysis',
    intro: 'Run them on the map, or send a request (OGC API - Processes).',
    onMap: 'Run it on the map',
    inputs: 'Inputs',
    outputs: 'Results',
    name: 'Name',
    value: 'Value',
    meaning: 'Meaning',
    tables: 'Tables',
    run: 'Send a request',
    runHint: 'POST a JSON document {"inputs": {…}} to this address; add "Prefer: respond-async" for the background:',
  },
};

/** Returns the breadcrumb of the list of processes. */
export function processesStep({ base, language }: DocumentPlace): readonly [string, string] {
  return [WORDS[language].list, `${base}/processes`];
}

export function processesPage(services: Services, processes: readonly SummaryDocument[], place: DocumentPlace): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  const cards = processes.map(
    ({ id, title, description }) => html`<section class="card">
<h2><a href="${base}/processes/${id}?f=html&amp;lang=${language}">${title}</a></h2><p>${description}</p></section>`,
  );
  return page({
    ...frame(services, place),
    title: words.list,
    trail: trailTo(place),
    body: html`<p>${words.intro} <a href="${base}/map?lang=${language}">${words.onMap}</a></p><div class="cards wide">${cards}</div>`,
  });
}

export function processPage(services: Services, process: ProcessDocument, place: DocumentPlace): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  const { id, title, description, inputs, outputs, links } = process;
  const tables = links.filter(({ rel }) => rel === 'related');
  const rowsOf = (members: Readonly<Record<string, { title?: string; description?: string; schema: JsonSchema }>>) =>
    Object.entries(members).map(([name, { title: short, description: long, schema }]) => [
      html`<code>${name}</code>`,
      shownSchema(schema),
      long ?? short,
    ]);
  const headings = [words.name, words.value, words.meaning];
  return page({
    ...frame(services, place),
    title,
    trail: trailTo(place, processesStep(place)),
    body: html`<p>${description}</p>
<p><a href="${base}/map?lang=${language}#run=${encodeURIComponent(id)}">${words.onMap}</a></p>
<h2>${words.inputs}</h2>${htmlTable(headings, rowsOf(inputs))}
<h2>${words.outputs}</h2>${htmlTable(headings, rowsOf(outputs))}
${tables.length > 0 && html`<h2>${words.tables}</h2><ul class="plain">${tables.map(({ href, title: name }) => html`<li><a href="${href}?f=html&amp;lang=${language}">${name}</a></li>`)}</ul>`}
<h2>${words.run}</h2><p>${words.runHint}</p><code class="copy">${base}/processes/${id}/execution</code>`,
  });
}

/** Renders the rows of a table of a process. */
export function tablePage(
  services: Services,
  { title, summary, columns }: ProcessTable,
  { rows, place }: { readonly rows: readonly unknown[]; readonly place: DocumentPlace },
): Reply {
  const { language } = place;
  const cell = (value: unknown): string => {
    if (typeof value === 'number') return shownNumber(value, language);
    return isObject(value) ? String(value[language] ?? '') : String(value ?? '');
  };
  const names = Object.keys(columns);
  const lines = rows.map((row) => names.map((name) => cell((row as Readonly<Record<string, unknown>>)[name])));
  const headings = Object.values(columns).map((each) => each[language]);
  return page({
    ...frame(services, place),
    title: title[language],
    trail: trailTo(place, processesStep(place)),
    body: html`<p>${summary[language]}</p>${htmlTable(headings, lines)}`,
  });
}

/** Returns a short form of a schema: its type or the values to choose from, its limits and its default. */
function shownSchema(schema: JsonSchema): string {
  const {
    type,
    enum: choices,
    format,
    minimum,
    maximum,
    default: fallback,
    anyOf,
    oneOf,
  } = schema as Partial<
    Record<'type' | 'format', string> &
      Record<'minimum' | 'maximum', number> &
      Record<'anyOf' | 'oneOf', JsonSchema[]> & { enum: unknown[]; default: unknown }
  >;
  const alternatives = choices ?? (anyOf ?? oneOf)?.map(shownSchema) ?? [format ?? type ?? ''];
  const limits = minimum !== undefined && maximum !== undefined ? ` ${minimum} … ${maximum}` : '';
  const chosen = fallback === undefined ? '' : ` (= ${JSON.stringify(fallback)})`;
  return [...new Set(alternatives.map(String))].join(' | ') + limits + chosen;
}
