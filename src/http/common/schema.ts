import type { Field, Layer } from '../../catalog/layer.ts';
import { generatedFields, isEditable } from '../../features/edit.ts';
import type { Language } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { collectionUrl } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { SCHEMA_TYPE } from '../kit/media-types.ts';
import type { JsonSchema } from '../kit/parameters.ts';
import { jsonReply } from '../kit/reply.ts';
import { DIALECT, geometryFormat, schemaDocument, schemaParameters, valueSchema } from '../layers/field-schema.ts';
import { collectionPath } from '../layers/path.ts';

/** Serves the schema of OGC API - Features - Part 5, which is Part 3 of OGC API - Common (OGC 23-058r2). */
export function schemaEndpoints(services: Services) {
  return {
    read: endpoint({
      tag: 'features',
      summary: { vi: 'Lược đồ của một lớp (JSON Schema)', en: 'The schema of a layer (JSON Schema)' },
      pathParameters: collectionPath,
      queryParameters: schemaParameters,
      responses: { 200: { content: { [SCHEMA_TYPE]: schemaDocument } } },
      handle: async ({ path, principal, language, http }) => {
        const layer = services.catalogFor(principal).requireLayerOrFunction(path.collection);
        const generated = await generatedFields(services.db, layer);
        const id = `${collectionUrl(baseUrl(services.config, http), layer.id)}/schema`;
        return jsonReply(
          { $schema: DIALECT, $id: id, ...layerSchema(layer, generated, language) },
          { type: SCHEMA_TYPE },
        );
      },
    }),
  };
}

function layerSchema(layer: Layer, generated: ReadonlySet<string>, language: Language): JsonSchema {
  const { geometry, fields, title } = layer;
  const isReadOnly = !isEditable(layer);
  const geometryRole = fields.some(({ name }) => name === geometry.column) ? {} : { 'x-ogc-role': 'primary-geometry' };
  const required = fields.filter(({ name, nullable }) => !nullable && !generated.has(name)).map(({ name }) => name);
  return {
    type: 'object',
    title: title[language],
    ...(required.length ? { required } : {}),
    properties: {
      ...Object.fromEntries(
        fields.map((field, index) => [
          field.name,
          {
            title: field.title[language],
            'x-ogc-propertySeq': index + 1,
            ...valueSchema(field),
            ...(isKeyField(layer, field) ? { 'x-ogc-role': 'id' } : {}),
            ...(field.name === layer.timeField ? { 'x-ogc-role': 'primary-instant' } : {}),
            ...(isReadOnly || generated.has(field.name) ? { readOnly: true } : {}),
          },
        ]),
      ),
      [geometry.column]: { format: geometryFormat(geometry.type, geometry.dimension), ...geometryRole },
    },
    additionalProperties: false,
  };
}

function isKeyField({ key }: Layer, { name }: Field): boolean {
  return key.kind === 'columns' && key.columns.length === 1 && key.columns[0] === name;
}
