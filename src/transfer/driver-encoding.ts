import { open, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { encodingName } from './encoding.ts';
import type { SourceFiles } from './source-row.ts';
import { readStart } from './text-file.ts';
import type { TextEncoding } from './text-reader.ts';

/** The encoding of a file's texts, and how GDAL is to read them. */
export interface DriverEncoding {
  readonly encoding: TextEncoding | undefined;
  /** GDAL gives the bytes as they are, one character each. Left to itself it loses the last letter of windows-1258. */
  readonly isRaw: boolean;
  readonly openOptions: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

/** @param told by the one who imports; else the file is asked */
export async function driverEncoding({ file, names }: SourceFiles, told: string | undefined): Promise<DriverEncoding> {
  const toldEncoding = told === undefined ? undefined : { name: told, isTold: true };
  const decoded = { encoding: toldEncoding, isRaw: false, openOptions: [], settings: {} };
  const found = toldEncoding ?? (await encodingOf(file, names));
  if (found === 'unknown') return decoded;
  const raw = { ...decoded, encoding: found === 'silent' ? undefined : found, isRaw: true };
  const { ext } = parse(file);
  if (ext === '.shp') return { ...raw, openOptions: ['ENCODING=ISO-8859-1'] };
  if (ext === '.dxf') return { ...raw, settings: { DXF_ENCODING: 'ISO-8859-1' } };
  return (await isMapInfoRaw(file)) ? raw : decoded;
}

/** What a file says of its encoding: one of ours, nothing, or one that only GDAL knows. */
type Found = TextEncoding | 'silent' | 'unknown';

async function encodingOf(file: string, names: readonly string[]): Promise<Found> {
  const { dir, name, ext } = parse(file);
  if (ext === '.shp' && names.includes(`${name}.dbf`))
    return dbfEncoding(join(dir, name), names.includes(`${name}.cpg`));
  if (ext === '.dxf') return dxfEncoding(file);
  return ext === '.mif' || ext === '.tab' ? mapInfoEncoding(file) : 'unknown';
}

function known(codePage: string): Found {
  const name = encodingName(codePage);
  return name === undefined ? 'unknown' : { name, isTold: false };
}

/** Language drivers of dBASE (byte 29), by the code page they stand for. */
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

/** The .cpg goes before the byte in the header, which most software leaves at 0 or at 87, "the machine's own". */
async function dbfEncoding(stem: string, hasCpg: boolean): Promise<Found> {
  if (hasCpg) {
    const codePage = (await readFile(`${stem}.cpg`, 'latin1')).replace(/[^\x20-\x7e]/g, '').trim();
    if (codePage) return known(codePage);
  }
  const driver = (await readStart(`${stem}.dbf`, 30))[29] ?? 0;
  const codePage = LANGUAGE_DRIVERS[driver];
  return driver === 0 ? 'silent' : codePage ? known(codePage) : 'unknown';
}

/** A DXF of AutoCAD 2007 (AC1021) and later is UTF-8, an older one names a code page. */
async function dxfEncoding(file: string): Promise<Found> {
  const head = (await readStart(file, 1 << 16)).toString('latin1');
  const version = /\$ACADVER\s+1\s+AC(\d{4})/.exec(head)?.[1];
  if (Number(version) >= 1021) return { name: 'utf-8', isTold: false };
  const codePage = /\$DWGCODEPAGE\s+3\s+(\S+)/.exec(head)?.[1];
  return codePage ? known(codePage.replace(/^(ansi|dos)_?/i, '')) : 'silent';
}

/** Charsets of MapInfo, by the code page they stand for. */
const CHARSETS: Readonly<Record<string, string>> = {
  ...{ windowslatin1: '1252', windowslatin2: '1250', windowsvietnamese: '1258', windowscyrillic: '1251' },
  ...{ windowsgreek: '1253', windowsturkish: '1254', windowshebrew: '1255', windowsarabic: '1256' },
  ...{ windowsbalticrim: '1257', windowsthai: '874', windowsjapanese: '932', windowssimpchinese: '936' },
  ...{ windowstradchinese: '950', windowskorean: '949', 'utf-8': 'utf-8' },
};
const LATIN1 = 'ISO8859-1';

const CHARSET = /^([ \t]*!?charset[ \t]+"?)([\w-]+)("?)/im;

async function mapInfoEncoding(file: string): Promise<Found> {
  const charset = CHARSET.exec((await readStart(file, 4096)).toString('latin1'))?.[2]?.toLowerCase() ?? '';
  const codePage = CHARSETS[charset];
  return codePage ? known(codePage) : charset === 'neutral' ? 'silent' : 'unknown';
}

/** GDAL has no option for it: in the copy of the file, the charset of bytes is written over the one that is there. */
async function isMapInfoRaw(file: string): Promise<boolean> {
  if (!/\.(mif|tab)$/.test(file)) return false;
  const found = CHARSET.exec((await readStart(file, 4096)).toString('latin1'));
  const [whole = '', before = '', charset = '', after = ''] = found ?? [];
  // A shorter name is UTF-8 or Neutral, of which GDAL gives the bytes anyhow.
  if (!found || charset.length < LATIN1.length) return false;
  const handle = await open(file, 'r+');
  try {
    await handle.write(`${before}${LATIN1}${after}`.padEnd(whole.length), found.index, 'latin1');
  } finally {
    await handle.close();
  }
  return true;
}
