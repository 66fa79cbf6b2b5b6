import type { Layer } from '../../catalog/layer.ts';
import type { Language, Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { collectionUrl } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { SCHEMA_TYPE } from '../kit/media-types.ts';
import type { JsonSchema } from '../kit/parameters.ts';
import { jsonReply } from '../kit/reply.ts';
import { DIALECT, schemaDocument, schemaParameters } from '../layers/field-schema.ts';
import { collectionPath } from '../layers/path.ts';

interface PropertyList {
  readonly name: 'queryables' | 'sortables';
  readonly summary: Text;
  readonly propertiesOf: (layer: Layer, language: Language) => Record<string, JsonSchema>;
}

/**
 * Serves `/collections/{collection}/{name}`: the exact properties that a parameter of items may name, as JSON Schema.
 */
export function propertyListEndpoint(services: Services, { name, summary, propertiesOf }: PropertyList) {
  return endpoint({
    tag: 'features',
    summary,
    pathParameters: collectionPath,
    queryParameters: schemaParameters,
    responses: { 200: { content: { [SCHEMA_TYPE]: schemaDocument } } },
    handle: ({ path, principal, language, http }) => {
      const layer = services.catalogFor(principal).requireLayerOrFunction(path.collection);
      const document = {
        $schema: DIALECT,
        $id: `${collectionUrl(baseUrl(services.config, http), layer.id)}/${name}`,
        type: 'object',
        title: layer.title[language],
        properties: propertiesOf(layer, language),
        additionalProperties: false,
      };
      return jsonReply(document, { type: SCHEMA_TYPE });
    },
  });
}
