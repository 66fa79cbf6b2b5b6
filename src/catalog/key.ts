import type { Key, Layer } from './layer.ts';

/** The column that is the layer's whole key and holds whole numbers; undefined where the key is anything else. */
export function integerKey({ key, fields }: Layer): string | undefined {
  if (key.kind !== 'columns' || key.columns.length !== 1) return undefined;
  return fields.find(({ name, type }) => name === key.columns[0] && type === 'integer')?.name;
}

/** Of what has no index, a view or a function's rows: by convention `id`, never null and unique, is the key. */
export function keyByName(columns: readonly { readonly name: string }[]): Key {
  return columns.some(({ name }) => name === 'id') ? { kind: 'columns', columns: ['id'] } : { kind: 'none' };
}
