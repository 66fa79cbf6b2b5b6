import type { Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import { type CsvHeaders, csvText } from '../../features/csv.ts';
import { type ExportQuestion, shapesQuery } from '../../features/export-query.ts';
import { geoJsonSequence, geoJsonText } from '../../features/geojson-text.ts';
import { kmlText } from '../../features/kml.ts';
import { writeLayerText } from '../../features/layer-text.ts';
import { CRS84, type Crs, crsOfSrid, meridianOf } from '../../geo/crs.ts';
import { invalidParameter, type Text } from '../../lib/errors.ts';
import { drawingsOf, type SymbolizedLayer } from '../../styles/exchange/drawing.ts';
import { kmlStyling } from '../../styles/exchange/kml-style.ts';
import { featureSymbology, qml } from '../../styles/exchange/qml.ts';
import { defaultStyle, stylesOf } from '../../styles/part.ts';
import type { Sheet, Styles } from '../../styles/sheet.ts';
import { fileTable } from './file-table.ts';
import type { FileRow } from './geopackage.ts';
import { writeGeoParquet } from './geoparquet.ts';
import { writeLayerDrawing, writeLayerWorkbook } from './layer-office.ts';
import { writeLayerShapefile } from './layer-shapefile.ts';
import { type VectorFormat, writeVectorFile } from './vector-file.ts';

/** Services that a file of a layer is read with. */
export interface LayerFileServices {
  readonly db: Database;
  readonly styles: Styles;
  /** Source of the data. */
  readonly attribution: Text;
}

export interface LayerFileSource {
  readonly layer: Layer;
  readonly question: ExportQuestion;
  readonly headers: CsvHeaders;
  /** Field whose values are layers of a drawing; absent: its land use or kind. */
  readonly by?: string | undefined;
  /** Further members of a GeoJSON document. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** Text or bytes of a file. */
type FileChunk = string | Uint8Array;

interface LayerFileForm {
  readonly extension: string;
  /** The only CRS of the format. */
  readonly crs?: Crs;
  /** True if coordinates are in the stored CRS unless another is requested. */
  readonly isStored?: boolean;
  /** True for the stored VN-2000 zone, or else that of the province, unless another is requested. */
  readonly isZoned?: boolean;
  /** True if the format has metres only. */
  readonly isMetric?: boolean;
  readonly write: (services: LayerFileServices, source: LayerFileSource) => AsyncIterable<FileChunk>;
}

/** Returns what writes a file in GDAL's thread, with the style that draws the layer. */
function writeWith(format: VectorFormat): LayerFileForm['write'] {
  return ({ db, styles }, { layer, question, signal }) => {
    const [drawing] = stylesOf(styles, layer.id);
    return writeVectorFile({
      ...{ format, srid: question.crs.srid, table: fileTable(layer, question.fields), signal },
      rows: db.stream<FileRow>(shapesQuery(layer, question), { signal, priority: 'background' }),
      style: drawing && {
        name: layer.title.vi,
        qml: qml(featureSymbology(layer, drawingsIn(drawing[1], layer), 'vi')),
      },
      rowEstimate: rowEstimateOf(layer, question),
    });
  };
}

function rowEstimateOf(layer: Layer, { most = Infinity }: ExportQuestion): number {
  return Math.min(most, layer.rowEstimate);
}

function drawingsIn(style: Sheet, layer: Layer): SymbolizedLayer[] {
  return drawingsOf(style).filter((each) => each.layer === layer.id);
}

/** Formats that hold a whole layer of any size, by their names in `f`. */
const FORMS = {
  csv: {
    extension: 'csv',
    write: ({ db }, { layer, question, headers, signal }) =>
      writeLayerText(db, csvText(layer, { ...question, headers }), { signal }),
  },
  geojson: {
    extension: 'geojson',
    write: ({ db }, { layer, question, members, signal }) =>
      writeLayerText(db, geoJsonText(layer, question, { timeStamp: new Date().toISOString(), ...members }), { signal }),
  },
  geojsonseq: {
    extension: 'geojsons',
    write: ({ db }, { layer, question, signal }) => writeLayerText(db, geoJsonSequence(layer, question), { signal }),
  },
  kml: {
    extension: 'kml',
    crs: CRS84,
    write: ({ db, styles }, { layer, question, signal }) =>
      writeLayerText(db, kmlText(layer, question, kmlStyling(drawingsIn(defaultStyle(styles, layer), layer))), {
        signal,
      }),
  },
  gpkg: { extension: 'gpkg', isStored: true, write: writeWith('gpkg') },
  fgb: { extension: 'fgb', isStored: true, write: writeWith('fgb') },
  shp: {
    extension: 'zip',
    isStored: true,
    write: ({ db, attribution }, { layer, question, signal }) =>
      writeLayerShapefile(db, { layer, question, attribution, rowEstimate: rowEstimateOf(layer, question), signal }),
  },
  xlsx: {
    extension: 'xlsx',
    isZoned: true,
    write: ({ db }, { layer, question, headers, signal }) =>
      writeLayerWorkbook(db, { layer, question, headers, signal }),
  },
  dxf: {
    extension: 'dxf',
    isZoned: true,
    isMetric: true,
    write: ({ db }, { layer, question, by, signal }) => writeLayerDrawing(db, { layer, question, by, signal }),
  },
  parquet: {
    extension: 'parquet',
    isStored: true,
    write: ({ db }, { layer, question, signal }) =>
      writeGeoParquet({
        table: fileTable(layer, question.fields),
        crs: question.crs,
        rows: db.stream<FileRow>(shapesQuery(layer, question, true), { signal, priority: 'background' }),
      }),
  },
} as const satisfies Record<string, LayerFileForm>;

export type LayerFileFormat = keyof typeof FORMS;

export const LAYER_FILE_FORMATS = Object.keys(FORMS) as readonly LayerFileFormat[];

/** Returns how a format is written. */
export function layerFileForm(format: LayerFileFormat): LayerFileForm {
  return FORMS[format];
}

/**
 * Returns the CRS of a file: that of the format, or the requested one, or the usual one of the format.
 * @param home SRID of the province's zone
 * @throws Problem invalid-parameter for a CRS in degrees where the format has none
 */
export function layerFileCrs(
  format: LayerFileFormat,
  { geometry }: Layer,
  { requested, home }: { readonly requested: Crs | undefined; readonly home: number },
): Crs {
  const { crs, isStored, isZoned, isMetric } = layerFileForm(format);
  if (isMetric && requested && requested.unit !== 'metre') {
    throw invalidParameter('crs', {
      vi: 'một hệ tọa độ tính bằng mét, như EPSG:9210: bản vẽ DXF không có độ',
      en: 'a coordinate system in metres such as EPSG:9210: a DXF drawing has no degrees',
    });
  }
  const zone = isZoned ? crsOfSrid(meridianOf(geometry.srid) === undefined ? home : geometry.srid) : undefined;
  return crs ?? requested ?? zone ?? (isStored ? crsOfSrid(geometry.srid) : undefined) ?? CRS84;
}
