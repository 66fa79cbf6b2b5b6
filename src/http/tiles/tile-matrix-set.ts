import { z } from 'zod';
import { epsgUri } from '../../geo/crs.ts';
import { HALF_WORLD, MAX_ZOOM, SCALE_OF_WORLD } from '../../geo/tile.ts';
import { namedSchema } from '../../lib/schema.ts';
import type { Services } from '../../services.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { documentParameters } from '../kit/negotiate.ts';
import { namedParameter } from '../kit/parameters.ts';
import { jsonReply } from '../kit/reply.ts';
import { linksSchema } from '../kit/shapes.ts';

/** The only tile matrix set: that of web maps (OGC 17-083r4, annex D.1). */
export const TILE_MATRIX_SET = {
  id: 'WebMercatorQuad',
  title: 'Google Maps Compatible for the World',
  uri: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad',
  crs: epsgUri(3857),
} as const;

/** Path parameter of a tile matrix set, and of every tileset. */
export const matrixSetPath = {
  tileMatrixSetId: namedParameter(
    { vi: 'cách chia ô', en: 'tile matrix set' },
    new Map([[TILE_MATRIX_SET.id, TILE_MATRIX_SET.id]]),
  ),
};

const entrySchema = z.strictObject({
  id: z.literal(TILE_MATRIX_SET.id),
  title: z.string(),
  uri: z.literal(TILE_MATRIX_SET.uri),
  crs: z.literal(TILE_MATRIX_SET.crs),
});

const tileMatrixSetListSchema = z.strictObject({
  links: linksSchema,
  tileMatrixSets: z.array(entrySchema.extend({ links: linksSchema })).min(1),
});

const countSchema = z.int().min(1);

const tileMatrixSetSchema = namedSchema(
  'TileMatrixSet',
  entrySchema.extend({
    orderedAxes: z.array(z.string()).length(2),
    wellKnownScaleSet: z.string(),
    tileMatrices: z
      .array(
        z.strictObject({
          id: z.string(),
          scaleDenominator: z.number().min(0),
          cellSize: z.number().min(0),
          cornerOfOrigin: z.literal('topLeft'),
          pointOfOrigin: z.array(z.number()).length(2),
          tileWidth: countSchema,
          tileHeight: countSchema,
          matrixWidth: countSchema,
          matrixHeight: countSchema,
        }),
      )
      .min(1),
  }),
);

/** Returns the whole definition, as JSON of OGC 17-083r4. */
function describeTileMatrixSet(): z.infer<typeof tileMatrixSetSchema> {
  return {
    ...TILE_MATRIX_SET,
    orderedAxes: ['X', 'Y'],
    wellKnownScaleSet: 'http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible',
    tileMatrices: Array.from({ length: MAX_ZOOM + 1 }, (_, zoom) => ({
      id: String(zoom),
      scaleDenominator: SCALE_OF_WORLD / 2 ** zoom,
      cellSize: (2 * HALF_WORLD) / 256 / 2 ** zoom,
      cornerOfOrigin: 'topLeft',
      pointOfOrigin: [-HALF_WORLD, HALF_WORLD],
      tileWidth: 256,
      tileHeight: 256,
      matrixWidth: 2 ** zoom,
      matrixHeight: 2 ** zoom,
    })),
  };
}

/** The tile matrix sets that tilesets refer to (OGC 17-083r4). */
export function tileMatrixSetEndpoints({ config }: Services) {
  return {
    list: endpoint({
      tag: 'tiles',
      summary: { vi: 'Các cách chia ô', en: 'The tile matrix sets' },
      queryParameters: documentParameters,
      responses: { 200: { content: { 'application/json': tileMatrixSetListSchema } } },
      handle: ({ http }) => {
        const href = `${baseUrl(config, http)}/tileMatrixSets`;
        const links = [
          {
            href: `${href}/${TILE_MATRIX_SET.id}`,
            rel: 'self',
            type: 'application/json',
            title: TILE_MATRIX_SET.title,
          },
        ];
        return jsonReply({
          links: [{ href, rel: 'self', type: 'application/json' }],
          tileMatrixSets: [{ ...TILE_MATRIX_SET, links }],
        });
      },
    }),
    read: endpoint({
      tag: 'tiles',
      summary: { vi: 'Một cách chia ô', en: 'One tile matrix set' },
      pathParameters: matrixSetPath,
      queryParameters: documentParameters,
      responses: { 200: { content: { 'application/json': tileMatrixSetSchema } } },
      handle: () => jsonReply(describeTileMatrixSet()),
    }),
  };
}
