import { createHash } from 'node:crypto';
import type { DatedUnit, Layer } from '../catalog/layer.ts';

export const KEY_OPERATIONS = ['read', 'edit'] as const;
export type KeyOperation = (typeof KEY_OPERATIONS)[number];

/** The layers that a key opens beyond what the public sees, and the operations on them. */
export interface KeyScope {
  /** Schemas of which every layer is seen whole: also restricted ones, and personal fields. */
  readonly databases: readonly string[];
  /** Further layers that are seen whole, by id. */
  readonly layers: readonly string[];
  /** Units to which those layers are narrowed; empty: all. */
  readonly units: readonly DatedUnit[];
  readonly operations: readonly KeyOperation[];
}

/** Returns true if the scope names the layer, by itself or by its schema. */
export function namesLayer({ databases, layers }: KeyScope, { id, schema }: Pick<Layer, 'id' | 'schema'>): boolean {
  return layers.includes(id) || databases.includes(schema);
}

/** Returns the access class: equal for equal scopes, whoever holds the keys. 22 characters. */
export function accessClassOf({ databases, layers, units, operations }: KeyScope): string {
  const content = [databases, layers, units.map(writeUnit), operations].map((list) => [...new Set(list)].sort());
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22);
}

/** Returns a unit as `code@YYYY-MM-DD`. */
export function writeUnit({ code, validFrom }: DatedUnit): string {
  return `${code}@${validFrom}`;
}

/** Reads what {@link writeUnit} has written. */
export function readUnit(text: string): DatedUnit {
  const [code = '', validFrom = ''] = text.split('@');
  return { code, validFrom };
}
