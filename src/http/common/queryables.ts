import { queryableFields } from '../../filter/value.ts';
import type { Services } from '../../services.ts';
import { geometryFormat, titledFields } from '../layers/field-schema.ts';
import { propertyListEndpoint } from './property-list.ts';

/** Serves the properties that `filter` may name (OGC 19-079r2, 6.2). */
export function queryablesEndpoint(services: Services) {
  return propertyListEndpoint(services, {
    name: 'queryables',
    summary: { vi: 'Các thuộc tính lọc được (JSON Schema)', en: 'The properties that filters may name (JSON Schema)' },
    propertiesOf: (layer, language) => {
      const arrays = layer.fields.filter(({ sqlType }) => sqlType.endsWith('[]'));
      return {
        ...titledFields([...queryableFields(layer), ...arrays], language),
        [layer.geometry.column]: {
          'x-ogc-role': 'primary-geometry',
          format: geometryFormat(layer.geometry.type, layer.geometry.dimension),
        },
      };
    },
  });
}
