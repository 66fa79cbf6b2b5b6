import type { DocumentPlace } from '../kit/document.ts';
import type { Link } from '../kit/links.ts';
import { jsonReply, type Reply } from '../kit/reply.ts';
import { frame, type Site, trailTo } from './frame.ts';
import { type Content, type Html, html } from './html.ts';
import { type Page, page, shownNumber } from './layout.ts';

interface DocumentPage {
  readonly title: string;
  /** The steps between the landing page and this one. */
  readonly steps?: readonly (readonly [text: string, url: string])[];
}

/** Returns a document in the requested form: as JSON, or with all of its content as a page. */
export function documentReply(site: Site, place: DocumentPlace, document: object, options: DocumentPage): Reply {
  if (place.format === 'json') return jsonReply(document);
  const { title, steps = [] } = options;
  const trail: Page['trail'] = trailTo(place, ...steps);
  return page({ ...frame(site, place), title, trail, body: show(document, place) });
}

function show(value: unknown, place: DocumentPlace): Content {
  if (typeof value === 'number') return shownNumber(value, place.language);
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  if (!Array.isArray(value)) return memberList(value, place);
  const items = value.map((each) => html`<li>${isLink(each) ? linkHtml(each) : show(each, place)}</li>`);
  return html`<ul class="plain">${items}</ul>`;
}

function memberList(value: object, place: DocumentPlace): Html {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return html`<dl>${entries.map(([name, member]) => html`<dt>${name}</dt><dd>${isLink(member) ? linkHtml(member) : show(member, place)}</dd>`)}</dl>`;
}

function isLink(value: unknown): value is Link {
  return typeof value === 'object' && value !== null && 'href' in value && typeof value.href === 'string';
}

function linkHtml({ href, title, rel, type, templated }: Link): Html {
  const text = title ?? rel;
  const shown = templated ? html`${text}: <code>${href}</code>` : html`<a href="${href}">${text}</a>`;
  return html`${shown} <span class="quiet">${type}</span>`;
}
