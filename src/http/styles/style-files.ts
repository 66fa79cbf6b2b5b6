import type { Layer } from '../../catalog/layer.ts';
import { readProjections } from '../../catalog/projections.ts';
import type { Database } from '../../database/database.ts';
import type { Language } from '../../lib/errors.ts';
import { backgroundOf, drawingsOf, type SymbolizedLayer } from '../../styles/exchange/drawing.ts';
import { type FeatureLayer, layerDefinition } from '../../styles/exchange/qlr.ts';
import { featureSymbology, qml, tileSymbology } from '../../styles/exchange/qml.ts';
import { sld } from '../../styles/exchange/sld.ts';
import type { Sheet } from '../../styles/sheet.ts';
import { zoomsOf } from '../../tiles/tilejson.ts';
import { STYLE_FILES } from '../kit/media-types.ts';
import { choiceParameter, withDefault } from '../kit/parameters.ts';
import { type Reply, textReply } from '../kit/reply.ts';
import { bytesSchema } from '../kit/shapes.ts';
import { typeName } from '../layers/type-name.ts';

export type StyleFile = keyof typeof STYLE_FILES;

/** Style files among the answers of a route. */
export const STYLE_FILE_CONTENT = Object.fromEntries(Object.values(STYLE_FILES).map((type) => [type, bytesSchema]));

export const styleFormParameter = withDefault(
  choiceParameter(
    {
      vi: 'json: MapLibre; qlr: mở ngay trong QGIS; qml: kiểu cho lớp QGIS; sld: OGC Styled Layer Descriptor 1.1',
      en: 'json: MapLibre; qlr: opened by QGIS at once; qml: for a layer in QGIS; sld: OGC Styled Layer Descriptor 1.1',
    },
    ['json', 'qml', 'sld', 'qlr'],
  ),
  'json',
);

export interface StyleFileSource {
  readonly id: string;
  readonly style: Sheet;
  /** The layers that the principal may see. */
  readonly layers: readonly Layer[];
  readonly db: Database;
  readonly base: string;
  readonly language: Language;
}

const WORDS = {
  vi: { features: 'Đối tượng (WFS)' },
  en: { features: 'Features (WFS)' },
};

/**
 * Returns a whole style as a file: QML of a vector tile layer, SLD of every layer, or both kinds of layers for QGIS.
 */
export async function styleFile(source: StyleFileSource, form: StyleFile): Promise<Reply> {
  const drawings = visibleDrawings(source);
  switch (form) {
    case 'qml':
      return file(source.id, form, qml(tiles(source, drawings)));
    case 'sld':
      return file(source.id, form, sldOf(source, drawings));
    default:
      return file(source.id, form, await definition(source, drawings));
  }
}

/** Returns the part of a style that draws one layer, as a file for a feature layer. */
export async function collectionStyleFile(source: StyleFileSource, layer: Layer, form: StyleFile): Promise<Reply> {
  const drawings = visibleDrawings(source).filter((each) => each.layer === layer.id);
  const name = `${layer.id}-${source.id}`;
  switch (form) {
    case 'qml':
      return file(name, form, qml(featureSymbology(layer, drawings, source.language)));
    case 'sld':
      return file(name, form, sldOf(source, drawings));
    default:
      return file(name, form, await definition({ ...source, id: name }, drawings));
  }
}

/** Returns the drawings of layers that the principal may see. */
function visibleDrawings({ style, layers }: StyleFileSource): SymbolizedLayer[] {
  return drawingsOf(style).filter(({ layer }) => layers.some(({ id }) => id === layer));
}

function tiles({ style, layers, language }: StyleFileSource, drawings: readonly SymbolizedLayer[]) {
  const dimensions = new Map(layers.map(({ id, geometry }) => [id, geometry.dimension]));
  const dimensionOf = (id: string) => dimensions.get(id) ?? 'mixed';
  return tileSymbology(drawings, { dimensionOf, background: backgroundOf(style), language });
}

function sldOf({ id, style, base, language }: StyleFileSource, drawings: readonly SymbolizedLayer[]): string {
  return sld(drawings, {
    name: id,
    title: style.metadata.title[language],
    language,
    signUrl: (name) => `${base}/sprites/${name}.svg`,
  });
}

async function definition(source: StyleFileSource, drawings: readonly SymbolizedLayer[]): Promise<string> {
  const { id, style, layers, base, language } = source;
  const title = style.metadata.title[language];
  const drawn = [...new Set(drawings.map(({ layer }) => layer))].flatMap((name) =>
    layers.filter((each) => each.id === name),
  );
  const { minzoom, maxzoom } = zoomsOf(drawn);
  const projections = await readProjections(
    source.db,
    drawn.map(({ geometry }) => geometry.srid),
  );
  const names = drawn.map((layer) => encodeURIComponent(layer.id)).join(',');
  return layerDefinition({
    title: `Địa Bạ: ${title}`,
    tiles: {
      id: `diaba_${id}_tiles`,
      name: title,
      isOn: true,
      symbology: tiles(source, drawings),
      url: `${base}/xyz/${names}/{z}/{x}/{y}.mvt`,
      minZoom: minzoom,
      maxZoom: maxzoom,
    },
    features: drawn.toReversed().map((layer) => featureLayer(layer, { ...source, drawings, projections })),
    featuresTitle: WORDS[language].features,
  });
}

interface FeatureLayerSource extends StyleFileSource {
  readonly drawings: readonly SymbolizedLayer[];
  /** PROJ text by SRID. */
  readonly projections: ReadonlyMap<number, string>;
}

function featureLayer(layer: Layer, source: FeatureLayerSource): FeatureLayer {
  const { id, base, language, drawings, projections } = source;
  const { srid } = layer.geometry;
  const own = drawings.filter((each) => each.layer === layer.id);
  return {
    id: `diaba_${id}_${layer.id}`.replace(/\W/g, '_'),
    name: layer.title[language],
    isOn: false,
    symbology: featureSymbology(layer, own, language),
    url: `${base}/wfs`,
    typeName: typeName(layer),
    srid,
    projection: projections.get(srid) ?? '',
    // A mosaic stands for rows that would be too many to see.
    fromZoom: layer.mosaic ? layer.mosaic.top + 1 : layer.zooms.min,
  };
}

function file(name: string, form: StyleFile, content: string): Reply {
  return textReply(content, STYLE_FILES[form], {
    headers: { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`diaba-${name}.${form}`)}` },
  });
}
