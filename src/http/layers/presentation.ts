import type { Field, Layer } from '../../catalog/layer.ts';
import { fieldNamed } from '../../catalog/names.ts';
import { type SortKey, sortableFields } from '../../features/sort.ts';
import { wrongParameter } from '../../lib/errors.ts';
import { fold } from '../../lib/text.ts';
import { choiceParameter, codePoints, type Parameter } from '../kit/parameters.ts';

const MAX_SORT_KEYS = 8;
const MAX_NAMES = 500;
const MAX_TERMS = 10;
const MAX_TERM = 100;
const NAME = { type: 'string', pattern: '^[^,]+$' };

/** Sort fields and directions, not yet checked against a layer. */
export type NamedSort = readonly { readonly name: string; readonly descending: boolean }[];

/** `a`, `+a`, `-b` (OGC API - Features, sorting). An unescaped `+` of a query arrives as a space. */
export const sortbyParameter: Parameter<NamedSort> = {
  description: {
    vi: 'Sắp xếp theo các trường: "+a" tăng dần, "-b" giảm dần; ô trống đứng sau mọi giá trị',
    en: 'Order by fields: "+a" ascending, "-b" descending; empty counts as larger than every value',
  },
  schema: { type: 'array', minItems: 1, maxItems: MAX_SORT_KEYS, uniqueItems: true, items: NAME },
  expected: {
    vi: `từ 1 đến ${MAX_SORT_KEYS} tên trường khác nhau cách nhau bằng dấu phẩy, "-" đứng trước là giảm dần`,
    en: `1 to ${MAX_SORT_KEYS} different names of fields separated by commas, with "-" before one to descend`,
  },
  read: (text) => {
    const keys = text.split(',').map((each) => {
      const [, sign = '', name = ''] = /^([+ -]?)(.*)$/s.exec(each) ?? [];
      return { name, descending: sign === '-' };
    });
    const isList = keys.length <= MAX_SORT_KEYS && areDistinct(keys.map(({ name }) => name));
    return isList ? keys : undefined;
  },
};

export const propertiesParameter: Parameter<readonly string[]> = {
  description: { vi: 'Chỉ lấy các trường này', en: 'Only these fields' },
  schema: { type: 'array', minItems: 1, maxItems: MAX_NAMES, uniqueItems: true, items: NAME },
  expected: {
    vi: 'các tên trường khác nhau, cách nhau bằng dấu phẩy',
    en: 'different names of fields, separated by commas',
  },
  read: (text) => {
    const names = text.split(',');
    return names.length <= MAX_NAMES && areDistinct(names) ? names : undefined;
  },
};

export const skipGeometryParameter = choiceParameter({ vi: 'true: không lấy hình học', en: 'true: no geometries' }, [
  'true',
  'false',
]);

/** Search terms for the text of fields (OGC API - Features, Part 9), folded by `fold`. One match suffices. */
export const searchParameter: Parameter<readonly string[]> = {
  description: {
    vi: 'Tìm trong các trường chữ, có dấu hay không dấu; các cụm từ cách nhau bằng dấu phẩy, có một là đủ',
    en: 'Looks in text fields, with or without tone marks; of terms separated by commas one is enough',
  },
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: MAX_TERMS,
    items: { type: 'string', minLength: 1, maxLength: MAX_TERM },
  },
  expected: {
    vi: `từ 1 đến ${MAX_TERMS} cụm từ cách nhau bằng dấu phẩy, mỗi cụm từ 1 đến ${MAX_TERM} ký tự`,
    en: `1 to ${MAX_TERMS} terms separated by commas, each of 1 to ${MAX_TERM} characters`,
  },
  read: (text) => {
    const terms = text.split(',').map(fold);
    const isTerm = (term: string) => term !== '' && codePoints(term) <= MAX_TERM && !/\p{Cc}/u.test(term);
    return terms.length <= MAX_TERMS && terms.every(isTerm) ? terms : undefined;
  },
};

/** @throws Problem that names the sortable fields */
export function readSort(layer: Layer, keys: NamedSort = []): SortKey[] {
  const fields = sortableFields(layer.fields);
  return keys.map(({ name, descending }) => ({ field: requireKnownField('sortby', name, fields), descending }));
}

/**
 * Returns the fields in the layer's order.
 * @throws Problem that names the existing fields
 */
export function readProperties({ fields }: Layer, names: readonly string[]): Field[] {
  const asked = names.map((name) => requireKnownField('properties', name, fields));
  return fields.filter((field) => asked.includes(field));
}

function requireKnownField(parameter: string, name: string, fields: readonly Field[]): Field {
  const field = fieldNamed(fields, name);
  if (field) return field;
  const known = fields.map((each) => each.name).join(', ');
  const shown = name.slice(0, 60);
  throw wrongParameter(parameter, {
    vi: `Tham số "${parameter}" nêu "${shown}", không phải trường dùng được ở đây. Dùng được: ${known}.`,
    en: `Parameter "${parameter}" names "${shown}", which is no field that can be used here. Known: ${known}.`,
  });
}

function areDistinct(names: readonly string[]): boolean {
  return !names.includes('') && new Set(names).size === names.length;
}
