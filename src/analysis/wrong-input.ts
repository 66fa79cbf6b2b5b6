import type { Layer } from '../catalog/layer.ts';
import { Problem, type Text } from '../lib/errors.ts';
import type { PrepareContext } from './process.ts';

/** @param detail whole sentences that say what would be right */
export function wrongInput(parameter: string, detail: Text): Problem {
  return new Problem('invalid-body', detail, { parameter });
}

/**
 * Returns a layer that an input names. A missing layer is an error of the input, not of the path.
 * @throws Problem invalid-body
 */
export function inputLayer({ layerOf }: PrepareContext, id: string, parameter: string): Layer {
  try {
    return layerOf(id);
  } catch (error) {
    throw error instanceof Problem ? wrongInput(parameter, error.detail) : error;
  }
}

/** Rejects a list that is too long before it is parsed. A schema would parse half a million members first. */
export function requireFew(list: unknown, most: number, path: string): void {
  if (!Array.isArray(list) || list.length <= most) return;
  throw wrongInput(path.replace(/^inputs\./, ''), {
    vi: `"${path}" có ${list.length} phần tử; nhiều nhất là ${most} (≤ ${most}).`,
    en: `"${path}" has ${list.length} items; it must have a number of items ≤ ${most}.`,
  });
}
