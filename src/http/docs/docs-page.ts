import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { type Html, html } from '../html/html.ts';
import { page } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';
import type { Reply } from '../kit/reply.ts';
import type { Manual, ManualPage } from './manual.ts';

const WORDS = {
  vi: { docs: 'Hướng dẫn', pages: 'Các trang hướng dẫn', source: 'Trang này dạng Markdown', list: 'Mục lục' },
  en: { docs: 'Documentation', pages: 'Pages of the documentation', source: 'This page as Markdown', list: 'Contents' },
};

/** Only pictures of this server are loaded; otherwise, like every page, it loads nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'";

/** Renders a page of the reference, with links to the others. */
export function docsPage(services: Services, place: DocumentPlace, manual: Manual, shown: ManualPage): Reply {
  const { base, url, language } = place;
  const words = WORDS[language];
  const { title, body } = manual.render(shown, base, language);
  const isContents = shown === manual.contents;
  const reply = page({
    ...frame(services, place),
    hasJson: false,
    title,
    trail: isContents ? trailTo(place) : trailTo(place, [words.docs, `${base}/docs`]),
    body: html`<div class="docs${isContents && ' whole'}">
<article lang="en">
${!isContents && html`<p class="to-list"><a href="#list">${words.list} ↓</a></p>`}
${body}
${!isContents && neighbours(place, manual, shown)}
<p class="quiet"><a href="${withParameters(url, { f: 'md' })}">${words.source}</a></p>
</article>
${!isContents && html`<nav id="list" lang="en" aria-label="${words.pages}">${manual.sections.map((each) => section(place, each, shown))}</nav>`}
</div>`,
  });
  return { ...reply, headers: { ...reply.headers, 'content-security-policy': POLICY } };
}

function section(
  { base, language }: DocumentPlace,
  { title, links }: Manual['sections'][number],
  shown: ManualPage,
): Html {
  const lines = links.map(({ text, href }) =>
    href === shown.name
      ? html`<li><strong aria-current="page">${text}</strong></li>`
      : html`<li><a href="${base}/docs/${href}?lang=${language}">${text}</a></li>`,
  );
  return html`<h2>${title}</h2><ul class="plain">${lines}</ul>`;
}

/** Renders links to the previous and the next page. */
function neighbours({ base, language }: DocumentPlace, { sections }: Manual, shown: ManualPage): Html {
  const links = sections.flatMap((each) => each.links);
  const at = links.findIndex(({ href }) => href === shown.name);
  const link = (step: -1 | 1) => {
    const { text, href } = links[at + step] ?? {};
    return (
      text !== undefined &&
      html`<a href="${base}/docs/${href}?lang=${language}">${step < 0 && '← '}${text}${step > 0 && ' →'}</a>`
    );
  };
  return html`<p class="pages">${link(-1)} ${link(1)}</p>`;
}
