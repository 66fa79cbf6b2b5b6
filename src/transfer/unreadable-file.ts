import { Problem } from '../lib/errors.ts';

/** @param message of the reader, in English */
export function unreadableFile(message: string): Problem {
  // GDAL reports paths of its own file system.
  const reason = message.replaceAll('/input/', '').trim();
  const suffix = reason ? ` (${reason})` : '';
  return new Problem('invalid-body', {
    vi: `Không đọc được tệp: tệp hỏng, hoặc không phải GeoJSON, Shapefile, GeoPackage, FlatGeobuf, GML, KML, DXF, DGN, MapInfo, File Geodatabase, GeoParquet, CSV, XLSX${suffix}. Hãy mở thử bằng QGIS rồi xuất lại.`,
    en: `The file cannot be read: it is damaged, or not a GeoJSON, Shapefile, GeoPackage, FlatGeobuf, GML, KML, DXF, DGN, MapInfo, File Geodatabase, GeoParquet, CSV or XLSX file${suffix}. Try to open it in QGIS and export it again.`,
  });
}
