import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Text } from '../../lib/errors.ts';
import type { LayerMetadata, LegendEntry, Sheet } from '../sheet.ts';
import { signsByName } from '../sprite.ts';
import { type Branch, type PlainLayer, plainLayer, withoutChoices } from './choices.ts';
import { type Symbolizer, symbolizerOf } from './symbolizer.ts';

/** One symbolizer for some features of a layer in a range of zooms. Any program with rules and symbols can draw it. */
export interface SymbolizedLayer {
  /** Unique in the style. */
  readonly id: string;
  /** Text of the legend; undefined if there is no entry. */
  readonly title: Text | undefined;
  /** The layer of the catalog, `schema.table`. */
  readonly layer: string;
  readonly isOn: boolean;
  /** Zooms of MapLibre, tiles of 512 px: from `from` on and below `to`. */
  readonly from: number;
  readonly to: number;
  /** An expression of the MapLibre style specification; undefined matches every feature. */
  readonly filter: unknown;
  readonly symbolizer: Symbolizer;
  /** Set if this is one of several drawings of a layer, chosen by an attribute. */
  readonly branch: (Branch & { readonly title: Text | undefined }) | undefined;
}

/** Returns everything that a style draws, from below. The background belongs to no layer: see {@link backgroundOf}. */
export function drawingsOf(style: Sheet): SymbolizedLayer[] {
  const icons = [...signsByName().keys()];
  return style.layers.flatMap((layer) =>
    symbolParts(layer).flatMap(({ kind, isUsed }) =>
      withoutChoices(plainLayer(layer, isUsed), icons).flatMap(
        (plain) => drawingOf(layer, { kind, plain, groupTitle: groupTitleOf(style, layer) }) ?? [],
      ),
    ),
  );
}

interface DrawnPart {
  readonly kind: Symbolizer['kind'];
  readonly plain: PlainLayer;
  /** Title of the layer's legend group. */
  readonly groupTitle: Text | undefined;
}

function groupTitleOf({ metadata: { groups } }: Sheet, layer: LayerSpecification): Text | undefined {
  const { group } = (layer.metadata ?? {}) as LayerMetadata;
  const found = groups.find(({ id }) => id === group);
  return found && { vi: found.vi, en: found.en };
}

/**
 * Splits a symbol layer into icon and text, whose choices differ. A shield fits its text, so it is part of the text.
 */
function symbolParts(layer: LayerSpecification): { kind: Symbolizer['kind']; isUsed: (name: string) => boolean }[] {
  const { type } = layer;
  // Only MapLibre lets a style switch antialiasing.
  if (type === 'fill') return [{ kind: type, isUsed: (name) => name !== 'fill-antialias' }];
  if (type === 'line' || type === 'circle') return [{ kind: type, isUsed: () => true }];
  if (type !== 'symbol') return [];
  const isShield = layer.layout?.['icon-text-fit'] !== undefined;
  return [
    { kind: 'icon', isUsed: (name) => !name.startsWith('text-') },
    { kind: 'text', isUsed: (name) => isShield || !name.startsWith('icon-') },
  ];
}

function drawingOf(layer: LayerSpecification, { kind, plain, groupTitle }: DrawnPart): SymbolizedLayer | undefined {
  const symbolizer = symbolizerOf(kind, plain);
  if (!symbolizer || !('source-layer' in layer) || !layer['source-layer']) return undefined;
  const { id, from, to, filter, branch } = plain;
  return {
    id: kind === 'text' ? `${id} text` : id,
    title: kind === 'text' ? undefined : branchTitle(layer, plain),
    layer: layer['source-layer'],
    isOn: layer.layout?.visibility !== 'none',
    from,
    to,
    filter,
    symbolizer,
    branch: branch && { ...branch, title: ownTitle(layer) ?? groupTitle },
  };
}

/** Returns the background colour; undefined if there is none. */
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

/** Returns the legend text of a branch: that of its first value, and the number of values that share its symbol. */
function branchTitle(layer: LayerSpecification, { chosen, branch }: PlainLayer): Text | undefined {
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

/** Groups consecutive drawings that are branches of the same layer. */
export function inGroups<D extends SymbolizedLayer>(drawings: readonly D[]): D[][] {
  const groups: D[][] = [];
  for (const drawing of drawings) {
    const last = groups.at(-1);
    if (drawing.branch !== undefined && last?.[0]?.branch?.of === drawing.branch.of) last.push(drawing);
    else groups.push([drawing]);
  }
  return groups;
}
