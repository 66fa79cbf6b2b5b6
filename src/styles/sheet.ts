import { existsSync, readFileSync } from 'node:fs';
import type { LayerSpecification, StyleSpecification } from '@maplibre/maplibre-gl-style-spec';
import { readReference } from '../database/reference.ts';
import { BootError, type Text } from '../lib/errors.ts';
import { listThemes, type Theme } from '../themes.ts';

/** The style that joins every theme. Each other one has the name of its theme. */
const ALL = 'all';

const FOLDER = new URL('../../styles/', import.meta.url);

/** Order of layers when themes are joined: areas lie below all lines, lines below all labels. */
const SLOTS = ['area', 'line', 'label'] as const;
type Slot = (typeof SLOTS)[number];

export interface LegendEntry extends Text {
  readonly colour?: string;
  /** Name of a picture of the sprite. */
  readonly icon?: string;
  /** Value of the coloured field to which the entry refers. */
  readonly value?: string;
}

/** Metadata of our layers: their legend group, and the text of their legend. */
export interface LayerMetadata extends Partial<Text> {
  readonly group?: string;
  readonly slot?: Slot;
  /** A label that a client, which can, shows once for an area and not once a tile. */
  readonly labels?: 'once';
  /** Colours come from a reference table, so that each is defined once. */
  readonly colours?: { readonly table: keyof typeof COLOUR_TABLES; readonly field?: string };
  readonly legend?: readonly LegendEntry[];
}

/** A switch of the legend. */
export interface LegendGroup extends Text {
  readonly id: string;
  /** Id of its theme. */
  readonly theme: string;
  /** Layers whose features it shows by another name, such as the table behind a view. */
  readonly covers?: readonly string[];
}

export interface Sheet extends StyleSpecification {
  readonly metadata: {
    readonly title: Text;
    /** The themes that it draws, from below. */
    readonly themes: readonly Theme[];
    readonly groups: readonly LegendGroup[];
  };
}

/** Name of the reference table, and its columns for the matched value and for the text. */
const COLOUR_TABLES = {
  land_use_type: { value: 'code', vi: 'name_vi', en: 'name_en' },
  aqi_class: { value: 'from_index', vi: 'label_vi', en: 'label_en' },
} as const;

/** The styles by their ids, with their shared parts resolved. URLs are still relative to the server. */
export type Styles = ReadonlyMap<string, Sheet>;

/** A file of `styles/`: the groups of a theme's own layers, or the title of what joins all themes. */
interface SheetFile extends StyleSpecification {
  readonly metadata: { readonly title?: Text; readonly groups?: readonly Omit<LegendGroup, 'theme'>[] };
}

/** A theme and its file. */
interface ThemePart {
  readonly theme: Theme;
  readonly file: SheetFile;
}

/**
 * Reads `styles/*.json` and joins the themes of each style: its own, and those that lie below every other. A theme draws
 * the schema of its name. If that schema is not published, or there is no file, the theme has no style.
 * @throws BootError with the name of the file that cannot be read
 */
export function loadStyles(schemas: readonly string[]): Styles {
  const themes = listThemes().filter(({ id }) => schemas.includes(id) && existsSync(fileOf(id)));
  if (themes.length === 0) return new Map();
  const parts = themes.map((theme) => ({ theme, file: readStyle(theme.id) }));
  const own = parts.map(({ theme, file }) => {
    const joined = parts.filter((part) => part.theme.isBackdrop || part.theme === theme);
    return [theme.id, composeSheet(file, theme.title, joined)] as const;
  });
  const all = readStyle(ALL);
  const title = all.metadata.title ?? { vi: ALL, en: ALL };
  return new Map([...own, [ALL, composeSheet(all, title, parts.map(hiddenIfOptional))]]);
}

function hiddenIfOptional({ theme, file }: ThemePart): ThemePart {
  if (!theme.isOptional) return { theme, file };
  const hide = (layer: LayerSpecification) =>
    ({ ...layer, layout: { ...layer.layout, visibility: 'none' } }) as LayerSpecification;
  return { theme, file: { ...file, layers: file.layers.map(hide) } };
}

function fileOf(id: string): URL {
  return new URL(`${id}.json`, FOLDER);
}

function readStyle(id: string): SheetFile {
  try {
    return JSON.parse(readFileSync(fileOf(id), 'utf8')) as SheetFile;
  } catch (error) {
    throw new BootError(`styles/${id}.json cannot be read: ${(error as Error).message}`);
  }
}

function composeSheet(style: SheetFile, title: Text, parts: readonly ThemePart[]): Sheet {
  const layers = SLOTS.flatMap((slot) =>
    parts.flatMap(({ file }) => file.layers.filter((each) => slotOf(each) === slot)),
  );
  const groups = parts.flatMap(({ theme, file }) =>
    (file.metadata.groups ?? []).map((group) => ({ ...group, theme: theme.id })),
  );
  return {
    ...style,
    metadata: { title, themes: parts.map(({ theme }) => theme), groups },
    sources: Object.assign({}, ...parts.map(({ file }) => file.sources)),
    layers: layers.map(withColours),
  };
}

function slotOf(layer: LayerSpecification): Slot {
  const { slot } = (layer.metadata ?? {}) as LayerMetadata;
  if (slot) return slot;
  if (layer.type === 'background' || layer.type === 'fill') return 'area';
  return layer.type === 'line' ? 'line' : 'label';
}

/**
 * Fills in the legend from a reference table, and for areas the colour of each value. The colour in the file remains
 * the fallback.
 */
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

/** Returns the layers of the catalog that a source of a style requests, from below. */
export function sourceLayers({ sources }: Sheet, source: string): string[] {
  const specification = sources[source];
  const url = specification && 'url' in specification ? specification.url : undefined;
  return /^\/xyz\/([^/]+)\/tilejson\.json$/.exec(url ?? '')?.[1]?.split(',') ?? [];
}

/** Returns the layers of the catalog that a style draws, visible or not, from below. */
export function drawnLayers(style: Sheet): string[] {
  return Object.keys(style.sources).flatMap((source) => sourceLayers(style, source));
}
