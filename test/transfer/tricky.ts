/** Texts that are easily damaged between a file and a table, and files of every format that hold them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Gdal } from '../../src/transfer/gdal.ts';

export const TEXTS: readonly (string | null)[] = [
  ...['plain', 'Số 5,\tkhu phố 3', 'line 1\nline 2', 'line 1\rline 2', 'line 1\r\nline 2', 'line 1\u2028line 2'],
  ...['back\\slash \\N \\. \\t', '\\N', '\\.', '\\', '"double", \'single\', "', ' leading', 'trailing ', '', null],
  ...[
    '2022-05-12',
    '2022/05/12',
    '2025-07-01T23:30:00+07:00',
    '007',
    '1e5',
    '12.50',
    'TRUE',
    'null',
    '{"a": 1}',
    '[1,2]',
  ],
  ...['=SUM(A1)', '<b>&amp;</b>', 'Đường Nguyễn Đình Chiểu', '\u00a0x\u200b', '𠀀 😀', 'x'.repeat(300), 'end'],
];

/** Text columns of one kind each, for which readers tend to guess a type. */
export const ALIKE = {
  days: ['2022-05-12', '1999-01-01', '2024-02-29'],
  slashed: ['2022/05/12', '1999/01/01', '2024/02/29'],
  times: ['2025-07-01T23:30:00+07:00', '2025-07-02T00:30:00Z', '2025-07-02T00:30:00.123456Z'],
  clock: ['08:30:00', '00:00:01', '23:59:59'],
  lots: ['007', '010', '000'],
  numbers: ['1.50', '2.10', '3.00'],
  exponents: ['1e5', '2E10', '1e-7'],
  booleans: ['TRUE', 'false', 'true'],
  lists: ['[1]', '[]', '["a"]'],
  objects: ['{"a":1}', '{}', '{ "b" : 2 }'],
  long: ['12345678901234567890', '00123456789012345678', '99999999999999999999'],
} as const;

export interface Rows {
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | null)[])[];
}

export const TRICKY: Rows = { columns: ['stt', 'note'], values: TEXTS.map((text, index) => [`r${index}`, text]) };
export const GUESSED: Rows = {
  columns: Object.keys(ALIKE),
  values: [0, 1, 2].map((row) => Object.values(ALIKE).map((column) => column[row] ?? null)),
};

/** Returns the place of a row's point. */
export const placeOf = (index: number): [x: number, y: number] => [Number((106.6 + index / 1000).toFixed(3)), 10.9];

function features({ columns, values }: Rows): object[] {
  return values.map((row, index) => ({
    type: 'Feature',
    properties: Object.fromEntries(columns.map((column, at) => [column, row[at]])),
    geometry: { type: 'Point', coordinates: placeOf(index) },
  }));
}

const xml = (text: string) => text.replace(/[&<>\r"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

function gml(rows: Rows): string {
  const members = rows.values.map((row, index) => {
    const fields = rows.columns.map((name, at) =>
      row[at] === null ? '' : `<app:${name}>${xml(row[at] ?? '')}</app:${name}>`,
    );
    const point = `<gml:Point gml:id="p${index}" srsName="http://www.opengis.net/gml/srs/epsg.xml#4326"><gml:pos>${placeOf(index).join(' ')}</gml:pos></gml:Point>`;
    return `<gml:featureMember><app:Thua gml:id="a${index}">${fields.join('')}<app:geom>${point}</app:geom></app:Thua></gml:featureMember>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="http://example.org/a">${members.join('\n')}</gml:FeatureCollection>`;
}

function kml(rows: Rows): string {
  const placemarks = rows.values.map((row, index) => {
    const data = rows.columns.map((name, at) =>
      row[at] === null ? '' : `<Data name="${name}"><value>${xml(row[at] ?? '')}</value></Data>`,
    );
    return `<Placemark><ExtendedData>${data.join('')}</ExtendedData><Point><coordinates>${placeOf(index).join()}</coordinates></Point></Placemark>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${placemarks.join('\n')}</Document></kml>`;
}

const collection = (rows: Rows) => JSON.stringify({ type: 'FeatureCollection', features: features(rows) });
const lines = (rows: Rows, before = '') =>
  features(rows)
    .map((feature) => `${before}${JSON.stringify(feature)}\n`)
    .join('');

/** Formats written here: extension -> content. */
const WRITTEN: Readonly<Record<string, readonly [extension: string, content: (rows: Rows) => string]>> = {
  GeoJSON: ['geojson', collection],
  'GeoJSON of UTF-16': ['geojson', (rows) => `\ufeff${collection(rows)}`],
  'GeoJSON lines': ['geojsonl', (rows) => lines(rows)],
  'GeoJSON sequence (RFC 8142)': ['geojsons', (rows) => lines(rows, '\x1e')],
  GML: ['gml', gml],
  KML: ['kml', kml],
};

/** Formats that GDAL writes: driver, extension, options. */
const BY_GDAL: Readonly<Record<string, readonly [extension: string, options: readonly string[]]>> = {
  GeoPackage: ['gpkg', ['-f', 'GPKG']],
  FlatGeobuf: ['fgb', ['-f', 'FlatGeobuf', '-lco', 'SPATIAL_INDEX=NO']],
  'MapInfo TAB': ['tab', ['-f', 'MapInfo File', '-lco', 'ENCODING=UTF-8']],
  'MapInfo MIF': ['mif', ['-f', 'MapInfo File', '-dsco', 'FORMAT=MIF', '-lco', 'ENCODING=UTF-8']],
  'File Geodatabase': ['gdb', ['-f', 'OpenFileGDB']],
  Shapefile: ['shp', ['-f', 'ESRI Shapefile', '-lco', 'ENCODING=UTF-8']],
};

export const FORMATS = [...Object.keys(WRITTEN), ...Object.keys(BY_GDAL)];

/**
 * Writes the rows in a format into an empty folder.
 * @returns path of the file
 */
export async function writeRows(format: string, rows: Rows, folder: string): Promise<string> {
  const written = WRITTEN[format];
  if (written) {
    const file = join(folder, `rows.${written[0]}`);
    writeFileSync(file, written[1](rows), format.includes('UTF-16') ? 'utf16le' : 'utf8');
    return file;
  }
  const [extension, options] = BY_GDAL[format] ?? ['', []];
  const source = join(folder, 'source.geojson');
  writeFileSync(source, collection(rows));
  const gdal = new Gdal({ outFolder: folder, settings: {} });
  try {
    const [layer] = (await gdal.inspect(source, ['DATE_AS_STRING=YES'])).layers;
    if (!layer) throw new Error('no layer');
    return (await gdal.convert(layer, options)).replace(/\.\w+$/, `.${extension}`);
  } finally {
    await gdal.close();
  }
}
