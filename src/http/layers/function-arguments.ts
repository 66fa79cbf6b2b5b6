import type { Arguments, FunctionParameter, Layer, TileFunction } from '../../catalog/layer.ts';
import { isRefusedByFunction } from '../../database/sqlstate.ts';
import { Problem, wrongParameter } from '../../lib/errors.ts';
import { expectedOf, readQueryValue } from './value-reader.ts';

type QueryValues = Readonly<Record<string, unknown>>;

/** Returns every name that a query can give to functions among the layers. */
export function argumentNames(layers: readonly Pick<Layer, 'call'>[]): string[] {
  return layers.flatMap(({ call }) => call?.parameters.map(({ name }) => name) ?? []);
}

/**
 * Returns a function with its arguments from the query; a table or a view is returned unchanged.
 * @throws Problem for an argument that is missing, repeated, or of a wrong type
 */
export function called(layer: Layer, query: QueryValues): Layer {
  const { call } = layer;
  return call ? { ...layer, call: { ...call, arguments: readArguments(call.parameters, query) } } : layer;
}

/** @throws Problem as {@link called} */
export function readArguments(parameters: readonly FunctionParameter[], query: QueryValues): Arguments {
  const given = parameters.flatMap(({ name, type, isRequired }) => {
    if (query[name] !== undefined) return [[name, readQueryValue(name, type, query[name])]];
    if (!isRequired) return [];
    const { vi, en } = expectedOf(type);
    throw wrongParameter(name, {
      vi: `Hàm này cần tham số "${name}": ${vi}.`,
      en: `This function must be given "${name}", ${en}.`,
    });
  });
  return Object.fromEntries(given);
}

/** Returns the arguments as a query with its question mark; empty without arguments. */
export function argumentsQuery({ call }: Pick<Layer, 'call'>): string {
  const query = new URLSearchParams(call?.arguments);
  return query.size ? `?${query}` : '';
}

/**
 * Handler for `catch`: the caller can correct errors that a function raises about its arguments.
 * @throws Problem invalid-parameter in the words of the function; every other error, and those of tables, unchanged
 */
export function refusedBy(sources: readonly (Layer | TileFunction)[]): (error: unknown) => never {
  const callee = sources.find((source) => !('call' in source) || source.call);
  return (error) => {
    if (!callee || !isRefusedByFunction(error)) throw error;
    throw new Problem('invalid-parameter', {
      vi: `${callee.id} không nhận các giá trị này: ${error.message}`,
      en: `${callee.id} does not take these values: ${error.message}`,
    });
  };
}
