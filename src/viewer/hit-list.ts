import { copyText } from './copy.ts';
import { button, element } from './dom.ts';
import { type Hit, keyOf, PARCELS } from './hits.ts';
import { t } from './i18n.ts';
import { nameOf } from './item-card.ts';
import type { LonLat } from './link.ts';
import { parcelTitle } from './picked.ts';
import { degreesOf, vn2000Of } from './position.ts';

/** Renders the clicked place, and what lies there as buttons. A single feature needs no list. */
export function hitList({
  at,
  hits,
  open,
  titleOf,
  choose,
}: {
  at: LonLat | undefined;
  hits: readonly Hit[];
  open: Hit | undefined;
  titleOf: (layer: string) => string;
  choose: (hit: Hit) => void;
}): HTMLElement[] {
  const place = at && element('p', { class: 'place' }, copyText(vn2000Of(at)), copyText(degreesOf(at)));
  const items = hits.map((hit) =>
    element(
      'li',
      {},
      button(labelOf(hit, titleOf), () => choose(hit), {
        'aria-current': open && keyOf(hit) === keyOf(open) ? 'true' : undefined,
      }),
    ),
  );
  const list = element('ul', { class: 'hits', 'aria-label': t('underPointer') }, ...items);
  return [...(place ? [place] : []), ...(hits.length > 1 ? [list] : [])];
}

function labelOf({ layer, properties }: Hit, titleOf: (layer: string) => string): string {
  const { sheet, number } = properties;
  if (layer === PARCELS && number !== undefined) return parcelTitle({ sheet, number });
  const name = nameOf(properties);
  return name === undefined ? titleOf(layer) : `${titleOf(layer)}: ${name}`;
}
