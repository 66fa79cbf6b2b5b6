import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../src/lib/errors.ts';
import { refuseForeign } from '../../../../src/transfer/source/files/foreign-format.ts';
import { compoundFile } from '../../files.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder('foreign');

let files = 0;
async function problemOf(name: string, content: string | Uint8Array, isZip = false): Promise<Problem | undefined> {
  const file = join(folder, `${files++}-${name}`);
  writeFileSync(file, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  try {
    await refuseForeign(file, isZip);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Name, content, format, what the text says. */
const TOLD: readonly [name: string, content: string | Uint8Array, format: string, says: string][] = [
  ['ban-do.dgn', compoundFile(['Dgn~H', 'Dgn-Md']), 'DGN V8', 'V7 DGN'],
  ['ban-do.dgn', compoundFile(['Something']), 'DGN V8', 'V7 DGN'],
  ['ban-do.dwg', 'AC1015\0\0\0\0\0\0', 'DWG', 'AC1015, AutoCAD 2000–2002'],
  ['khong-duoi', 'AC1032\0\0\0\0\0\0', 'DWG', 'AC1032, AutoCAD 2018+'],
  ['moi-hon.dwg', 'AC1099\0\0\0\0\0\0', 'DWG', '(AC1099)'],
  ['ban-do.dxf', 'AutoCAD Binary DXF\r\n\x1a\0', 'binary DXF', 'ASCII'],
  ['a.itf', 'SCNT\nx', 'INTERLIS', 'ili2gpkg'],
  ['a.xtf', '<?xml version="1.0"?><TRANSFER xmlns="http://www.interlis.ch/INTERLIS2.3">', 'INTERLIS', 'ili2gpkg'],
  ['a.xtf', '<ili:transfer xmlns:ili="http://www.interlis.ch/xtf/2.4/INTERLIS">', 'INTERLIS', 'ili2gpkg'],
  ['a.ili', '!! comment\nINTERLIS 2.3;', 'INTERLIS', 'ili2gpkg'],
  ['so.xls', compoundFile(['Workbook']), 'XLS', '.xlsx'],
  ['so.xls', compoundFile(['Book']), 'XLS', '.xlsx'],
  // Its name is in the third sector of the directory.
  ['so.xls', compoundFile([...Array.from({ length: 9 }, (_, index) => `s${index}`), 'Workbook']), 'XLS', '.xlsx'],
  ['so.xlsx', compoundFile(['EncryptionInfo', 'EncryptedPackage']), 'encrypted workbook', 'remove the password'],
  ['a.doc', compoundFile(['WordDocument']), 'Word', 'table of coordinates'],
  ['a.docx', 'PK\x03\x04', 'Word', 'table of coordinates'],
  ['a.ods', 'PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet', 'ODS or XLSB', '.xlsx'],
  ['a.xlsb', 'PK\x03\x04', 'ODS or XLSB', '.xlsx'],
  ['a.mdb', '\0\x01\0\0Standard Jet DB\0', 'Access', 'File Geodatabase'],
  ['a.rar', 'Rar!\x1a\x07\x01\0', 'RAR', '.zip'],
  ['a.zip', 'Rar!\x1a\x07\0', 'RAR', '.zip'],
  ['a.7z', '7z\xbc\xaf\x27\x1c\0', '7z', '.zip'],
  ['a.gz', '\x1f\x8b\x08', 'gzip, bzip2, xz or tar', '.zip'],
  ['a.tar', `${'\0'.repeat(257)}ustar`, 'gzip, bzip2, xz or tar', '.zip'],
  ['a.json', 'PK\x03\x04', 'zip', 'extension .zip'],
  ['a.pdf', '%PDF-1.7', 'PDF', 'data of the map'],
  ['a.tif', 'II*\0', 'picture', 'digitised'],
  ['a.mxd', compoundFile(['Root Entry']), 'project', 'data files'],
  ['a.wor', '!Workspace\n!Version 600', 'project', 'data files'],
  ['a.zip', '\xef\xbb\xbf<!DOCTYPE html><html>', 'HTML', 'download it again'],
];

describe('a file that is not read', () => {
  it.each(TOLD)('%s is told by its content', async (name, content, format, says) => {
    const problem = await problemOf(name, content);
    expect(problem).toMatchObject({ status: 415, extra: { format } });
    expect(problem?.detail.en).toContain(says);
    expect(problem?.detail.vi).toMatch(/^Tệp "\d+-.+" là .+, không đọc được\. .+\.$/);
  });

  it('that is empty is told so', async () => {
    expect(await problemOf('a.shp', '')).toMatchObject({ status: 400 });
  });

  it.each([
    ['an old DGN', 'a.dgn', '\x08\x09\xfe\x02', false],
    ['a DXF', 'a.dxf', '  0\nSECTION\n', false],
    ['GeoJSON', 'a.json', '{"type":"FeatureCollection"}', false],
    ['GML', 'a.gml', '<?xml version="1.0"?><gml:FeatureCollection/>', false],
    ['a zip that will be unpacked', 'a.zip', 'PK\x03\x04', true],
    ['a compound file without streams', 'a.bin', compoundFile([]), false],
    ['a compound file that ends within its header', 'a.bin', compoundFile([]).subarray(0, 100), false],
  ])('%s is none of these', async (_, name, content, isZip) => {
    expect(await problemOf(name, content, isZip)).toBeUndefined();
  });
});
