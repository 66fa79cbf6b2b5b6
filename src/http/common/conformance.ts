import { z } from 'zod';
import type { Services } from '../../services.ts';
import { documentPlace } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { jsonReply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { conformancePage } from './conformance-page.ts';

const COMMON = ['core', 'oas30'];
const FEATURES = ['core', 'oas30', 'geojson', 'html'];
const FILTERS = ['queryables', 'queryables-query-parameters', 'filter', 'features-filter'];
const CQL2 = [
  ...['cql2-text', 'cql2-json', 'basic-cql2', 'advanced-comparison-operators', 'case-insensitive-comparison'],
  ...['accent-insensitive-comparison', 'basic-spatial-functions', 'basic-spatial-functions-plus', 'spatial-functions'],
  ...['temporal-functions', 'array-functions', 'property-property', 'arithmetic'],
];
const TILES = [
  'core',
  'oas30',
  'tileset',
  'tilesets-list',
  'dataset-tilesets',
  'geodata-tilesets',
  'collections-selection',
  'mvt',
  'png',
];
const TILE_MATRIX_SETS = [
  'tilematrixset',
  'json-tilematrixset',
  'tilematrixsetlimits',
  'json-tilematrixsetlimits',
  'tilesetmetadata',
  'json-tilesetmetadata',
];
/** Classes of the draft OGC 20-009. */
const STYLE_CLASSES = ['core', 'mapbox-styles'];
/** Part 5 of Features was published as Part 3 of Common (OGC 23-058r2). */
const SCHEMAS = ['schemas', 'advanced-property-roles', 'returnables-and-receivables', 'queryables', 'sortables'];
/** Classes of the drafts OGC 24-019, 24-030 and 24-031. */
const SELECTION = ['properties', 'properties-features'];
const SORTING = ['sortables', 'sorting', 'features-sorting'];
const SEARCH = ['text-search', 'features-text-search'];
const EDITING = ['create-replace-delete', 'update', 'optimistic-locking-etags', 'features'];

/**
 * Returns the conformance classes. Those of editing hold only while it is on. Those of Processes are not declared,
 * because every class requires the core. The core requires inputs by reference (OGC 18-062r2, requirement 18 B), which
 * are refused so that nobody can have this server request others.
 */
const classesOf = (isEditable: boolean) => [
  ...COMMON.map((name) => `http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/${name}`),
  ...TILES.map((name) => `http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/${name}`),
  ...TILE_MATRIX_SETS.map((name) => `http://www.opengis.net/spec/tms/2.0/conf/${name}`),
  ...FEATURES.map((name) => `http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`),
  'http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs',
  ...SCHEMAS.map((name) => `http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/${name}`),
  ...SELECTION.map((name) => `http://www.opengis.net/spec/ogcapi-features-6/1.0/conf/${name}`),
  ...SORTING.map((name) => `http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/${name}`),
  ...SEARCH.map((name) => `http://www.opengis.net/spec/ogcapi-features-9/1.0/conf/${name}`),
  ...(isEditable ? EDITING : []).map((name) => `http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/${name}`),
  ...FILTERS.map((name) => `http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/${name}`),
  ...CQL2.map((name) => `http://www.opengis.net/spec/cql2/1.0/conf/${name}`),
  ...STYLE_CLASSES.map((name) => `http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/${name}`),
];

export function conformanceEndpoints(services: Services) {
  return {
    list: endpoint({
      tag: 'service',
      summary: { vi: 'Các lớp yêu cầu mà dịch vụ tuân theo', en: 'The conformance classes that the service meets' },
      queryParameters: formatParameters,
      responses: {
        200: {
          content: { 'application/json': z.strictObject({ conformsTo: z.array(z.string()) }), [HTML_TYPE]: pageSchema },
        },
      },
      problems: [],
      handle: ({ query, language, http }) => {
        const classes = classesOf(services.config.editing !== 'off');
        const place = documentPlace(services.config, http, { f: query.f, language });
        if (place.format === 'html') return conformancePage({ services, classes, place });
        return jsonReply({ conformsTo: classes });
      },
    }),
  };
}
