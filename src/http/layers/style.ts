import { notFound } from '../../lib/errors.ts';
import { drawnLayers, type Sheet, type StyleId, type Styles } from '../../styles/sheet.ts';
import type { Parameter } from '../kit/parameters.ts';

export function styleParameter(styles: Styles): Parameter<Sheet> & { required: true } {
  const list = [...styles.keys()].join(', ');
  return {
    description: { vi: 'Kiểu bản đồ', en: 'The style' },
    schema: { type: 'string', enum: [...styles.keys()] },
    expected: { vi: `một trong: ${list}`, en: `one of: ${list}` },
    required: true,
    read: (text) => {
      const style = styles.get(text as StyleId);
      if (style) return style;
      throw notFound({
        vi: `Không có kiểu bản đồ này. Có: ${list}.`,
        en: `There is no such style. There are: ${list}.`,
      });
    },
  };
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
