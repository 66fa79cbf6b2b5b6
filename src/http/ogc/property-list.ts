import { requireLayerOrFunction } from '../../access/policy.ts';
import type { Layer } from '../../catalog/layer.ts';
import type { Text } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { collectionUrl } from '../document.ts';
import { baseUrl } from '../links.ts';
import { SCHEMA_TYPE } from '../media-types.ts';
import type { Language } from '../negotiate.ts';
import type { JsonSchema } from '../parameters.ts';
import { json } from '../reply.ts';
import { type Route, route } from '../route.ts';
import { DIALECT, schemaDocument, schemaParameters } from './field-schema.ts';
import { collectionPath } from './path.ts';

interface PropertyList {
  readonly name: 'queryables' | 'sortables';
  readonly summary: Text;
  readonly propertiesOf: (layer: Layer, language: Language) => Record<string, JsonSchema>;
}

/** `/collections/{collection}/{name}`: the properties that a parameter of items may name, and no others, as JSON Schema. */
export function propertyListRoute(services: Services, { name, summary, propertiesOf }: PropertyList): Route {
  return route({
    path: `/collections/:collection/${name}`,
    tag: 'features',
    summary,
    pathParameters: collectionPath,
    queryParameters: schemaParameters,
    responses: { 200: { content: { [SCHEMA_TYPE]: schemaDocument } } },
    handle: ({ path, principal, language, http }) => {
      const layer = requireLayerOrFunction(services.catalog.current(), path.collection, principal);
      const document = {
        $schema: DIALECT,
        $id: `${collectionUrl(baseUrl(services.config, http), layer.id)}/${name}`,
        type: 'object',
        title: layer.title[language],
        properties: propertiesOf(layer, language),
        additionalProperties: false,
      };
      return json(document, { type: SCHEMA_TYPE });
    },
  });
}
