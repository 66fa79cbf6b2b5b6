import { readFileSync } from 'node:fs';
import type { LayerSpecification, StyleSpecification } from '@maplibre/maplibre-gl-style-spec';
import { z } from 'zod';
import type { Catalog } from '../../catalog/layer.ts';
import { readReference } from '../../database/reference.ts';
import { BootError, notFound, type Text } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { baseUrl } from '../links.ts';
import { STYLE_TYPE } from '../media-types.ts';
import type { Parameter } from '../parameters.ts';
import { json } from '../reply.ts';
import { type Route, route } from '../route.ts';
import { linksSchema, textSchema } from '../shapes.ts';

export const STYLE_IDS = ['base', 'land', 'environment', 'all'] as const;
export type StyleId = (typeof STYLE_IDS)[number];
const THEMES = ['base', 'land', 'environment'] as const;
type Theme = (typeof THEMES)[number];

const FOLDER = new URL('../../../styles/', import.meta.url);

/** Where a layer stands when themes are joined: areas lie below all lines, lines below all labels. */
const SLOTS = ['area', 'line', 'label'] as const;
type Slot = (typeof SLOTS)[number];

export interface LegendEntry extends Text {
  readonly colour?: string;
  /** Name of a picture of the sprite. */
  readonly icon?: string;
  /** Value of the coloured field that the entry stands for. */
  readonly value?: string;
}

/** What our layers say of themselves: the switch they belong to and the words of their legend. */
interface LayerMetadata extends Partial<Text> {
  readonly group?: string;
  readonly slot?: Slot;
  /** Colours come from a reference table, so that they are written down once. */
  readonly colours?: { readonly table: keyof typeof COLOUR_TABLES; readonly field?: string };
  readonly legend?: readonly LegendEntry[];
}

/** A switch of the legend. */
interface Group extends Text {
  readonly id: string;
  readonly theme: Theme;
}

export interface Sheet extends StyleSpecification {
  readonly metadata: {
    readonly title: Text;
    /** The files that are joined, from below. */
    readonly parts: readonly Theme[];
    readonly groups: readonly Group[];
  };
}

/** Reference table, and the columns of what is matched and of its words. */
const COLOUR_TABLES = {
  land_use_type: { value: 'code', vi: 'name_vi', en: 'name_en' },
  aqi_class: { value: 'from_index', vi: 'label_vi', en: 'label_en' },
} as const;

/** The styles with what they share put in place; URLs are still relative to the server. */
export type Styles = ReadonlyMap<StyleId, Sheet>;

/**
 * Reads `styles/*.json` and joins the themes that each style consists of. A theme draws the schema of its name: where
 * that is not published there is no such theme, and no style of it.
 * @throws BootError naming the file that cannot be read
 */
export function loadStyles(schemas: readonly string[]): Styles {
  const sheets = Object.fromEntries(STYLE_IDS.map((id) => [id, readSheet(id)])) as Record<StyleId, Sheet>;
  const themes = THEMES.filter((theme) => schemas.includes(theme));
  const ids = STYLE_IDS.filter((id) => (id === 'all' ? themes.length > 0 : themes.includes(id)));
  return new Map(
    ids.map((id) => {
      const parts = sheets[id].metadata.parts.filter((part) => themes.includes(part));
      return [
        id,
        compose(
          sheets[id],
          parts.map((part) => sheets[part]),
        ),
      ];
    }),
  );
}

/**
 * Holds the styles against what is there.
 * @throws BootError when a style draws a layer that the catalog lacks, or that its source does not ask for
 */
export function checkStyles(catalog: Catalog, schemas: readonly string[]): void {
  for (const [id, style] of loadStyles(schemas)) {
    for (const layer of style.layers) {
      if (!('source-layer' in layer) || layer['source-layer'] === undefined) continue;
      const { id: layerId, source, 'source-layer': name } = layer;
      if (!catalog.layers.has(name)) {
        throw new BootError(`Style "${id}": layer "${layerId}" draws ${name}, which the database does not have.`);
      }
      if (!sourceLayers(style, source).includes(name)) {
        throw new BootError(
          `Style "${id}": layer "${layerId}" draws ${name}, which the URL of source "${source}" does not ask for.`,
        );
      }
    }
  }
}

const listSchema = z.strictObject({
  styles: z.array(z.strictObject({ id: z.string(), title: z.string(), titles: textSchema, links: linksSchema })),
});

/** What every MapLibre style has; the rest is told by its own specification. */
const styleSchema = z.looseObject({
  version: z.literal(8),
  sources: z.record(z.string(), z.looseObject({ type: z.string() })),
  sprite: z.string(),
  glyphs: z.string(),
  layers: z.array(z.looseObject({ id: z.string(), type: z.string() })),
});

