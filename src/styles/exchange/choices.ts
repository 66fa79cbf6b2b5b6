import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import { isZoom, readCurve } from './curve.ts';

/** A layer of a style, or a branch of it, as data: its `filter`, and its `values` (layout and paint together). */
export interface PlainLayer {
  readonly id: string;
  /** Shown from this zoom on, and below `to`. */
  readonly from: number;
  readonly to: number;
  /** An expression; undefined matches every feature. */
  readonly filter: unknown;
  readonly values: Readonly<Record<string, unknown>>;
  /** Attribute values that the filter of a branch selects; undefined for the fallback branch. */
  readonly chosen: readonly (string | number)[] | undefined;
  /** The branch that this layer is; undefined without a choice, or with several at once. */
  readonly branch: Branch | undefined;
}

/** One of the branches into which a choice divides a layer. */
export interface Branch {
  /** Id and filter of the undivided layer. */
  readonly of: string;
  readonly filter: unknown;
  /** Condition of the branch beyond the layer's filter; `else` selects what no other branch does. */
  readonly when: unknown | 'else';
}

/** The highest zoom in the specification. */
const LAST_ZOOM = 24;
/** Properties in which every format writes choices as an expression. */
const EXPRESSIONS = new Set(['text-field', 'symbol-sort-key']);

/**
 * Splits a layer into layers without choices, for formats that lack such expressions. Each range of zooms in which
 * `step` chooses a filter, a text or a picture gives one. So does each attribute value by which `match`, `case` or
 * `concat` choose a colour, a number or a picture.
 * @param icons names that a `concat` of `icon-image` can give
 */
export function withoutChoices(layer: PlainLayer, icons: readonly string[]): PlainLayer[] {
  return splitByZoom(layer).flatMap((part) => splitByAttribute(part, icons));
}

/** @param isUsed true for the names of properties of the wanted part */
export function plainLayer(layer: LayerSpecification, isUsed: (name: string) => boolean): PlainLayer {
  const { id, minzoom: from = 0, maxzoom: to = LAST_ZOOM } = layer;
  const values = Object.entries({ ...layer.layout, ...layer.paint }).filter(([name]) => isUsed(name));
  const filter = 'filter' in layer ? withoutShapes(layer.filter) : undefined;
  return { id, from, to, filter, values: Object.fromEntries(values), chosen: undefined, branch: undefined };
}

/** Leaves out conditions on the type of geometry. Other programs draw each symbol for the geometries of its own type. */
function withoutShapes(filter: unknown): unknown {
  const [operator, ...conditions] = Array.isArray(filter) ? (filter as unknown[]) : [];
  if (operator !== 'all') return filter;
  return ['all', ...conditions.filter((each) => !JSON.stringify(each).includes('["geometry-type"]'))];
}

function splitByZoom(layer: PlainLayer): PlainLayer[] {
  const jumps = [layer.filter, ...Object.values(layer.values)].flatMap(jumpsOf);
  const edges = [...new Set([layer.from, ...jumps.filter((zoom) => zoom > layer.from && zoom < layer.to)])];
  edges.sort((a, b) => a - b);
  return edges.map((from, index) => ({
    ...layer,
    id: edges.length > 1 ? `${layer.id} ${from}` : layer.id,
    from,
    to: edges[index + 1] ?? layer.to,
    filter: settled(layer.filter, from),
    values: mapValues(layer.values, (value) => settled(value, from)),
  }));
}

/** Returns true for `["step", ["zoom"], …]` of anything but numbers, which curves can express. */
function isJump(value: unknown): value is unknown[] {
  return Array.isArray(value) && value[0] === 'step' && isZoom(value[1]) && readCurve(value) === undefined;
}

function jumpsOf(value: unknown): number[] {
  return isJump(value) ? value.slice(3).flatMap((zoom, index) => (index % 2 ? [] : [zoom as number])) : [];
}

/** Returns the output of a step expression at a zoom. */
function settled(value: unknown, zoom: number): unknown {
  if (!isJump(value)) return value;
  const steps = value.slice(3);
  const last = steps.findLastIndex((edge, index) => index % 2 === 0 && (edge as number) <= zoom);
  const output = last === -1 ? value[2] : steps[last + 1];
  return output === true ? undefined : output;
}

/** A choosing expression, with the condition and the output of each branch. */
interface ChoosingExpression {
  readonly expression: unknown;
  readonly branches: readonly {
    readonly when: unknown;
    readonly gives: unknown;
    readonly chosen?: readonly (string | number)[];
    readonly isElse?: boolean;
  }[];
}

