import type { FunctionParameter, Layer, TileFunction } from '../../catalog/layer.ts';
import { isEditable } from '../../features/edit.ts';
import { sortableFields } from '../../features/sort.ts';
import type { Text } from '../../lib/errors.ts';
import type { Route } from '../kit/endpoint.ts';
import type { DescribedParameters, JsonSchema } from '../kit/parameters.ts';
import { templateOf } from '../kit/route.ts';
import { TYPE_SCHEMAS } from '../layers/field-schema.ts';
import { describedFields } from '../layers/field-values.ts';
import { argumentNames } from '../layers/function-arguments.ts';
import { ITEMS_PATH } from '../layers/path.ts';

const ITEMS_TEMPLATE = templateOf(ITEMS_PATH);
const TILE_PATHS: readonly string[] = ['/xyz/{layers}/{z}/{x}/{y}.mvt', '/xyz/{layers}/tilejson.json'];
/** Paths that call a row function. */
const CALLED_PATHS: readonly string[] = [
  ITEMS_TEMPLATE,
  `${ITEMS_TEMPLATE}/{feature}`,
  ...['', '/{tileMatrixSetId}', '/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}'].map(
    (rest) => `/collections/{collection}/tiles${rest}`,
  ),
  ...TILE_PATHS,
];

/** Anything that can be requested by an id. */
export interface Published {
  readonly layers: readonly Layer[];
  readonly functions: readonly Layer[];
  readonly tileFunctions: readonly TileFunction[];
}

/** Deviations of one layer or function from the shared parameters. */
export interface OwnParameters {
  readonly id: string;
  readonly title: Text;
  readonly parameters: readonly {
    readonly name: string;
    readonly title: Text;
    readonly isRequired: boolean;
    readonly schema: JsonSchema;
  }[];
  /** Shared parameters that this one lacks. */
  readonly without?: DescribedParameters;
  /** Allowed values of parameters that are lists. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Returns the layers and functions for which a path is described apart. For items these are all layers: only there can
 * fields be parameters, which GDAL reads for its filters. For other paths these are the functions that it calls.
 */
export function ownParameters(path: string, { method, queryParameters }: Route, source: Published): OwnParameters[] {
  if (!CALLED_PATHS.includes(path)) return [];
  const isRead = method === 'get';
  const fieldsOf = (layer: Layer) =>
    describedFields(layer, [...Object.keys(queryParameters), ...argumentNames([layer])]).map(
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
    parameters: [...argumentsOf(layer.call?.parameters), ...(isRead && path === ITEMS_TEMPLATE ? fieldsOf(layer) : [])],
  });
  return [
    ...(path === ITEMS_TEMPLATE ? (isRead ? source.layers : source.layers.filter(isEditable)).map(own) : []),
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

/** Returns the path of one layer or function. */
export function pathOf(path: string, id: string): string {
  return path.replace(/\{(collection|layers)\}/, encodeURIComponent(id));
}
