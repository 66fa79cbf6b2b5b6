import type { FillLayerSpecification, FilterSpecification, LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Sheet } from './sheet.ts';

/**
 * Adapts a style to QGIS, whose reader of MapLibre styles (3.22) has four faults:
 * - it draws what is hidden: hidden layers are removed here;
 * - it draws one background, the last: here only the lowest is left;
 * - it paints a layer whose `fill-color` is a `match` in one colour: here each colour becomes a layer;
 * - it ignores filters with `step` or `in`: here each range of zooms becomes a layer, and `in` becomes `match`.
 */
export function variantForQgis(style: Sheet): Sheet {
  const lowest = style.layers.find(({ type }) => type === 'background');
  const seen = style.layers.filter(
    (layer) => layer.layout?.visibility !== 'none' && (layer.type !== 'background' || layer === lowest),
  );
  return { ...style, layers: seen.flatMap(splitFilterByZoom).map(withPlainFilter).flatMap(splitByColour) };
}

/** Splits `["step", ["zoom"], filter, zoom, filter, …]` into a layer for each range. */
function splitFilterByZoom(layer: LayerSpecification): LayerSpecification[] {
  const [step, input, ...steps] = (layerFilter(layer) ?? []) as unknown[];
  if (step !== 'step' || !Array.isArray(input) || input[0] !== 'zoom') return [layer];
  const { minzoom = 0, maxzoom = 24 } = layer;
  const ranges = steps.flatMap((filter, index) => {
    if (index % 2) return [];
    const from = Math.max(minzoom, (steps[index - 1] as number | undefined) ?? 0);
    const to = Math.min(maxzoom, (steps[index + 1] as number | undefined) ?? 24);
    return from < to ? [{ ...layer, id: `${layer.id} ${from}`, minzoom: from, maxzoom: to, filter }] : [];
  });
  return ranges as LayerSpecification[];
}

function withPlainFilter(layer: LayerSpecification): LayerSpecification {
  const filter = layerFilter(layer);
  if (filter === undefined) return layer;
  const { filter: _, ...rest } = layer as FillLayerSpecification;
  return (filter === true ? rest : { ...rest, filter: withoutIn(filter) }) as LayerSpecification;
}

function layerFilter(layer: LayerSpecification): unknown {
  return 'filter' in layer ? layer.filter : undefined;
}

/** Converts `["in", …, ["literal", values]]` to a `match`. */
function withoutIn(filter: unknown): unknown {
  if (!Array.isArray(filter)) return filter;
  const [operator, input, list] = filter as unknown[];
  const isList = operator === 'in' && Array.isArray(list) && list[0] === 'literal';
  return isList ? ['match', input, (list as unknown[])[1], true, false] : filter.map(withoutIn);
}

type MatchLabel = string | number;

/** The parts of `["match", ["get", field], label, colour, …, fallback]` with constant colours. */
interface ColourMatch {
  readonly field: string;
  readonly branches: readonly { readonly values: readonly MatchLabel[]; readonly colour: string }[];
  readonly fallback: string;
}

function splitByColour(layer: LayerSpecification): LayerSpecification[] {
  const match = layer.type === 'fill' ? readColourMatch(layer.paint?.['fill-color']) : undefined;
  if (layer.type !== 'fill' || !match) return [layer];
  const { field, branches, fallback } = match;
  const all = branches.flatMap(({ values }) => values);
  const rest = ['match', ['get', field], all, false, true] as unknown as FilterSpecification;
  return [
    paintedLayer(layer, `${layer.id} *`, { filter: rest, colour: fallback }),
    ...branches.map(({ values, colour }) =>
      paintedLayer(layer, `${layer.id} ${values.join(', ')}`, { filter: amongFilter(field, values), colour }),
    ),
  ];
}

function readColourMatch(colour: unknown): ColourMatch | undefined {
  if (!Array.isArray(colour) || colour[0] !== 'match') return undefined;
  const [, input, ...rest] = colour as unknown[];
  const [get, field] = Array.isArray(input) ? (input as unknown[]) : [];
  const fallback = rest.pop();
  if (get !== 'get' || typeof field !== 'string' || typeof fallback !== 'string') return undefined;
  const byColour = new Map<string, MatchLabel[]>();
  for (let index = 0; index < rest.length; index += 2) {
    const branch = rest[index + 1];
    if (typeof branch !== 'string') return undefined;
    byColour.set(branch, [...(byColour.get(branch) ?? []), ...([rest[index]].flat() as MatchLabel[])]);
  }
  return { field, branches: [...byColour].map(([shown, values]) => ({ values, colour: shown })), fallback };
}

function amongFilter(field: string, values: readonly MatchLabel[]): FilterSpecification {
  const [value] = values;
  return (
    values.length === 1 ? ['==', ['get', field], value] : ['match', ['get', field], values, true, false]
  ) as FilterSpecification;
}

function paintedLayer(
  layer: FillLayerSpecification,
  id: string,
  { filter, colour }: { readonly filter: FilterSpecification; readonly colour: string },
): LayerSpecification {
  const both = layer.filter === undefined ? filter : (['all', layer.filter, filter] as unknown as FilterSpecification);
  return { ...layer, id, filter: both, paint: { ...layer.paint, 'fill-color': colour } };
}