function splitByAttribute(layer: PlainLayer, icons: readonly string[]): PlainLayer[] {
  const choice = Object.entries(layer.values)
    .filter(([name]) => !EXPRESSIONS.has(name))
    .map(([, value]) => findChoice(value, icons))
    .find((found) => found !== undefined);
  if (!choice) return [layer];
  return choice.branches.flatMap((branch, index) => {
    const { when, gives, chosen, isElse } = branch;
    const parts = splitByAttribute(
      {
        ...layer,
        id: `${layer.id} ${chosen?.join(', ') ?? index}`,
        filter: layer.filter === undefined ? when : ['all', layer.filter, when],
        values: mapValues(layer.values, (value) => replaced(value, choice.expression, gives, when)),
        chosen: chosen ?? layer.chosen,
        branch: { of: layer.id, filter: layer.filter, when: isElse ? 'else' : when },
      },
      icons,
    );
    return parts.length === 1 ? parts : parts.map((part) => ({ ...part, branch: undefined }));
  });
}

function findChoice(value: unknown, icons: readonly string[]): ChoosingExpression | undefined {
  if (!Array.isArray(value)) return undefined;
  const own = readMatch(value) ?? readCase(value) ?? readConcat(value, icons);
  if (own) return own;
  for (const part of value.slice(1)) {
    const found = findChoice(part, icons);
    if (found) return found;
  }
  return undefined;
}

/**
 * Reads `["match", input, label(s), output, …, fallback]`. Labels of equal outputs form one branch. The fallback comes
 * first.
 */
function readMatch(value: readonly unknown[]): ChoosingExpression | undefined {
  if (value[0] !== 'match') return undefined;
  const [, input, ...rest] = value;
  const fallback = rest.pop();
  const byOutput = new Map<string, { gives: unknown; labels: (string | number)[] }>();
  for (let index = 0; index < rest.length; index += 2) {
    const gives = rest[index + 1];
    const key = JSON.stringify(gives);
    const labels = [...(byOutput.get(key)?.labels ?? []), ...([rest[index]].flat() as (string | number)[])];
    byOutput.set(key, { gives, labels });
  }
  const all = [...byOutput.values()].flatMap(({ labels }) => labels);
  return {
    expression: value,
    branches: [
      { when: ['!', amongExpression(input, all)], gives: fallback, isElse: true },
      ...[...byOutput.values()].map(({ gives, labels }) => ({
        when: amongExpression(input, labels),
        gives,
        chosen: labels,
      })),
    ],
  };
}

function readCase(value: readonly unknown[]): ChoosingExpression | undefined {
  if (value[0] !== 'case') return undefined;
  const rest = value.slice(1);
  const fallback = rest.pop();
  const conditions = rest.filter((_, index) => index % 2 === 0);
  const before = (count: number) => conditions.slice(0, count).map((each) => ['!', each]);
  const branches = conditions.map((when, index) => ({
    when: index === 0 ? when : ['all', ...before(index), when],
    gives: rest[index * 2 + 1],
  }));
  return {
    expression: value,
    branches: [...branches, { when: ['all', ...before(conditions.length)], gives: fallback, isElse: true }],
  };
}

/** Reads `["concat", "station-", ["get", "kind"]]`: one branch for each picture with that prefix. */
function readConcat(value: readonly unknown[], icons: readonly string[]): ChoosingExpression | undefined {
  const [operator, prefix, input, ...more] = value;
  if (operator !== 'concat' || typeof prefix !== 'string' || more.length > 0) return undefined;
  const names = icons.filter((name) => name.startsWith(prefix));
  if (!names.length) return undefined;
  const branches = names.map((name) => {
    const label = name.slice(prefix.length);
    return { when: amongExpression(input, [label]), gives: name, chosen: [label] };
  });
  return { expression: value, branches };
}

function amongExpression(input: unknown, values: readonly (string | number)[]): unknown {
  return values.length === 1 ? ['==', input, values[0]] : ['in', input, ['literal', values]];
}

/**
 * Returns `value` with a choice resolved. Other `match` expressions of the same input are resolved by the same
 * condition.
 */
function replaced(value: unknown, expression: unknown, gives: unknown, when: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (JSON.stringify(value) === JSON.stringify(expression)) return gives;
  const decided =
    value[0] === 'match' ? readMatch(value)?.branches.find((branch) => isSameOutput(branch.when, when)) : undefined;
  return decided ? decided.gives : value.map((part) => replaced(part, expression, gives, when));
}

function isSameOutput(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function mapValues(
  values: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
