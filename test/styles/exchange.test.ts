import {
  expression,
  featureFilter,
  type LayerSpecification,
  latest,
  normalizePropertyExpression,
} from '@maplibre/maplibre-gl-style-spec';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { plainLayer, withoutChoices } from '../../src/styles/exchange/choices.ts';
import { readCurve, valueAt } from '../../src/styles/exchange/curve.ts';
import { drawingsOf } from '../../src/styles/exchange/drawing.ts';
import { ogcFilter } from '../../src/styles/exchange/ogc-filter.ts';
import { curveExpression, qgisExpression } from '../../src/styles/exchange/qgis-expression.ts';
import { qml, tileSymbology } from '../../src/styles/exchange/qml.ts';
import { sld } from '../../src/styles/exchange/sld.ts';
import { OGC_SCALE_0, QGIS_SCALE_0 } from '../../src/styles/exchange/units.ts';
import { loadStyles } from '../../src/styles/sheet.ts';
import { signsByName } from '../../src/styles/sprite.ts';
import { filled } from '../filled.ts';

const styles = loadStyles(['base', 'land', 'environment', 'quality']);
const icons = [...signsByName().keys()];

/** Attributes used by the styles, in many combinations. */
const FEATURES = ['ODT', 'CLN', 'XYZ'].flatMap((use) =>
  [
    'local',
    'national',
    'expressway',
    'river',
    'air',
    'noise',
    'emission',
    'ward',
    'hamlet',
    'commune',
    'city',
    'built_up',
  ].flatMap((kind) =>
    [10, 300, 6000].map((area) => ({
      main_use: use,
      land_use_code: use,
      kind,
      legal_area_m2: area,
      number: 7,
      name: 'Phú Lợi',
      ref: 'QL13',
      plan: area > 100 ? 'land_use' : 'construction',
      level: 'commune',
      is_index: area > 100,
      ...(area === 300 ? { aqi: area, aqi_colour: '#ff0000' } : {}),
      ...(area === 10 ? { valid_to: '2025-06-30', exceeded: 'PM2.5' } : {}),
    })),
  ),
);
const ZOOMS = [5, 11, 12.5, 13, 15, 16.2, 18];

const passes = (filter: unknown, zoom: number, properties: object): boolean =>
  featureFilter(filter as never, 'filter').filter({ zoom: Math.floor(zoom) }, { type: 1, properties } as never);

function specificationOf({ type }: LayerSpecification, name: string): unknown {
  const { [`paint_${type}`]: paint = {}, [`layout_${type}`]: layout = {} } = latest as unknown as Record<
    string,
    object
  >;
  return { ...layout, ...paint }[name as never];
}

type Evaluate = (globals: object, feature: object) => unknown;
const evaluators = new Map<string, Evaluate>();

/** Returns MapLibre's own value of a property. */
function evaluated(layer: LayerSpecification, name: string, value: unknown, zoom: number, properties: object): unknown {
  const key = `${layer.type} ${name} ${JSON.stringify(value)}`;
  const evaluate = evaluators.get(key) ?? evaluatorOf(layer, name, value);
  evaluators.set(key, evaluate);
  const result = evaluate({ zoom }, { type: 1, properties });
  // A constant is returned as written, an expression as an object that prints it; none as null or empty.
  return name === 'icon-image' || name === 'text-field' ? String(result ?? '') : result;
}

function evaluatorOf(layer: LayerSpecification, name: string, value: unknown): Evaluate {
  const parsed = normalizePropertyExpression(value as never, name, specificationOf(layer, name) as never);
  return (globals, feature) => parsed.evaluate(globals as never, feature as never);
}

/** Returns `station-` if an attribute names the picture of a layer. */
function pictureBy(layer: LayerSpecification): string | undefined {
  const image = layer.type === 'symbol' ? layer.layout?.['icon-image'] : undefined;
  return Array.isArray(image) && image[0] === 'concat' ? String(image[1]) : undefined;
}

describe('a layer of a style without choices', () => {
  const layers = (styles.get('all')?.layers ?? []).filter((layer) => 'source-layer' in layer);

  it.each(layers.map((layer) => [layer.id, layer] as const))('draws %s as MapLibre does', (_, layer) => {
    const parts = withoutChoices(
      plainLayer(layer, (name) => name !== 'fill-antialias' && name !== 'visibility'),
      icons,
    );
    const { minzoom = 0, maxzoom = 24 } = layer;
    const prefix = pictureBy(layer);
    for (const zoom of ZOOMS) {
      for (const properties of FEATURES) {
        const drawing = parts.filter(
          ({ from, to, filter }) =>
            zoom >= from && zoom < to && (filter === undefined || passes(filter, zoom, properties)),
        );
        const filter = 'filter' in layer ? layer.filter : undefined;
        const isDrawn = zoom >= minzoom && zoom < maxzoom && (filter === undefined || passes(filter, zoom, properties));
        // A picture named by an attribute is drawn for the existing names.
        const isThere = prefix === undefined || icons.includes(`${prefix}${properties.kind}`);
        expect(drawing).toHaveLength(isDrawn && isThere ? 1 : 0);
        const [part] = drawing;
        if (!part) continue;
        for (const [name, value] of filled(Object.entries({ ...layer.layout, ...layer.paint }))) {
          if (name === 'fill-antialias' || name === 'visibility') continue;
          expect(evaluated(layer, name, part.values[name], zoom, properties)).toEqual(
            evaluated(layer, name, value, zoom, properties),
          );
        }
      }
    }
  });

  it('leaves no feature out, but for pictures that there are not', () => {
    const land = layers.find(({ id }) => id === 'parcel') as LayerSpecification;
    const parts = withoutChoices(
      plainLayer(land, (name) => name === 'fill-color'),
      icons,
    );
    expect(parts.length).toBeGreaterThan(20);
    for (const properties of [...FEATURES, {}]) {
      expect(parts.filter(({ filter }) => passes(filter, 15, properties))).toHaveLength(1);
    }
  });
});

