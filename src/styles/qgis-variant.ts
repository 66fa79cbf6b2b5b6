import type { FillLayerSpecification, FilterSpecification, LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import type { Sheet } from './sheet.ts';

/**
 * The style for QGIS, whose reader of MapLibre styles (3.22 to 3.40) knows no `match` in `fill-color` and paints the whole
 * layer in one colour: an area layer for each colour, with a filter, in place of one that chooses among them.
 */
export function variantForQgis(style: Sheet): Sheet {
  return { ...style, layers: style.layers.flatMap(expandLayer) };
}

type Value = string | number;

/** `["match", ["get", field], label, colour, …, fallback]`, where the colours are plain. */
interface ColourMatch {
  readonly field: string;
  readonly branches: readonly { readonly values: readonly Value[]; readonly colour: string }[];
  readonly fallback: string;
}

function expandLayer(layer: LayerSpecification): LayerSpecification[] {
  const match = layer.type === 'fill' ? readMatch(layer.paint?.['fill-color']) : undefined;
  if (layer.type !== 'fill' || !match) return [layer];
  const { field, branches, fallback } = match;
  const all = branches.flatMap(({ values }) => values);
  const rest = ['any', ['!', ['has', field]], ['!', isAmong(field, all)]] as unknown as FilterSpecification;
  return [
    paintedLayer(layer, `${layer.id} *`, { filter: rest, colour: fallback }),
    ...branches.map(({ values, colour }) =>
      paintedLayer(layer, `${layer.id} ${values.join(', ')}`, { filter: isAmong(field, values), colour }),
    ),
  ];
}

function readMatch(colour: unknown): ColourMatch | undefined {
  if (!Array.isArray(colour) || colour[0] !== 'match') return undefined;
  const [, input, ...rest] = colour as unknown[];
  const [get, field] = Array.isArray(input) ? (input as unknown[]) : [];
  const fallback = rest.pop();
  if (get !== 'get' || typeof field !== 'string' || typeof fallback !== 'string') return undefined;
  const byColour = new Map<string, Value[]>();
  for (let index = 0; index < rest.length; index += 2) {
    const branch = rest[index + 1];
    if (typeof branch !== 'string') return undefined;
    byColour.set(branch, [...(byColour.get(branch) ?? []), ...([rest[index]].flat() as Value[])]);
  }
  return { field, branches: [...byColour].map(([shown, values]) => ({ values, colour: shown })), fallback };
}

/** As QGIS reads it: it knows `match` in filters, and no `in` with a literal list. */
function isAmong(field: string, values: readonly Value[]): FilterSpecification {
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
