import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Text } from '../../lib/errors.ts';
import type { LayerMetadata, LegendEntry, Sheet } from '../sheet.ts';
import { signsByName } from '../sprite.ts';
import { type Branch, type PlainLayer, plainLayer, withoutChoices } from './choices.ts';
import { type Symbolizer, symbolizerOf } from './symbolizer.ts';

/** One symbolizer for some features of one layer, in a range of zooms: what every program with rules and symbols can draw. */
export interface Drawing {
  /** Unique in the style. */
  readonly id: string;
  /** Words of the legend; undefined for what stands in no legend. */
  readonly title: Text | undefined;
  /** The layer of the catalog, `schema.table`. */
  readonly layer: string;
  readonly isOn: boolean;
  /** Zooms of MapLibre, tiles of 512 px: from `from` on and below `to`. */
  readonly from: number;
  readonly to: number;
  /** An expression of the MapLibre style specification; undefined: every feature. */
  readonly filter: unknown;
  readonly symbolizer: Symbolizer;
  /** Where this is one of several that draw a layer by the value of an attribute. */
  readonly branch: (Branch & { readonly title: Text | undefined }) | undefined;
}

/** Everything that a style draws, from below. A background is no layer's: see {@link backgroundOf}. */
export function drawingsOf(style: Sheet): Drawing[] {
  const icons = [...signsByName().keys()];
  return style.layers.flatMap((layer) =>
    partsOf(layer).flatMap(({ kind, isUsed }) =>
      withoutChoices(plainLayer(layer, isUsed), icons).flatMap(
        (plain) => drawingOf(layer, { kind, plain, groupTitle: groupTitleOf(style, layer) }) ?? [],
      ),
    ),
  );
}

interface DrawnPart {
  readonly kind: Symbolizer['kind'];
  readonly plain: PlainLayer;
  /** Of the switch that the layer belongs to. */
  readonly groupTitle: Text | undefined;
}

function groupTitleOf({ metadata: { groups } }: Sheet, layer: LayerSpecification): Text | undefined {
  const { group } = (layer.metadata ?? {}) as LayerMetadata;
  const found = groups.find(({ id }) => id === group);
  return found && { vi: found.vi, en: found.en };
}

/** A layer of symbols draws icons and texts, each with choices of its own. A shield, which fits its text, is of the text. */
function partsOf(layer: LayerSpecification): { kind: Symbolizer['kind']; isUsed: (name: string) => boolean }[] {
  const { type } = layer;
  // Only MapLibre lets a style choose whether edges are smooth.
  if (type === 'fill') return [{ kind: type, isUsed: (name) => name !== 'fill-antialias' }];
  if (type === 'line' || type === 'circle') return [{ kind: type, isUsed: () => true }];
  if (type !== 'symbol') return [];
  const isShield = layer.layout?.['icon-text-fit'] !== undefined;
  return [
    { kind: 'icon', isUsed: (name) => !name.startsWith('text-') },
    { kind: 'text', isUsed: (name) => isShield || !name.startsWith('icon-') },
  ];
}

function drawingOf(layer: LayerSpecification, { kind, plain, groupTitle }: DrawnPart): Drawing | undefined {
  const symbolizer = symbolizerOf(kind, plain);
  if (!symbolizer || !('source-layer' in layer) || !layer['source-layer']) return undefined;
  const { id, from, to, filter, branch } = plain;
  return {
    id: kind === 'text' ? `${id} text` : id,
    title: kind === 'text' ? undefined : titleOf(layer, plain),
    layer: layer['source-layer'],
    isOn: layer.layout?.visibility !== 'none',
    from,
    to,
    filter,
    symbolizer,
    branch: branch && { ...branch, title: ownTitle(layer) ?? groupTitle },
  };
}

/** The colour below everything; undefined: none. */
export function backgroundOf(style: Sheet): string | undefined {
  const layer = style.layers.find(({ type }) => type === 'background');
  const colour = layer?.type === 'background' ? layer.paint?.['background-color'] : undefined;
  return typeof colour === 'string' ? colour : undefined;
}

const OTHERS: Text = { vi: 'Khác', en: 'Other' };

function ownTitle({ metadata }: LayerSpecification): Text | undefined {
  const { vi, en } = (metadata ?? {}) as LayerMetadata;
  return vi && en ? { vi, en } : undefined;
}

/** Of a branch, the words of the first value that it stands for, and how many share its symbol. */
function titleOf(layer: LayerSpecification, { chosen, branch }: PlainLayer): Text | undefined {
  if (branch?.when === 'else') return OTHERS;
  if (chosen === undefined) return ownTitle(layer);
  const { legend = [] } = (layer.metadata ?? {}) as LayerMetadata;
  const entries = legend.filter((entry) => isOf(entry, chosen));
  const [first, ...rest] = entries;
  if (!first) return { vi: chosen.join(', '), en: chosen.join(', ') };
  if (!rest.length) return { vi: first.vi, en: first.en };
  return {
    vi: `${first.vi} và ${rest.length} loại khác cùng màu`,
    en: `${first.en} and ${rest.length} more of its colour`,
  };
}

function isOf({ value, icon }: LegendEntry, chosen: readonly (string | number)[]): boolean {
  return chosen.some((each) => value === String(each) || icon?.endsWith(`-${each}`));
}

/** Drawings that follow each other as branches of one layer, together. */
export function inGroups<D extends Drawing>(drawings: readonly D[]): D[][] {
  const groups: D[][] = [];
  for (const drawing of drawings) {
    const last = groups.at(-1);
    if (drawing.branch !== undefined && last?.[0]?.branch?.of === drawing.branch.of) last.push(drawing);
    else groups.push([drawing]);
  }
  return groups;
}
