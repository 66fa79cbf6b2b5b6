import { invalidParameter } from '../../../lib/errors.ts';
import { listThemes } from '../../../themes.ts';

/** A table by its names, which make the id of its layer. */
export interface LayerName {
  readonly schema: string;
  readonly table: string;
}

interface LayerRequest {
  /** `schema.table` */
  readonly layer: string;
  readonly schemas?: readonly string[];
}

/** @throws Problem if the layer is no table of a published schema */
export function parseLayer({ layer, schemas = listThemes().map(({ id }) => id) }: LayerRequest): LayerName {
  const [, schema = '', table = ''] = /^([^\s".]{1,63})\.([^\s".]{1,63})$/.exec(layer) ?? [];
  if (table && schemas.includes(schema)) return { schema, table };
  const list = schemas.join(', ');
  throw invalidParameter('layer', {
    vi: `lược_đồ.bảng với lược đồ là một trong: ${list} (ví dụ land.parcel)`,
    en: `schema.table, the schema one of ${list} (e.g. land.parcel)`,
  });
}
