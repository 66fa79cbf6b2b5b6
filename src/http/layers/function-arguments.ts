import type { Arguments, FunctionParameter, Layer, TileFunction } from '../../catalog/layer.ts';
import { isRefusedByFunction } from '../../database/sqlstate.ts';
import { Problem, wrongParameter } from '../../lib/errors.ts';
import { expectedOf, readValue } from './value-reader.ts';

type Query = Readonly<Record<string, unknown>>;

/** Every name that a query can give the functions among the layers. */
export function argumentNames(layers: readonly Pick<Layer, 'call'>[]): string[] {
  return layers.flatMap(({ call }) => call?.parameters.map(({ name }) => name) ?? []);
}

/**
 * A function with the arguments that a query gives it; a table or a view as it is.
 * @throws Problem for an argument that is missing, given twice, or no value of its type
 */
export function called(layer: Layer, query: Query): Layer {
  const { call } = layer;
  return call ? { ...layer, call: { ...call, arguments: readArguments(call.parameters, query) } } : layer;
}

/** @throws Problem as {@link called} */
export function readArguments(parameters: readonly FunctionParameter[], query: Query): Arguments {
  const given = parameters.flatMap(({ name, type, isRequired }) => {
    if (query[name] !== undefined) return [[name, readValue(name, type, query[name])]];
    if (!isRequired) return [];
    const { vi, en } = expectedOf(type);
    throw wrongParameter(name, {
      vi: `Hàm này cần tham số "${name}": ${vi}.`,
      en: `This function must be given "${name}", ${en}.`,
    });
  });
  return Object.fromEntries(given);
}

/** Arguments as a query, with its question mark; empty where there are none. */
export function argumentsQuery({ call }: Pick<Layer, 'call'>): string {
  const query = new URLSearchParams(call?.arguments);
  return query.size ? `?${query}` : '';
}

/**
 * For `catch`: what a function says of its arguments is for the caller to mend.
 * @throws Problem invalid-parameter in the words of the function; every other error, and those of tables, as it is
 */
export function refusedBy(sources: readonly (Layer | TileFunction)[]): (error: unknown) => never {
  const made = sources.find((source) => !('call' in source) || source.call);
  return (error) => {
    if (!made || !isRefusedByFunction(error)) throw error;
    throw new Problem('invalid-parameter', {
      vi: `${made.id} không nhận các giá trị này: ${error.message}`,
      en: `${made.id} does not take these values: ${error.message}`,
    });
  };
}
