import { epsgUri } from '../../geo/crs.ts';
import { MAX_ZOOM } from '../../geo/tile.ts';

/** OGC 17-083r4, annex D.1: the tiles of web maps. There is no other one here. */
export const TILE_MATRIX_SET = {
  id: 'WebMercatorQuad',
  title: 'Google Maps Compatible for the World',
  uri: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad',
  crs: epsgUri(3857),
} as const;

/** Of a tile of 256 px at zoom 0, with pixels of 0.28 mm. */
const SCALE_OF_WORLD = 559082264.0287178;
const CORNER = 20037508.342789244;

/** The whole definition, as JSON of OGC 17-083r4. */
export function describeTileMatrixSet() {
  return {
    ...TILE_MATRIX_SET,
    orderedAxes: ['X', 'Y'],
    wellKnownScaleSet: 'http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible',
    tileMatrices: Array.from({ length: MAX_ZOOM + 1 }, (_, zoom) => ({
      id: String(zoom),
      scaleDenominator: SCALE_OF_WORLD / 2 ** zoom,
      cellSize: (2 * CORNER) / 256 / 2 ** zoom,
      cornerOfOrigin: 'topLeft',
      pointOfOrigin: [-CORNER, CORNER],
      tileWidth: 256,
      tileHeight: 256,
      matrixWidth: 2 ** zoom,
      matrixHeight: 2 ** zoom,
    })),
  };
}
