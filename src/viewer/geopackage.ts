import { type CellValue, SqliteFile } from './sqlite-file.ts';
import { WkbReader } from './wkb-reader.ts';

/** Geometries of one system. */
export interface Layered {
  readonly geometries: readonly GeoJSON.Geometry[];
  /** The system as WKT; undefined if the file does not say. */
  readonly system: string | undefined;
}

/** Bytes of the envelope by its code (OGC 12-128r19, table 5). */
const ENVELOPES = [0, 32, 48, 48, 64] as const;
const IS_EMPTY = 0x10;

/** Reads the geometries of every layer of a GeoPackage (OGC 12-128r19). */
export function readGeoPackage(file: ArrayBuffer): Layered[] {
  const database = new SqliteFile(file);
  const systems = new Map<CellValue, CellValue | undefined>(
    database.rows('gpkg_spatial_ref_sys').map(({ id, values }) => [values[1] ?? id, values[4]]),
  );
  return database.rows('gpkg_geometry_columns').map(({ values: [table, , , srs] }) => {
    const system = systems.get(srs ?? null);
    // -1 and 0 are systems that nobody named.
    const isNamed = typeof srs === 'number' && srs > 0 && typeof system === 'string';
    const geometries = database.rows(String(table)).flatMap(({ values }) => geometryInRow(values) ?? []);
    return { geometries, system: isNamed ? system : undefined };
  });
}

/** Returns the geometry of a row: the blob that begins with "GP". */
function geometryInRow(row: readonly CellValue[]): GeoJSON.Geometry | undefined {
  const blob = row.find((value) => value instanceof Uint8Array && value[0] === 0x47 && value[1] === 0x50);
  if (!(blob instanceof Uint8Array)) return undefined;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const flags = view.getUint8(3);
  const envelope = ENVELOPES[(flags >> 1) & 7];
  if (flags & IS_EMPTY || envelope === undefined) return undefined;
  return new WkbReader(view, 8 + envelope).read();
}
