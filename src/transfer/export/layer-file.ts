import type { Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import { type CsvHeaders, csvText } from '../../features/csv.ts';
import { type ExportQuestion, shapesQuery } from '../../features/export-query.ts';
import { geoJsonSequence, geoJsonText } from '../../features/geojson-text.ts';
import { kmlText } from '../../features/kml.ts';
import { writeLayerText } from '../../features/layer-text.ts';
import { CRS84, type Crs, crsOfSrid } from '../../geo/crs.ts';
import { drawingsOf, type SymbolizedLayer } from '../../styles/exchange/drawing.ts';
import { kmlStyling } from '../../styles/exchange/kml-style.ts';
import { featureSymbology, qml } from '../../styles/exchange/qml.ts';
import { defaultStyle, stylesOf } from '../../styles/part.ts';
import type { Sheet, Styles } from '../../styles/sheet.ts';
import { fileTable } from './file-table.ts';
import type { FileRow } from './geopackage.ts';
import { writeGeoParquet } from './geoparquet.ts';
import { type VectorFormat, writeVectorFile } from './vector-file.ts';

/** Services that a file of a layer is read with. */
export interface LayerFileServices {
  readonly db: Database;
  readonly styles: Styles;
}

export interface LayerFileSource {
  readonly layer: Layer;
  readonly question: ExportQuestion;
  readonly headers: CsvHeaders;
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
      rowEstimate: Math.min(question.most ?? Infinity, layer.rowEstimate),
    });
  };
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

/** Returns the CRS of a file: that of the format, or the requested one, or the usual one of the format. */
export function layerFileCrs(format: LayerFileFormat, layer: Layer, requested: Crs | undefined): Crs {
  const { crs, isStored } = layerFileForm(format);
  return crs ?? requested ?? (isStored ? crsOfSrid(layer.geometry.srid) : undefined) ?? CRS84;
}
