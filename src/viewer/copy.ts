import { type Attributes, button } from './dom.ts';
import { t } from './i18n.ts';

/** Renders a button that copies what it says. */
export function copyText(text: string): HTMLElement {
  return copyButton(() => text, text, { class: 'copy', title: t('copy') });
}

/** Renders a button that copies a text, and says so. */
export function copyButton(read: () => string, label: string, attributes: Attributes = {}): HTMLElement {
  const created = button(
    label,
    () => {
      const text = read();
      const said = (): void => {
        created.textContent = t('copied');
        setTimeout(() => {
          created.textContent = label;
        }, 2000);
      };
      // Outside https and localhost there is no clipboard, so the text is shown for copying by hand.
      if (navigator.clipboard) void navigator.clipboard.writeText(text).then(said);
      else window.prompt(t('copy'), text);
    },
    attributes,
  );
  return created;
}
