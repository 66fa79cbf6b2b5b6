import type { Language, Problem, Text } from '../../lib/errors.ts';
import type { Reply } from '../kit/reply.ts';
import { html } from './html.ts';
import { page } from './layout.ts';

const HOME: Text = { vi: 'Về trang chủ', en: 'To the landing page' };

/** Renders the problem as a page for browsers. */
export function problemPage(
  problem: Problem,
  title: string,
  { language, base, url }: { language: Language; base: string; url: string },
): Reply {
  const reply = page(
    {
      title,
      language,
      base,
      url,
      body: html`<p>${problem.detail[language]}</p><p class="quiet">${problem.status}</p>
<p><a href="${base}/?lang=${language}">${HOME[language]}</a></p>`,
    },
    problem.status,
  );
  return { ...reply, headers: { ...reply.headers, 'cache-control': 'no-store' } };
}
