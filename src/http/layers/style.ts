import { notFound } from '../../lib/errors.ts';
import { drawnLayers, type Sheet, type Styles } from '../../styles/sheet.ts';
import { namedParameter, type Parameter } from '../kit/parameters.ts';

export function styleParameter(styles: Styles): Parameter<Sheet> & { required: true } {
  return namedParameter({ vi: 'kiểu bản đồ', en: 'style' }, styles);
}

/**
 * Returns the style if it draws a layer.
 * @throws Problem not-found
 */
export function requireDrawing(style: Sheet, layer: string): Sheet {
  if (drawnLayers(style).includes(layer)) return style;
  throw notFound({
    vi: `Kiểu bản đồ này không vẽ lớp ${layer}. Các kiểu vẽ nó: /collections/${layer}/styles.`,
    en: `This style does not draw the layer ${layer}. Those that do: /collections/${layer}/styles.`,
  });
}
