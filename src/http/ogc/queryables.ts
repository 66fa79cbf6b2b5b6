import { requireLayerOrFunction } from '../../access/policy.ts';
import type { Layer } from '../../catalog/layer.ts';
import { queryableFields } from '../../filter/value.ts';
import type { Services } from '../../services.ts';
import { collectionUrl } from '../document.ts';
import { baseUrl } from '../links.ts';
import { SCHEMA_TYPE } from '../media-types.ts';
import type { Language } from '../negotiate.ts';
import { json } from '../reply.ts';
import { type Route, route } from '../route.ts';
import { DIALECT, geometryFormat, schemaDocument, schemaParameters, valueSchema } from './field-schema.ts';
import { collectionPath } from './path.ts';

export const QUERYABLES_REL = 'http://www.opengis.net/def/rel/ogc/1.0/queryables';

export function queryablesRoutes(services: Services): Route[] {
  return [
    route({
      path: '/collections/:collection/queryables',
      tag: 'features',
      summary: {
        vi: 'Các thuộc tính lọc được (JSON Schema)',
        en: 'The properties that filters may name (JSON Schema)',
      },
      pathParameters: collectionPath,
      queryParameters: schemaParameters,
      responses: { 200: { content: { [SCHEMA_TYPE]: schemaDocument } } },
      handle: ({ path, principal, language, http }) => {
        const layer = requireLayerOrFunction(services.catalog.current(), path.collection, principal);
        const base = baseUrl(services.config, http);
        return json(queryables(layer, `${collectionUrl(base, layer.id)}/queryables`, language), { type: SCHEMA_TYPE });
      },
    }),
  ];
}

/** OGC 19-079r2, 6.2: what `filter` may name, and nothing else. */
function queryables(layer: Layer, id: string, language: Language) {
  const arrays = layer.fields.filter(({ sqlType }) => sqlType.endsWith('[]'));
  const fields = [...queryableFields(layer), ...arrays].map((field) => [
    field.name,
    {
      title: field.title[language],
      ...valueSchema(field),
    },
  ]);
  return {
    $schema: DIALECT,
    $id: id,
    type: 'object',
    title: layer.title[language],
    properties: {
      ...Object.fromEntries(fields),
      [layer.geometry.column]: {
        'x-ogc-role': 'primary-geometry',
        format: geometryFormat(layer.geometry.type, layer.geometry.dimension),
      },
    },
    additionalProperties: false,
  };
}