export function styleRoutes({ config }: Services): Route[] {
  const styles = loadStyles(config.schemas);
  return [
    route({
      path: '/styles',
      tag: 'styles',
      summary: { vi: 'Các kiểu bản đồ', en: 'The map styles' },
      responses: { 200: { content: { 'application/json': listSchema } } },
      problems: [],
      handle: ({ language, http }) => {
        const base = baseUrl(config, http);
        const list = [...styles].map(([id, { metadata }]) => describe(id, metadata.title, { base, language }));
        return json({ styles: list });
      },
    }),
    route({
      path: '/styles/:style',
      tag: 'styles',
      summary: { vi: 'Một kiểu bản đồ (MapLibre, phiên bản 8)', en: 'A map style (MapLibre, version 8)' },
      pathParameters: { style: styleParameter(styles) },
      responses: { 200: { content: { [STYLE_TYPE]: styleSchema } } },
      problems: [],
      handle: ({ path, http }) => json(withAbsoluteUrls(path.style, baseUrl(config, http)), { type: STYLE_TYPE }),
    }),
  ];
}

function styleParameter(styles: Styles): Parameter<Sheet> & { required: true } {
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

function describe(id: StyleId, titles: Text, { base, language }: { base: string; language: keyof Text }) {
  const link = { href: `${base}/styles/${id}`, rel: 'stylesheet', type: STYLE_TYPE, title: titles[language] };
  return { id, title: titles[language], titles, links: [link] };
}

function readSheet(id: StyleId): Sheet {
  const file = new URL(`${id}.json`, FOLDER);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Sheet;
  } catch (error) {
    throw new BootError(`styles/${id}.json cannot be read: ${(error as Error).message}`);
  }
}

function compose(sheet: Sheet, parts: readonly Sheet[]): Sheet {
  const layers = SLOTS.flatMap((slot) => parts.flatMap((part) => part.layers.filter((each) => slotOf(each) === slot)));
  return {
    ...sheet,
    metadata: { ...sheet.metadata, groups: parts.flatMap(({ metadata }) => metadata.groups) },
    sources: Object.assign({}, ...parts.map(({ sources }) => sources)),
    layers: layers.map(withColours),
  };
}

function slotOf(layer: LayerSpecification): Slot {
  const { slot } = (layer.metadata ?? {}) as LayerMetadata;
  if (slot) return slot;
  if (layer.type === 'background' || layer.type === 'fill') return 'area';
  return layer.type === 'line' ? 'line' : 'label';
}

/** Fills in the legend from a reference table, and for areas the colour of each value; the colour in the file stays for all else. */
function withColours(layer: LayerSpecification): LayerSpecification {
  const metadata = (layer.metadata ?? {}) as LayerMetadata;
  if (!metadata.colours) return layer;
  const { table, field } = metadata.colours;
  const legend = readColours(table);
  const described = { ...layer, metadata: { ...metadata, legend } };
  if (described.type !== 'fill' || field === undefined) return described;
  const fallback = layer.type === 'fill' ? layer.paint?.['fill-color'] : undefined;
  const colour = [
    'match',
    ['get', field],
    ...legend.flatMap((entry) => [entry.value, entry.colour]),
    fallback ?? '#ffffff',
  ];
  return { ...described, paint: { ...described.paint, 'fill-color': colour } } as LayerSpecification;
}

function readColours(table: keyof typeof COLOUR_TABLES): LegendEntry[] {
  const columns = COLOUR_TABLES[table];
  return readReference(table).map((row) => ({
    value: row[columns.value] ?? '',
    colour: row.colour ?? '',
    vi: row[columns.vi] ?? '',
    en: row[columns.en] ?? '',
  }));
}

function sourceLayers({ sources }: Sheet, source: string): string[] {
  const specification = sources[source];
  const url = specification && 'url' in specification ? specification.url : undefined;
  return /^\/xyz\/([^/]+)\/tilejson\.json$/.exec(url ?? '')?.[1]?.split(',') ?? [];
}

function withAbsoluteUrls(style: Sheet, base: string): StyleSpecification {
  const sources = Object.entries(style.sources).map(([name, source]) => [
    name,
    'url' in source && source.url?.startsWith('/') ? { ...source, url: base + source.url } : source,
  ]);
  return {
    ...style,
    sources: Object.fromEntries(sources),
    sprite: `${base}${style.sprite}`,
    glyphs: `${base}${style.glyphs}`,
  };
}
