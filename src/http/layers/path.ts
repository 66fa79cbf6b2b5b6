import type { Text } from '../../lib/errors.ts';
import { codePoints, type Parameter, required } from '../kit/parameters.ts';

/**
 * Returns a parameter for an exact name, including outer spaces and decomposed letters. PostgreSQL text holds no NUL.
 */
function nameParameter(description: Text): Parameter<string> & { required: true } {
  const max = 2000;
  return required({
    description,
    schema: { type: 'string', minLength: 1, maxLength: max, pattern: '^[^\\u0000]*$' },
    expected: { vi: `chữ, từ 1 đến ${max} ký tự`, en: `text of 1 to ${max} characters` },
    read: (text) => (text !== '' && codePoints(text) <= max && !text.includes('\0') ? text : undefined),
  });
}

/** Path parameters of a collection, and of a feature in it. */
export const collectionPath = {
  collection: nameParameter({ vi: 'Mã lớp, như land.parcel', en: 'Layer id, such as land.parcel' }),
};
export const featurePath = {
  ...collectionPath,
  feature: nameParameter({ vi: 'Mã đối tượng', en: 'Feature id' }),
};

export const ITEMS_PATH = '/collections/:collection/items';
