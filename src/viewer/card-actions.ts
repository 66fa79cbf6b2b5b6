import { copyButton } from './copy.ts';
import { button, element } from './dom.ts';
import { t } from './i18n.ts';

/** Buttons under a card. */
export interface CardActions {
  readonly zoom: () => void;
  readonly buffer: () => void;
  /** URL that opens the map at this feature. */
  readonly link: () => string;
}

export function cardActions({ zoom, buffer, link }: CardActions): HTMLElement {
  return element(
    'div',
    { class: 'actions' },
    button(t('zoomTo'), zoom),
    button(t('bufferThis'), buffer),
    copyButton(link, t('copyLink')),
  );
}
