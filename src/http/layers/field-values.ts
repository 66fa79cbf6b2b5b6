import type { Field, Layer } from '../../catalog/layer.ts';
import { fieldNamed } from '../../catalog/names.ts';
import type { ItemsFilter } from '../../features/items-query.ts';
import { Problem } from '../../lib/errors.ts';
import type { JsonSchema } from '../kit/parameters.ts';
import { TYPE_SCHEMAS } from './field-schema.ts';
import { canBeGiven, readQueryValue } from './value-reader.ts';

/** Returns the fields that a query can name, with the schema of their values. */
export function describedFields(
  { fields }: Layer,
  reserved: readonly string[],
): { field: Field; schema: JsonSchema }[] {
  return fields.flatMap((field) => {
    const canBeNamed = canBeGiven(field.type) && !reserved.includes(field.name);
    return canBeNamed ? [{ field, schema: TYPE_SCHEMAS[field.type] }] : [];
  });
}

/**
 * Parses the conditions `field=value` of a query.
 * @param reserved parameters with a meaning of their own, parsed elsewhere
 * @throws Problem for an unknown field, a repeated one, or a value of a wrong type
 */
export function readFieldValues(
  layer: Layer,
  query: Readonly<Record<string, unknown>>,
  reserved: readonly string[],
): ItemsFilter['equals'] {
  const known = describedFields(layer, reserved).map(({ field }) => field);
  return Object.entries(query).flatMap(([name, given]) => {
    if (reserved.includes(name)) return [];
    const field = fieldNamed(known, name);
    if (!field) throw unknownQueryField(name, [...reserved, ...known.map((each) => each.name)]);
    return [{ field, value: readQueryValue(name, field.type, given) }];
  });
}

function unknownQueryField(name: string, known: readonly string[]): Problem {
  const shown = name.slice(0, 60);
  return new Problem(
    'unknown-parameter',
    {
      vi: `Lớp này không có tham số hay trường "${shown}". Dùng được: ${known.join(', ')}.`,
      en: `There is no parameter or field "${shown}" here. Known: ${known.join(', ')}.`,
    },
    { parameter: shown, known },
  );
}
