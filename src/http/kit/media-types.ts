export const CSV_TYPE = 'text/csv';
export const GEOJSON_TYPE = 'application/geo+json';
/** RFC 8142. */
export const GEOJSON_SEQ_TYPE = 'application/geo+json-seq';
/** RFC 7396. */
export const MERGE_PATCH_TYPE = 'application/merge-patch+json';
/** A JSON document a line. */
export const NDJSON_TYPE = 'application/x-ndjson';
export const HTML_TYPE = 'text/html';
/** RFC 7763. */
export const MARKDOWN_TYPE = 'text/markdown';
export const MVT_TYPE = 'application/vnd.mapbox-vector-tile';
/** The name that MapLibre GL JS and Martin use. */
export const MLT_TYPE = 'application/vnd.maplibre-tile';
export const OPENAPI_TYPE = 'application/vnd.oai.openapi+json;version=3.0';
/** RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';
/** A MapLibre style. */
export const STYLE_TYPE = 'application/vnd.mapbox.style+json';
/**
 * Style files for other programs, by `f`. They are a layer definition that QGIS opens, a style that it loads into a
 * layer, and Styled Layer Descriptor 1.1. The media type of the last is that of OGC API - Styles (OGC 20-009).
 */
export const STYLE_FILES = {
  qlr: 'application/x-qgis-layer-definition',
  qml: 'application/x-qgis-layer-settings',
  sld: 'application/vnd.ogc.sld+xml;version=1.1',
} as const;
/** JSON Schema. */
export const SCHEMA_TYPE = 'application/schema+json';
export const ZIP_TYPE = 'application/zip';
export const FGB_TYPE = 'application/flatgeobuf';
export const GPKG_TYPE = 'application/geopackage+sqlite3';
export const PARQUET_TYPE = 'application/vnd.apache.parquet';
export const KML_TYPE = 'application/vnd.google-earth.kml+xml';
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const DXF_TYPE = 'image/vnd.dxf';
/** Media types of files of a whole layer, by their names in requests. */
export const LAYER_FILE_TYPES = {
  csv: `${CSV_TYPE}; charset=utf-8; header=present`,
  geojson: GEOJSON_TYPE,
  geojsonseq: GEOJSON_SEQ_TYPE,
  kml: KML_TYPE,
  gpkg: GPKG_TYPE,
  fgb: FGB_TYPE,
  parquet: PARQUET_TYPE,
  shp: ZIP_TYPE,
  xlsx: XLSX_TYPE,
  dxf: DXF_TYPE,
  pmtiles: 'application/vnd.pmtiles',
} as const;
/** Media types of pictures, by their names in requests. */
export const PICTURE_TYPES = { png: 'image/png', webp: 'image/webp' } as const;
