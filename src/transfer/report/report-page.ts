import { type Xml, xml } from '../../lib/xml.ts';
import type { ReportRow } from '../import/report-rows.ts';
import type { ImportReport } from '../import/request.ts';

/** Most rows of a page, which a browser shows within a second. The other formats have all. */
const SHOWN = 10_000;

const REPORT_STYLE = `body{font:16px/1.5 system-ui,"Segoe UI","Noto Sans",sans-serif;max-width:70rem;margin:0 auto;padding:1rem;color:#1d2733}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:1.8rem}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #d9dfe5}th{background:#f6f8f7}
td.n{text-align:right;font-variant-numeric:tabular-nums}.quiet{color:#5a6875}`;

/** Yields the report as a page that needs no other file. */
export async function* reportPage(report: ImportReport, rows: AsyncIterable<ReportRow>): AsyncGenerator<string> {
  const { layer } = report;
  yield `<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${xml`Nhập ${layer}`.text}</title><style>${REPORT_STYLE}</style></head><body>`;
  yield reportHead(report).text;
  yield '<h2>Từng dòng / Rows</h2><table><tr><th>Dòng</th><th>Kết quả</th><th>Lý do</th><th>Vị trí (kinh độ, vĩ độ)</th></tr>';
  let count = 0;
  for await (const row of rows) if (++count <= SHOWN) yield lineOfRow(row).text;
  yield '</table>';
  if (count === 0)
    yield '<p>Mọi dòng đã được nhận nguyên vẹn. <span class="quiet">Every row was taken as it is.</span></p>';
  if (count > SHOWN)
    yield `<p>Còn ${count - SHOWN} dòng nữa: xem báo cáo .csv hoặc .json. <span class="quiet">${count - SHOWN} more rows: see the report as .csv or .json.</span></p>`;
  yield '</body></html>\n';
}

function reportHead({
  layer,
  mode,
  isDryRun,
  read,
  rows,
  repaired,
  refused,
  reasons,
  changes,
  leftOut,
  renamed,
  notes,
  register,
}: ImportReport): Xml {
  const { inserted, updated, unchanged, deleted, split, merged, renumbered, dependents } = rows;
  const counts: readonly (readonly [string, number])[] = [
    ['Đọc / read', read],
    ['Thêm / inserted', inserted],
    ['Sửa / updated', updated],
    ['Giữ nguyên / unchanged', unchanged],
    ['Xóa / deleted', deleted],
    ['Tách / split', split],
    ['Hợp / merged', merged],
    ['Đổi số / renumbered', renumbered],
    ['Hình học được sửa / mended', repaired],
    ['Từ chối / refused', refused],
    ...dependents.map(({ table, count }) => [`Xóa theo / deleted with them: ${table}`, count] as const),
  ];
  return xml`<h1>Báo cáo nhập vào ${layer} (${mode})</h1>${
    isDryRun && xml`<p>Chạy thử: chưa ghi gì. <span class="quiet">A dry run: nothing was written.</span></p>`
  }<table>${counts.map(([title, count]) => xml`<tr><th>${title}</th><td class="n">${count}</td></tr>`)}</table>${listSection(
    'Lý do từ chối / Reasons',
    reasons.map(({ reason, count }) => [reason.vi, reason.en, count]),
  )}${listSection(
    'Giá trị thay đổi / Changed values',
    changes.map(({ column = 'geometry', what, count }) => [`${column}: ${what.vi}`, what.en, count]),
  )}${listSection(
    'Cột bỏ lại / Columns left out',
    leftOut.map(({ column, why }) => [`${column}: ${why.vi}`, why.en, '']),
  )}${listSection(
    'Cột đổi tên / Renamed columns',
    renamed.map(({ from, to }) => [from, to, '']),
  )}${listSection(
    'Ghi chú / Notes',
    notes.map(({ vi, en }) => [vi, en, '']),
  )}${register && joinedSections(register)}`;
}

function joinedSections({ withoutFeature, withoutRow }: NonNullable<ImportReport['register']>): Xml {
  const lines = ({ keys, count }: typeof withoutRow) =>
    count ? [[keys.join(', '), count > keys.length ? '…' : '', count] as const] : [];
  return xml`${listSection('Dòng không có đối tượng / Rows without a feature', lines(withoutFeature))}${listSection(
    'Đối tượng không có dòng / Features without a row',
    lines(withoutRow),
  )}`;
}

function listSection(title: string, lines: readonly (readonly [string, string, string | number])[]): Xml | false {
  return (
    lines.length > 0 &&
    xml`<h2>${title}</h2><table>${lines.map(
      ([vi, en, count]) => xml`<tr><td>${vi} <span class="quiet">${en}</span></td><td class="n">${count}</td></tr>`,
    )}</table>`
  );
}

const TITLES = {
  refused: 'từ chối',
  mended: 'đã sửa',
  split: 'tách',
  merge: 'hợp',
  renumber: 'đổi số',
  beside: 'bên cạnh',
} as const;

function lineOfRow({ number, outcome, reasons, place }: ReportRow): Xml {
  const title = TITLES[outcome];
  return xml`<tr><td class="n">${number}</td><td>${title}</td><td>${reasons.map(
    ({ vi, en }) => xml`<div>${vi} <span class="quiet">${en}</span></div>`,
  )}</td><td>${place?.map((each) => each.toFixed(6)).join(', ')}</td></tr>`;
}
