import { rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { BBox } from '../../../geo/bbox.ts';
import { Problem, type Text } from '../../../lib/errors.ts';
import { Gdal, type GdalField, type GdalInfo, type GdalLayer } from '../../gdal.ts';
import { quoteName } from '../../sqlite.ts';
import { refuseCut } from '../files/cut-file.ts';
import { chooseLayer, noGeometries, noMain } from '../files/gather.ts';
import { sridOf } from '../row/source-crs.ts';
import type { Source, SourceField, SourceFiles, SourceOptions } from '../row/source-row.ts';
import { countLines } from '../text/text-file.ts';
import { TextReader } from '../text/text-reader.ts';
import { toUtf8Xml } from '../text/xml-text.ts';
import { countDeletedRecords } from './dbf.ts';
import { type DriverEncoding, driverEncoding } from './driver-encoding.ts';
import { checkShapefile } from './shapefile-parts.ts';
import { dbfFields, readShapefile } from './shapefile-rows.ts';
import { countSqliteRows, openSqlite, readSqlite, type SqliteTable } from './sqlite-rows.ts';

/** GDAL drivers that are accepted. Others (pictures, CSV, VRT, which refers to other files) are not. */
const DRIVERS = new Set('TopoJSON,ESRI Shapefile,GPKG,FlatGeobuf,GML,DXF,DGN,MapInfo File,OpenFileGDB'.split(','));

/**
 * Opens a layer with GDAL. GDAL converts it to SQLite, so that texts, numbers and coordinates are not formatted and
 * parsed again. A GeoPackage is SQLite already and is read directly.
 * @throws Problem if the file is cut, or if GDAL reads fewer features than it declares
 */
export async function openWithGdal(given: SourceFiles, options: SourceOptions): Promise<Source> {
  const { file } = given;
  await refuseCut(file);
  const { names, notes } = /\.shp$/.test(file) ? await checkShapefile(given) : { names: given.names, notes: [] };
  const files = { ...given, names };
  if (isXml(file)) await toUtf8Xml(file, options.encoding);
  const driver = await driverEncoding(files, options.encoding);
  const text = new TextReader(driver.encoding, options.changes);
  const { table, layer } = await readWithGdal(files, driver, options);
  const { isRaw } = driver;
  const dbf = file.replace(/\.shp$/, '.dbf');
  const hasDbf = /\.dbf$/.test(dbf) && names.includes(parse(dbf).base);
  const inDbf = isRaw && hasDbf ? await dbfFields(dbf, table.fields) : undefined;
  const fields = withZones({ ...table, fields: inDbf ?? table.fields }, text, isRaw);
  const complete = { ...table, fields, isRaw, geometry: options.keyColumns ? undefined : table.geometry };
  return {
    ...{ name: layer.name, featureCount: layer.featureCount, extent: gdalExtent(layer), text, fields },
    srid: sridOf(layer.geometryFields[0]?.coordinateSystem?.projjson),
    notes: [...notes, ...(await compareCount(table, await declaredCount(layer, given), hasDbf ? dbf : undefined))],
    rows: (wanted) => (inDbf ? readShapefile({ ...complete, dbf }, wanted, text) : readSqlite(complete, wanted, text)),
  };
}

/** Describes a layer, and converts it to SQLite if it is in another format. */
async function readWithGdal(files: SourceFiles, driver: DriverEncoding, options: SourceOptions) {
  const { file, names, outFolder } = files;
  const gdal = new Gdal({ outFolder, settings: { ...settingsOf(file, names), ...driver.settings } });
  try {
    const info = await gdal.inspect(file, [...driver.openOptions, ...xmlOptions(file)]);
    if (!DRIVERS.has(info.driverShortName)) throw noMain([parse(file).base]);
    const { layer, fields } = await inspectTyped(gdal, info, files, options);
    const numbers = info.driverShortName === 'ESRI Shapefile' ? 'own' : 'new';
    const isPackage = info.driverShortName === 'GPKG';
    return { layer, table: isPackage ? geoPackageTable(file, layer) : await dump(gdal, layer, { fields, numbers }) };
  } finally {
    await gdal.close();
  }
}

/**
 * Compares the rows with the number that the file declares.
 * @param dbf of a shapefile, whose deleted rows GDAL leaves out
 * @throws Problem if GDAL read fewer
 */
async function compareCount({ file, table, key }: GdalTable, declared: number, dbf: string | undefined) {
  const count = countSqliteRows(file, table);
  if (count >= declared) return [];
  // The count of a GeoPackage is one of its rows, which programs forget to change.
  if (key === undefined) return [otherCount(declared, count)];
  const deleted = dbf === undefined ? 0 : await countDeletedRecords(dbf);
  if (declared - count === deleted) return [deletedRecords(deleted)];
  throw fewerRows(declared, count);
}

/** Returns the number of features that the file claims. A MIF has a row in its .mid for each; GDAL stops at the shorter. */
async function declaredCount({ featureCount, fields }: GdalLayer, { file, names }: SourceFiles): Promise<number> {
  const mid = `${parse(file).name}.mid`;
  if (!/\.mif$/.test(file) || !names.includes(mid) || !fields.length) return featureCount;
  return Math.max(featureCount, await countLines(join(parse(file).dir, mid)));
}

function otherCount(declared: number, count: number): Text {
  return {
    vi: `Đầu tệp ghi ${declared} đối tượng, tệp có ${count}.`,
    en: `The header of the file says ${declared} features; it has ${count}.`,
  };
}

function deletedRecords(count: number): Text {
  return {
    vi: `${count} dòng được đánh dấu xóa trong .dbf: không nhập.`,
    en: `${count} rows are marked as deleted in the .dbf: not imported.`,
  };
}

function fewerRows(declared: number, count: number): Problem {
  return new Problem('invalid-body', {
    vi: `Tệp khai báo ${declared} đối tượng nhưng chỉ đọc được ${count}: tệp bị cắt hoặc hỏng. Hãy chép lại từ bản gốc, hoặc mở bằng QGIS, kiểm tra rồi xuất lại.`,
    en: `The file declares ${declared} features, but only ${count} can be read: it is cut or damaged. Copy it again from the original, or open it in QGIS, check it and export it again.`,
  });
}

const isXml = (file: string) => /\.(gml|xml)$/.test(file);
/** An empty element is an empty text; only an absent one is null. */
const xmlOptions = (file: string) => (isXml(file) ? ['EMPTY_AS_NULL=NO'] : []);

/** Returns the layer, with the types of its fields. */
async function inspectTyped(gdal: Gdal, info: GdalInfo, { file, names }: SourceFiles, options: SourceOptions) {
  const choose = ({ layers }: GdalInfo) => chooseLayer(readableLayers(layers, options), file, options.sourceLayer);
  const layer = choose(info);
  const fields = layer.fields.map(toField);
  const schema = `${parse(file).name}.xsd`;
  if (!isXml(file) || !names.includes(schema)) return { layer, fields };
  // With a schema, GDAL converts values to its types and loses digits. The schema is thus read for the types, and
  // removed before the values.
  await rm(join(parse(file).dir, schema));
  const untyped = (await gdal.inspect(file, xmlOptions(file))).layers.find(({ name }) => name === layer.name);
  if (!untyped) return { layer, fields };
  const typeOf = new Map(fields.map(({ name, type }) => [name, type === 'double precision' ? 'numeric' : type]));
  return { layer: untyped, fields: untyped.fields.map(({ name }) => ({ name, type: typeOf.get(name) ?? 'text' })) };
}

/**
 * Returns the layers with geometries; for a key those that have its columns, if there are any.
 * @throws Problem if the layer that was named is a table without geometries
 */
function readableLayers(
  layers: readonly GdalLayer[],
  { keyColumns, sourceLayer }: SourceOptions,
): readonly GdalLayer[] {
  if (!keyColumns) {
    const maps = layers.filter(({ geometryFields }) => geometryFields.length > 0);
    if (layers.some((layer) => layer.name === sourceLayer && !maps.includes(layer))) throw noGeometries();
    return maps;
  }
  const keyed = layers.filter(({ fields }) => keyColumns.areIn(fields.map(({ name }) => name)));
  return keyed.length ? keyed : layers;
}

function settingsOf(file: string, names: readonly string[]): Record<string, string> {
  return {
    // 007 in a GML is a text unless a schema or a table says otherwise.
    GML_FIELDTYPES: 'ALWAYS_STRING',
    OGR_SQLITE_SYNCHRONOUS: 'OFF',
    OGR_SQLITE_JOURNAL: 'OFF',
    // Only if it is missing: with this option GDAL would rebuild an existing index.
    ...(/\.shp$/.test(file) && !names.includes(`${parse(file).name}.shx`) ? { SHAPE_RESTORE_SHX: 'YES' } : {}),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ Integer: 'integer', Integer64: 'bigint', Real: 'double precision', Binary: 'bytea' },
  ...{ Date: 'date', Time: 'time', DateTime: 'timestamptz' },
  ...{ StringList: 'jsonb', IntegerList: 'jsonb', Integer64List: 'jsonb', RealList: 'jsonb' },
};

function toField({ name, type, subType }: GdalField): SourceField {
  if (subType === 'Boolean') return { name, type: 'boolean' };
  return { name, type: subType === 'JSON' ? 'jsonb' : (TYPES[type] ?? 'text') };
}

type GdalTable = Omit<SqliteTable, 'isRaw'>;

/** Describes the table of a GeoPackage. A row number with an unusual name is treated as a field of its own. */
function geoPackageTable(file: string, { name, fields, fidColumnName, geometryFields }: GdalLayer): GdalTable {
  const isOwnKey = fidColumnName !== undefined && !/^(fid|ogc_fid|)$/i.test(fidColumnName);
  const key = isOwnKey ? [{ name: fidColumnName, type: 'bigint' }] : [];
  const all = [...key, ...fields.map(toField)];
  return {
    file,
    table: name,
    geometry: geometryFields[0]?.name,
    columns: all.map((field) => field.name),
    fields: all,
  };
}

/** Names that no file contains, so that no column added by GDAL hides one of the file's. */
const ROWS = 'rows';
const FID = 'fid__';
const OPTIONS = [
  ...['-f', 'SQLite', '-dsco', 'METADATA=NO', '-nln', ROWS, '-a_srs', 'NONE', '-unsetFieldWidth', '-forceNullable'],
  ...['-lco', 'LAUNDER=NO', '-lco', 'FORMAT=WKB', '-lco', 'SPATIAL_INDEX=NO', '-gt', '65536'],
  ...['-lco', 'GEOMETRY_NAME=geometry__', '-lco', `FID=${FID}`],
];

/**
 * Converts a layer to SQLite. The columns are the key, the geometries (of several in a GML the first counts), then the
 * fields.
 */
async function dump(
  gdal: Gdal,
  layer: GdalLayer,
  { fields, numbers }: { fields: readonly SourceField[]; numbers: 'own' | 'new' },
): Promise<GdalTable> {
  const file = await gdal.convert(layer, [...OPTIONS, numbers === 'own' ? '-preserve_fid' : '-unsetFid']);
  const db = openSqlite(file);
  try {
    const names = db.all(`PRAGMA table_info(${quoteName(ROWS)})`).map(({ name }) => String(name));
    const columns = fields.length ? names.slice(-fields.length) : [];
    return {
      file,
      table: ROWS,
      key: FID,
      geometry: layer.geometryFields.length ? names[1] : undefined,
      columns,
      fields,
    };
  } finally {
    db.close();
  }
}

/** Gives times without a zone a column type without one. Names are decoded too. */
function withZones({ file, table, columns, fields }: GdalTable, text: TextReader, isRaw: boolean): SourceField[] {
  const db = openSqlite(file);
  try {
    return fields.map(({ name, type }, index) => {
      const readable = text.readName(name, isRaw);
      if (type !== 'timestamptz') return { name: readable, type };
      const column = quoteName(columns[index] ?? '');
      const zoned = `${column} GLOB '*Z' OR ${column} GLOB '*[+-][0-9][0-9]:[0-9][0-9]' OR ${column} GLOB '*:*[+-][0-9][0-9]'`;
      const row = db.get(
        `SELECT min(${zoned}) AS every, max(${zoned}) AS some FROM ${quoteName(table)} WHERE ${column} IS NOT NULL`,
      );
      return { name: readable, type: row?.every === 1 || row?.some === null ? type : row?.some ? 'text' : 'timestamp' };
    });
  } finally {
    db.close();
  }
}

function gdalExtent({ geometryFields }: GdalLayer): BBox | undefined {
  const [minX, minY, maxX, maxY] = geometryFields[0]?.extent ?? [];
  if (minX === undefined || minY === undefined || maxX === undefined || maxY === undefined) return undefined;
  return Number.isFinite(minX + minY + maxX + maxY) ? [minX, minY, maxX, maxY] : undefined;
}
