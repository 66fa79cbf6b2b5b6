import { button, element } from './dom.ts';
import type { Shape } from './draw.ts';
import { t } from './i18n.ts';
import type { Word } from './page-words.ts';
import type { Picked } from './picked.ts';
import { SHAPES } from './shapes.ts';

export interface PlaceField {
  readonly legend: string;
  /** Prefix of the ids of its buttons. */
  readonly name: string;
  /** The feature that is asked about; undefined: the person draws. */
  readonly used: Picked | undefined;
  readonly hint: Word;
  readonly selected: Picked | undefined;
  /** Returns false for a shape that cannot be asked about. */
  readonly canDraw?: (shape: Shape) => boolean;
  readonly draw: (shape: Shape, hint: Word) => void;
  readonly use: (feature: Picked) => void;
}

/** Renders the choice of a place: a drawn shape, or the feature of the card. */
export function placeField(field: PlaceField): HTMLElement {
  const { legend, name, used, hint, selected, canDraw = () => true, draw, use } = field;
  const shapes = SHAPES.filter(({ shape }) => canDraw(shape)).map((each) =>
    button(t(each.word), () => draw(each.shape, each.hint), {
      id: `${name}-${each.shape}`,
      'aria-pressed': String(!used && (hint === each.hint || hint === each.drawn)),
    }),
  );
  if (selected) {
    const isUsed = used?.layer === selected.layer && used.id === selected.id && used.filter === selected.filter;
    shapes.push(
      button(t('selectedFeature'), () => use(selected), { id: `${name}-selected`, 'aria-pressed': String(isUsed) }),
    );
  }
  return element(
    'fieldset',
    {},
    element('legend', {}, legend),
    element('div', { class: 'choices' }, ...shapes),
    element('p', { class: 'note', role: 'status' }, used ? `${t('placePicked')}: ${used.label}.` : t(hint)),
  );
}

/** Returns the hint after a shape was drawn. */
export function drawnHint({ type }: GeoJSON.Geometry): Word {
  return SHAPES.find(({ shape }) => shape === type.toLowerCase())?.drawn ?? 'placeDrawn';
}
