import type { Services } from '../../services.ts';
import { placeOf } from '../document.ts';
import { HTML_TYPE } from '../media-types.ts';
import { formatParameters } from '../negotiate.ts';
import { conformancePage } from '../pages/conformance-page.ts';
import { json } from '../reply.ts';
import { type Route, route } from '../route.ts';

const FEATURES = ['core', 'oas30', 'geojson', 'html'];
const SCHEMAS = ['schemas', 'core-roles-features'];
const EDITING = ['create-replace-delete', 'update', 'features'];
const PROCESSES = ['core', 'ogc-process-description', 'json', 'oas30', 'dismiss'];

/** Those of editing are true where it is on only. */
const classesOf = (isEditable: boolean) => [
  ...FEATURES.map((name) => `http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`),
  'http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs',
  ...SCHEMAS.map((name) => `http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/${name}`),
  ...(isEditable ? EDITING : []).map((name) => `http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/${name}`),
  ...PROCESSES.map((name) => `http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/${name}`),
];

export function conformanceRoutes(services: Services): Route[] {
  return [
    route({
      path: '/conformance',
      tag: 'service',
      summary: { vi: 'Các lớp yêu cầu mà dịch vụ tuân theo', en: 'The conformance classes that the service meets' },
      queryParameters: formatParameters,
      responses: { 200: ['application/json', HTML_TYPE] },
      handle: ({ query, language, http }) => {
        const classes = classesOf(services.config.isEditable);
        const place = placeOf(services.config, http, { f: query.f, language });
        if (place.format === 'html') return conformancePage({ services, classes, place });
        return json({ conformsTo: classes });
      },
    }),
  ];
}
