import { sortableFields } from '../../features/sort.ts';
import type { Services } from '../../services.ts';
import { titledFields } from '../layers/field-schema.ts';
import { propertyListEndpoint } from './property-list.ts';

/** OGC API - Features - Part 8 (OGC 24-030): what `sortby` may name. */
export function sortablesEndpoint(services: Services) {
  return propertyListEndpoint(services, {
    name: 'sortables',
    summary: { vi: 'Các thuộc tính sắp xếp được (JSON Schema)', en: 'The properties to sort by (JSON Schema)' },
    propertiesOf: ({ fields }, language) => titledFields(sortableFields(fields), language),
  });
}
