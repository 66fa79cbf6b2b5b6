import type { Process } from '../../analysis/process.ts';
import { resultLayerId } from '../../catalog/result-layer.ts';
import type { Job, StoredOutcome } from '../../results/job.ts';
import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { html } from '../html/html.ts';
import { page, shownInstant, shownNumber } from '../html/layout.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';
import { processesStep } from './process-pages.ts';
import type { StatusDocument } from './schemas.ts';

const WORDS = {
  vi: {
    status: 'Tình trạng',
    progress: 'Tiến độ',
    created: 'Yêu cầu lúc',
    finished: 'Xong lúc',
    expires: 'Lưu đến',
    map: 'Mở trên bản đồ',
    forms: 'Xem và in các biểu',
    workbook: 'Tải bảng tính XLSX',
    layers: 'Các lớp của kết quả',
    rows: 'dòng',
    id: 'Mã tác vụ',
  },
  en: {
    status: 'Status',
    progress: 'Progress',
    created: 'Requested at',
    finished: 'Done at',
    expires: 'Stored until',
    map: 'Open on the map',
    forms: 'See and print the forms',
    workbook: 'Download XLSX workbook',
    layers: 'Layers of the result',
    rows: 'rows',
    id: 'Id of the job',
  },
};

interface JobPage {
  readonly services: Services;
  readonly place: DocumentPlace;
  readonly job: Job;
  readonly status: StatusDocument;
  /** Undefined if this server lacks it. */
  readonly process: Process | undefined;
  /** Undefined unless the job was successful. */
  readonly outcome: StoredOutcome | undefined;
}

/** Renders the state of a job, and what its result offers: the map, a workbook, and its layers. */
export function jobPage({ services, place, job, status, process, outcome }: JobPage): Reply {
  const { base, language } = place;
  const words = WORDS[language];
  const rows: readonly (readonly [string, string | undefined])[] = [
    [words.status, status.message],
    [words.progress, `${shownNumber(job.progress, language)}%`],
    [words.created, shownInstant(job.created, language)],
    [words.finished, job.finished ? shownInstant(job.finished, language) : undefined],
    [words.expires, shownInstant(job.expires, language)],
    [words.id, job.id],
  ];
  const shown = rows.filter(([, value]) => value !== undefined);
  const inputs = encodeURIComponent(JSON.stringify(job.inputs));
  const onMap = `${base}/map?lang=${language}#run=${encodeURIComponent(job.process)}&inputs=${inputs}`;
  return page({
    ...frame(services, place),
    title: process?.title[language] ?? job.process,
    trail: trailTo(place, processesStep(place)),
    body: html`<dl>${shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<p><a href="${onMap}">${words.map}</a>${outcome && html` · <a href="${base}/jobs/${job.id}/results?f=xlsx&amp;lang=${language}">${words.workbook}</a>`}${outcome && process?.forms && html` · <a href="${base}/jobs/${job.id}/results?f=html&amp;lang=${language}">${words.forms}</a>`}</p>
${outcome && outcome.layers.length > 0 && html`<h2>${words.layers}</h2><ul class="plain">${outcome.layers.map(({ id, title, count }) => html`<li><a href="${collectionUrl(base, resultLayerId({ job: job.id, id }))}?f=html&amp;lang=${language}">${title[language]}</a> <span class="quiet">${shownNumber(count, language)} ${words.rows}</span></li>`)}</ul>`}`,
  });
}
