import type { Services } from '../../services.ts';
import { frame, trailTo } from '../html/frame.ts';
import { html } from '../html/html.ts';
import { page } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';

interface ConformancePage {
  readonly services: Services;
  readonly classes: readonly string[];
  readonly place: DocumentPlace;
}

export function conformancePage({ services, classes, place }: ConformancePage): Reply {
  return page({
    ...frame(services, place),
    title: { vi: 'Các lớp yêu cầu (OGC API)', en: 'Conformance classes (OGC API)' }[place.language],
    trail: trailTo(place),
    body: html`<ul class="plain">${classes.map((each) => html`<li><code>${each}</code></li>`)}</ul>`,
  });
}
