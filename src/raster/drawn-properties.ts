/**
 * Properties of the MapLibre style specification that the renderer supports, by type of layer. Any other stops the
 * server at boot.
 */
export const DRAWN = {
  background: { layout: [], paint: ['background-color', 'background-opacity'] },
  fill: {
    layout: [],
    paint: ['fill-color', 'fill-opacity', 'fill-antialias', 'fill-outline-color', 'fill-pattern'],
  },
  line: {
    layout: ['line-cap', 'line-join', 'line-miter-limit'],
    paint: ['line-color', 'line-opacity', 'line-width', 'line-dasharray'],
  },
  circle: {
    layout: [],
    paint: [
      'circle-radius',
      'circle-color',
      'circle-opacity',
      'circle-stroke-color',
      'circle-stroke-width',
      'circle-stroke-opacity',
    ],
  },
  symbol: {
    layout: [
      'symbol-placement',
      'symbol-spacing',
      'symbol-sort-key',
      'icon-image',
      'icon-size',
      'icon-anchor',
      'icon-offset',
      'icon-padding',
      'icon-allow-overlap',
      'icon-ignore-placement',
      'icon-optional',
      'icon-text-fit',
      'icon-text-fit-padding',
      'icon-rotation-alignment',
      'text-field',
      'text-font',
      'text-size',
      'text-max-width',
      'text-line-height',
      'text-letter-spacing',
      'text-justify',
      'text-anchor',
      'text-variable-anchor',
      'text-radial-offset',
      'text-offset',
      'text-padding',
      'text-max-angle',
      'text-transform',
      'text-rotation-alignment',
      'text-allow-overlap',
      'text-ignore-placement',
      'text-optional',
    ],
    paint: ['icon-opacity', 'text-color', 'text-opacity', 'text-halo-color', 'text-halo-width'],
  },
} as const satisfies Record<string, { layout: readonly string[]; paint: readonly string[] }>;
