import { open, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { SourceFiles } from '../row/source-row.ts';
import { encodingName } from '../text/encoding.ts';
import { readStart } from '../text/text-file.ts';
import type { TextEncoding } from '../text/text-reader.ts';

/** The encoding of a file's texts, and the way in which GDAL reads them. */
export interface DriverEncoding {
  readonly encoding: TextEncoding | undefined;
  /** True if GDAL returns the bytes, one character each. Otherwise it would lose the last letter of windows-1258. */
  readonly isRaw: boolean;
  readonly openOptions: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

/** @param given encoding from the request; without it the file decides */
export async function driverEncoding({ file, names }: SourceFiles, given: string | undefined): Promise<DriverEncoding> {
  const givenEncoding = given === undefined ? undefined : { name: given, isGiven: true };
  const decoded = { encoding: givenEncoding, isRaw: false, openOptions: [], settings: {} };
  const found = givenEncoding ?? (await encodingOf(file, names));
  if (found === 'unknown') return decoded;
  const raw = { ...decoded, encoding: found === 'silent' ? undefined : found, isRaw: true };
  const { ext } = parse(file);
  if (isDbase(ext)) return { ...raw, openOptions: ['ENCODING=ISO-8859-1'] };
  if (ext === '.dxf') return { ...raw, settings: { DXF_ENCODING: 'ISO-8859-1' } };
  return (await isMapInfoRaw(file)) ? raw : decoded;
}

const isDbase = (extension: string) => extension === '.shp' || extension === '.dbf';

/** The encoding that a file declares: one of ours, none, or one that only GDAL supports. */
type DeclaredEncoding = TextEncoding | 'silent' | 'unknown';

async function encodingOf(file: string, names: readonly string[]): Promise<DeclaredEncoding> {
  const { dir, name, ext } = parse(file);
  if (isDbase(ext) && names.includes(`${name}.dbf`)) return dbfEncoding(join(dir, name), names.includes(`${name}.cpg`));
  if (ext === '.dxf') return dxfEncoding(file);
  return ext === '.mif' || ext === '.tab' ? mapInfoEncoding(file) : 'unknown';
}

function known(codePage: string): DeclaredEncoding {
  const name = encodingName(codePage);
  return name === undefined ? 'unknown' : { name, isGiven: false };
}

/** Language drivers of dBASE (byte 29), by code page. */
const LANGUAGE_DRIVERS: Readonly<Record<number, string>> = {
  ...{
    3: '1252',
    87: '1252',
    19: '932',
    123: '932',
    77: '936',
    122: '936',
    78: '949',
    121: '949',
    79: '950',
    120: '950',
  },
  ...{ 80: '874', 124: '874', 38: '866', 101: '866', 125: '1255', 126: '1256' },
  ...{ 200: '1250', 201: '1251', 202: '1254', 203: '1253', 204: '1257' },
};

/**
 * Returns the encoding of a .dbf. The .cpg takes precedence over the header byte, which most software leaves at 0 or at
 * 87, "the machine's own".
 */
async function dbfEncoding(stem: string, hasCpg: boolean): Promise<DeclaredEncoding> {
  if (hasCpg) {
    const codePage = (await readFile(`${stem}.cpg`, 'latin1')).replace(/[^\x20-\x7e]/g, '').trim();
    if (codePage) return known(codePage);
  }
  const driver = (await readStart(`${stem}.dbf`, 30))[29] ?? 0;
  const codePage = LANGUAGE_DRIVERS[driver];
  return driver === 0 ? 'silent' : codePage ? known(codePage) : 'unknown';
}

/** Returns the encoding of a DXF. AutoCAD 2007 (AC1021) and later write UTF-8; older versions name a code page. */
async function dxfEncoding(file: string): Promise<DeclaredEncoding> {
  const head = (await readStart(file, 1 << 16)).toString('latin1');
  const version = /\$ACADVER\s+1\s+AC(\d{4})/.exec(head)?.[1];
  if (Number(version) >= 1021) return { name: 'utf-8', isGiven: false };
  const codePage = /\$DWGCODEPAGE\s+3\s+(\S+)/.exec(head)?.[1];
  return codePage ? known(codePage.replace(/^(ansi|dos)_?/i, '')) : 'silent';
}

/** Charsets of MapInfo, by code page. */
const CHARSETS: Readonly<Record<string, string>> = {
  ...{ windowslatin1: '1252', windowslatin2: '1250', windowsvietnamese: '1258', windowscyrillic: '1251' },
  ...{ windowsgreek: '1253', windowsturkish: '1254', windowshebrew: '1255', windowsarabic: '1256' },
  ...{ windowsbalticrim: '1257', windowsthai: '874', windowsjapanese: '932', windowssimpchinese: '936' },
  ...{ windowstradchinese: '950', windowskorean: '949', 'utf-8': 'utf-8' },
};
const LATIN1 = 'ISO8859-1';

const CHARSET = /^([ \t]*!?charset[ \t]+"?)([\w-]+)("?)/im;

async function mapInfoEncoding(file: string): Promise<DeclaredEncoding> {
  const charset = CHARSET.exec((await readStart(file, 4096)).toString('latin1'))?.[2]?.toLowerCase() ?? '';
  const codePage = CHARSETS[charset];
  return codePage ? known(codePage) : charset === 'neutral' ? 'silent' : 'unknown';
}

/** Overwrites the charset in the copy of the file, so that GDAL returns bytes. GDAL has no option for that. */
async function isMapInfoRaw(file: string): Promise<boolean> {
  if (!/\.(mif|tab)$/.test(file)) return false;
  const found = CHARSET.exec((await readStart(file, 4096)).toString('latin1'));
  const [whole = '', before = '', charset = '', after = ''] = found ?? [];
  // A shorter name is UTF-8 or Neutral, for which GDAL returns the bytes anyway.
  if (!found || charset.length < LATIN1.length) return false;
  const handle = await open(file, 'r+');
  try {
    await handle.write(`${before}${LATIN1}${after}`.padEnd(whole.length), found.index, 'latin1');
  } finally {
    await handle.close();
  }
  return true;
}
