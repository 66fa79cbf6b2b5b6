import type { VisibleCatalog } from '../../access/visible-catalog.ts';
import type { Layer } from '../../catalog/layer.ts';
import { invalidParameter } from '../../lib/errors.ts';
import { type Parameter, textParameter } from '../kit/parameters.ts';
import { called } from './function-arguments.ts';

/** Most layers of a request, more than any map shows at once. */
const MAX_LAYERS = 50;

export const layersParameter = textParameter(
  { vi: 'Mã lớp, cách nhau bằng dấu phẩy', en: 'Layer ids, separated by commas' },
  { max: 2000 },
);
/** `collections` of OGC 20-057, a list in the query. */
export const collectionsParameter: Parameter<string> = {
  ...layersParameter,
  schema: { type: 'array', minItems: 1, maxItems: MAX_LAYERS, items: { type: 'string' } },
};
/** The catalog that the principal may see, and the query with the arguments of functions. */
export interface LayerScope {
  readonly catalog: VisibleCatalog;
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * Returns the layers of `a.b,c.d`; functions are called with their arguments from the query. A name may hold a comma,
 * so the whole text is looked up first.
 */
export function readLayerList(text: string, { catalog, query }: LayerScope): Layer[] {
  const ids = catalog.find(text) ? [text] : [...new Set(text.split(',').map((id) => id.trim()))];
  if (ids.length > MAX_LAYERS)
    throw invalidParameter('layers', {
      vi: `danh sách nhiều nhất ${MAX_LAYERS} lớp`,
      en: `at most ${MAX_LAYERS} layers`,
    });
  return ids.map((id) => called(catalog.requireLayerOrFunction(id), query));
}
