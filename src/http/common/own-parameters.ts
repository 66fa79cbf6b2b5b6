import type { FunctionParameter, Layer, TileFunction } from '../../catalog/layer.ts';
import { isEditable } from '../../features/edit.ts';
import { sortableFields } from '../../features/sort.ts';
import type { Text } from '../../lib/errors.ts';
import type { Route } from '../kit/endpoint.ts';
import type { DescribedParameters, JsonSchema } from '../kit/parameters.ts';
import { TYPE_SCHEMAS } from '../layers/field-schema.ts';
import { queryableFields } from '../layers/field-values.ts';
import { argumentNames } from '../layers/function-arguments.ts';

const ITEMS_PATH = '/collections/{collection}/items';
const TILE_PATHS: readonly string[] = ['/xyz/{layers}/{z}/{x}/{y}.mvt', '/xyz/{layers}/tilejson.json'];
/** Where a function that gives rows is called. */
const CALLED_PATHS: readonly string[] = [
  ITEMS_PATH,
  `${ITEMS_PATH}/{feature}`,
  ...['', '/{tileMatrixSetId}', '/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}'].map(
    (rest) => `/collections/{collection}/tiles${rest}`,
  ),
  ...TILE_PATHS,
];

/** What can be asked for by an id. */
export interface Published {
  readonly layers: readonly Layer[];
  readonly functions: readonly Layer[];
  readonly tileFunctions: readonly TileFunction[];
}

/** What one layer or function has beside what all have. */
export interface OwnParameters {
  readonly id: string;
  readonly title: Text;
  readonly parameters: readonly {
    readonly name: string;
    readonly title: Text;
    readonly isRequired: boolean;
    readonly schema: JsonSchema;
  }[];
  /** Parameters of all that this one lacks. */
  readonly without?: DescribedParameters;
  /** Of parameters that are lists, what can be in them. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Layers and functions that a path is described of by itself: the items of a layer, since only there can its fields stand as
 * parameters, which GDAL reads to filter by them; everything that calls a function.
 */
export function ownParameters(path: string, { method, queryParameters }: Route, source: Published): OwnParameters[] {
  if (!CALLED_PATHS.includes(path)) return [];
  const isRead = method === 'get';
  const fieldsOf = (layer: Layer) =>
    queryableFields(layer, [...Object.keys(queryParameters), ...argumentNames([layer])]).map(
      ({ field: { name, title }, schema }) => ({
        ...{ name, title, schema },
        isRequired: false,
      }),
    );
  const own = (layer: Layer): OwnParameters => ({
    ...{ id: layer.id, title: layer.title },
    lists: {
      properties: layer.fields.map(({ name }) => name),
      sortby: sortableFields(layer.fields).flatMap(({ name }) => [name, `+${name}`, `-${name}`]),
    },
    parameters: [...argumentsOf(layer.call?.parameters), ...(isRead && path === ITEMS_PATH ? fieldsOf(layer) : [])],
  });
  return [
    ...(path === ITEMS_PATH ? (isRead ? source.layers : source.layers.filter(isEditable)).map(own) : []),
    ...(isRead ? source.functions.map(own) : []),
    ...(TILE_PATHS.includes(path)
      ? source.tileFunctions.map(({ id, title, parameters }) => ({
          ...{ id, title, without: queryParameters },
          parameters: argumentsOf(parameters),
        }))
      : []),
  ];
}

function argumentsOf(parameters: readonly FunctionParameter[] = []): OwnParameters['parameters'] {
  return parameters.map(({ name, title, isRequired, type }) => ({
    name,
    title,
    isRequired,
    schema: TYPE_SCHEMAS[type],
  }));
}

/** The path of one layer or function. */
export function pathOf(path: string, id: string): string {
  return path.replace(/\{(collection|layers)\}/, encodeURIComponent(id));
}
