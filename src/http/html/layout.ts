import type { Language, Text } from '../../lib/errors.ts';
import { withParameters } from '../kit/links.ts';
import { htmlPage as htmlReply, type Reply } from '../kit/reply.ts';
import { type Content, type Html, html } from './html.ts';
import { STYLE } from './style.ts';

/** One page: its content, and its place on the site. */
export interface Page {
  readonly title: string;
  readonly language: Language;
  /** Base URL of the server, without a slash at the end. */
  readonly base: string;
  /** URL of the page, for the language switch and the link to its JSON. */
  readonly url: string;
  /** From the landing page down: `[text, url]`. */
  readonly trail?: readonly (readonly [text: string, url: string])[];
  /** Name of the agency that owns the data. */
  readonly agency?: string;
  readonly synthetic?: boolean;
  /** True if the same content is available as JSON. */
  readonly hasJson?: boolean;
  readonly body: Content;
}

const WORDS = {
  tagline: { vi: 'Dữ liệu đất đai và môi trường', en: 'Land and environment data' },
  synthetic: {
    vi: 'Dữ liệu mô phỏng: sinh ra bằng máy để dùng thử, không phải dữ liệu thật.',
    en: 'Synthetic data: generated for trial use, not real.',
  },
  map: { vi: 'Bản đồ', en: 'Map' },
  layers: { vi: 'Các lớp', en: 'Layers' },
  docs: { vi: 'Hướng dẫn', en: 'Docs' },
  other: { vi: 'English', en: 'Tiếng Việt' },
} satisfies Record<string, Text>;

/** Returns the page as an answer. It runs no script, and loads nothing but pictures of this server. */
export function page(page: Page, status = 200): Reply {
  return htmlReply(renderPage(page).text, {
    status,
    headers: {
      'content-language': page.language,
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data: ${new URL(page.base).origin}; base-uri 'none'`,
      vary: 'Accept, Accept-Language',
    },
  });
}

function renderPage({ title, language, base, url, trail = [], agency, synthetic, hasJson, body }: Page): Html {
  const other = language === 'vi' ? 'en' : 'vi';
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Địa Bạ</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header>
<a class="brand" href="${base}/?lang=${language}"><strong>Địa Bạ</strong> <span>${agency ?? WORDS.tagline[language]}</span></a>
<nav><a href="${base}/map">${WORDS.map[language]}</a> <a href="${base}/collections?f=html&amp;lang=${language}">${WORDS.layers[language]}</a>
<a href="${base}/api?f=html&amp;lang=${language}">API</a> <a href="${base}/docs?lang=${language}">${WORDS.docs[language]}</a> <a lang="${other}" hreflang="${other}" href="${withParameters(url, { lang: other, f: 'html' })}">${WORDS.other[language]}</a></nav>
</header>
${synthetic && html`<p class="notice">${WORDS.synthetic[language]}</p>`}
<main>
${trail.length > 0 && html`<p class="trail">${trail.map(([text, link], step) => html`${step > 0 && ' / '}<a href="${withParameters(link, { lang: language, f: 'html' })}">${text}</a>`)}</p>`}
<h1>${title}</h1>
${body}
</main>
${hasJson && html`<footer><a href="${withParameters(url, { f: 'json' })}">JSON</a></footer>`}
</body>
</html>
`;
}

/** Renders a table with a row of headings. Wide tables scroll by themselves, so that a page fits a telephone. */
export function htmlTable(headings: readonly Content[], rows: readonly (readonly Content[])[]): Html {
  return html`<div class="scroll"><table>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}

const LOCALES: Text = { vi: 'vi-VN', en: 'en-GB' };

/** Time zone of the province, in which an observation of 20:00 UTC is one of the next day. */
export const PROVINCE_ZONE = 'Asia/Ho_Chi_Minh';

/** Formats an instant in the time of the province: 27/11/2026 08:25. */
export function shownInstant(instant: string, language: Language): string {
  const clock = { timeZone: PROVINCE_ZONE, hour: '2-digit', minute: '2-digit' } as const;
  return `${formatDay(instant, PROVINCE_ZONE, language)} ${new Date(instant).toLocaleTimeString('en-GB', clock)}`;
}

/** Formats a number in Vietnamese and English: 2.159,6 and 2,159.6. */
export function shownNumber(value: number, language: Language): string {
  return value.toLocaleString(LOCALES[language], { maximumFractionDigits: 6 });
}

/** Formats the day of an instant: 26/11/2026. */
export function formatDay(instant: string, timeZone: string, language: Language): string {
  const parts = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
  return new Date(instant).toLocaleDateString(LOCALES[language], { timeZone, ...parts });
}