it.each([
  [['interpolate', ['linear'], ['zoom'], 8, 0.55, 15, 0.5, 17, 0.58]],
  [['interpolate', ['exponential', 1.6], ['zoom'], 13, 0.9, 16, 5, 18, 16]],
  [['step', ['zoom'], 0.45, 11, 0, 13, 2]],
])('reads %j as MapLibre does', (value) => {
  const curve = readCurve(value);
  const parsed = expression.createExpression(value, 'line-width', latest.paint_line['line-width'] as never);
  if (curve === undefined || parsed.result === 'error') throw new Error('not read');
  for (let zoom = 4; zoom < 22; zoom += 0.25)
    expect(valueAt(curve, zoom)).toBeCloseTo(parsed.value.evaluate({ zoom }), 9);
});

it('reads no curve out of what depends on attributes', () => {
  expect(readCurve(['interpolate', ['linear'], ['get', 'aqi'], 1, 2, 3, 4])).toBeUndefined();
  expect(readCurve(['step', ['zoom'], ['get', 'a'], 3, 4])).toBeUndefined();
  expect(readCurve('12')).toBeUndefined();
});

it('knows scales: 1 : 4514 is zoom 16 on a screen, 1 : 4265 as OGC counts', () => {
  expect(Math.round(QGIS_SCALE_0 / 2 ** 16)).toBe(4514);
  expect(Math.round(OGC_SCALE_0 / 2 ** 16)).toBe(4265);
});

it('writes expressions of QGIS', () => {
  expect(qgisExpression(['all', ['!', ['has', 'valid_to']], ['in', ['get', 'kind'], ['literal', ["d'An", 'x']]]])).toBe(
    `(NOT coalesce("valid_to" IS NOT NULL, false)) AND ("kind" IN ('d''An', 'x'))`,
  );
  expect(qgisExpression(['case', ['has', 'a"b'], ['get', 'a"b'], '?'])).toBe(
    `CASE WHEN "a""b" IS NOT NULL THEN "a""b" ELSE '?' END`,
  );
  expect(
    curveExpression(
      {
        base: 1,
        isStep: false,
        stops: [
          [8, 1],
          [10, 3],
        ],
      },
      'tile',
    ),
  ).toBe(
    'CASE WHEN @vector_tile_zoom IS NULL THEN NULL WHEN @vector_tile_zoom < 10 THEN scale_linear(@vector_tile_zoom, 8, 10, 1, 3) ELSE 3 END',
  );
  expect(() => qgisExpression(['within', {}])).toThrow(/within/);
});

it('writes filters of OGC', () => {
  expect(ogcFilter(['all', ['!', ['has', 'to']], ['!=', ['get', 'kind'], '<a>']]).text).toBe(
    '<ogc:And><ogc:PropertyIsNull><ogc:PropertyName>to</ogc:PropertyName></ogc:PropertyIsNull>' +
      '<ogc:PropertyIsNotEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>&lt;a&gt;</ogc:Literal></ogc:PropertyIsNotEqualTo></ogc:And>',
  );
  expect(() => ogcFilter(['within', {}])).toThrow(/within/);
});

describe.each([...styles.keys()])('style %s for other programs', (id) => {
  const style = styles.get(id);
  if (!style) throw new Error(id);
  const drawings = drawingsOf(style);

  it('draws every layer of the style, switched off or not, under ids of their own', () => {
    const wanted = style.layers.flatMap((layer) => ('source-layer' in layer ? [layer.id] : []));
    for (const layer of wanted) expect(drawings.some((each) => each.id.startsWith(layer))).toBe(true);
    expect(new Set(drawings.map((each) => each.id)).size).toBe(drawings.length);
  });

  it('is well-formed as QML and as SLD', () => {
    const symbology = tileSymbology(drawings, { dimensionOf: () => 'mixed', background: '#fff', language: 'vi' });
    const described = sld(drawings, {
      name: id,
      title: 'Đất & nước',
      language: 'vi',
      signUrl: (name) => `/sprites/${name}.svg`,
    });
    for (const text of [qml(symbology), described]) {
      const parser = new SaxesParser({ xmlns: text.includes('StyledLayerDescriptor') });
      parser.on('error', (error) => {
        throw error;
      });
      parser.write(text).close();
    }
    expect(described.match(/<NamedLayer>/g)).toHaveLength(new Set(drawings.map(({ layer }) => layer)).size);
  });
});
