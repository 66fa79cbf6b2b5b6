import { sortableFields } from '../../features/sort.ts';
import type { Services } from '../../services.ts';
import { titledFields } from '../layers/field-schema.ts';
import { propertyListEndpoint } from './property-list.ts';

/** Serves the properties that `sortby` may name (OGC API - Features - Part 8, OGC 24-030). */
export function sortablesEndpoint(services: Services) {
  return propertyListEndpoint(services, {
    name: 'sortables',
    summary: { vi: 'Các thuộc tính sắp xếp được (JSON Schema)', en: 'The properties to sort by (JSON Schema)' },
    propertiesOf: ({ fields }, language) => titledFields(sortableFields(fields), language),
  });
}
