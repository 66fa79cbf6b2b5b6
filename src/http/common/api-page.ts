import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { type Html, html } from '../html/html.ts';
import { page } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { Route } from '../kit/endpoint.ts';
import type { DescribedParameters } from '../kit/parameters.ts';
import type { Reply } from '../kit/reply.ts';
import { templateOf } from '../kit/route.ts';

interface ApiPage {
  readonly services: Services;
  readonly routes: readonly Route[];
  readonly place: DocumentPlace;
}

export function apiPage({ services, routes, place }: ApiPage): Reply {
  const { language } = place;
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  const describe = ({ method, path, summary, pathParameters, queryParameters }: Route): Html => html`<div>
<p><strong><code>${method.toUpperCase()} ${templateOf(path)}</code></strong> ${summary[language]}</p>
${describeParameters({ ...pathParameters, ...queryParameters })}</div>`;
  const describeParameters = (parameters: DescribedParameters): Html =>
    html`<dl>${Object.entries(parameters).map(
      ([name, { description, expected, required }]) =>
        html`<dt><code>${name}</code>${required && ' *'}</dt><dd>${description[language]}: ${expected[language]}</dd>`,
    )}</dl>`;
  return page({
    ...frame(services, place),
    title: { vi: 'Giao diện lập trình', en: 'API' }[language],
    trail: trailTo(place),
    body: tags.map((tag) => html`<h2>${tag}</h2>${routes.filter((each) => each.tag === tag).map(describe)}`),
  });
}
