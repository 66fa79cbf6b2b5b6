import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Problem, type Text } from '../../../lib/errors.ts';
import { COMPOUND, compoundNames } from './compound-file.ts';

/** The part of a file by which its format is recognised. */
interface FileSigns {
  /** The first bytes, one character each. */
  readonly start: string;
  /** Names of the streams of a compound file; none for other files. */
  readonly streams: readonly string[];
  /** Extension in lower case, with its dot. */
  readonly ext: string;
}

/** A format that is not read. */
interface ForeignFormat {
  /** Name of the format in the problem document. */
  readonly name: string;
  readonly matches: (signs: FileSigns) => boolean;
  /** The kind of file, as a noun. */
  readonly title: (signs: FileSigns) => Text;
  /** The way out, as whole sentences. */
  readonly advice: Text;
}

/** Bytes that are looked at. A DXF or an INTERLIS file may begin with comments. */
const START_LENGTH = 4096;

const noun = (vi: string, en: string) => () => ({ vi, en });
const startsWithAny =
  (...signatures: readonly string[]) =>
  ({ start }: FileSigns) =>
    signatures.some((signature) => start.startsWith(signature));
const hasStream =
  (...names: readonly string[]) =>
  ({ streams }: FileSigns) =>
    names.some((name) => streams.includes(name));

/** Programs by the first six bytes of a DWG (Open Design Specification for .dwg files §3). */
const DWG_VERSIONS: Readonly<Record<string, string>> = {
  ...{ AC1009: 'R11, R12', AC1012: 'R13', AC1014: 'R14', AC1015: '2000–2002', AC1018: '2004–2006' },
  ...{ AC1021: '2007–2009', AC1024: '2010–2012', AC1027: '2013–2017', AC1032: '2018+' },
};

const SAVE_AS_XLSX: Text = {
  vi: 'Hãy mở bằng Excel hoặc LibreOffice, lưu thành .xlsx rồi nhập lại.',
  en: 'Open it in Excel or LibreOffice, save it as .xlsx and import that.',
};
const PACK_AS_ZIP: Text = {
  vi: 'Hãy giải nén, rồi nhập tệp bên trong hoặc nén lại thành .zip.',
  en: 'Unpack it, then import the file inside, or pack it again as .zip.',
};

/** A spreadsheet of LibreOffice says its type first, not compressed (OpenDocument 1.3, part 2 §3.3). */
const ODS = 'mimetypeapplication/vnd.oasis.opendocument.spreadsheet';
const ZIP = 'zip';

/** The formats, each recognised by its content; the extension decides only where the content is silent. First match counts. */
const FOREIGN: readonly ForeignFormat[] = [
  {
    name: 'DGN V8',
    matches: ({ streams, ext, start }) =>
      streams.some((name) => /^Dgn[~^-]/.test(name)) ||
      (ext === '.dgn' && start.startsWith(COMPOUND.toString('latin1'))),
    title: noun(
      'bản vẽ DGN V8 (MicroStation V8, V8i hoặc CONNECT)',
      'a DGN V8 drawing (MicroStation V8, V8i or CONNECT)',
    ),
    advice: {
      vi: 'Trong MicroStation chọn File > Save As, kiểu "MicroStation V7 DGN" hoặc "DXF", rồi nhập tệp đó.',
      en: 'In MicroStation choose File > Save As, type "MicroStation V7 DGN" or "DXF", and import that file.',
    },
  },
  {
    name: 'DWG',
    matches: ({ start }) => /^AC10\d\d\0/.test(start) || start.slice(0, 6) in DWG_VERSIONS,
    title: ({ start }) => {
      const code = start.slice(0, 6);
      const version = DWG_VERSIONS[code] ? `${code}, AutoCAD ${DWG_VERSIONS[code]}` : code;
      return { vi: `bản vẽ DWG (${version})`, en: `a DWG drawing (${version})` };
    },
    advice: {
      vi: 'Trong AutoCAD dùng lệnh SAVEAS, chọn kiểu DXF (dạng chữ ASCII), rồi nhập tệp .dxf đó.',
      en: 'In AutoCAD use SAVEAS, choose the type DXF (as ASCII text), and import that .dxf.',
    },
  },
  {
    name: 'binary DXF',
    matches: startsWithAny('AutoCAD Binary DXF'),
    title: noun('DXF nhị phân', 'a binary DXF'),
    advice: {
      vi: 'Trong AutoCAD dùng lệnh SAVEAS, kiểu DXF, mục Tools > Options > DXF Options chọn ASCII, rồi nhập lại.',
      en: 'In AutoCAD use SAVEAS, type DXF, and under Tools > Options > DXF Options choose ASCII; then import it.',
    },
  },
  {
    name: 'INTERLIS',
    matches: ({ start }) =>
      /^\s*SCNT\b/.test(start) ||
      /interlis\.ch\/(xtf\/[\d.]+\/)?INTERLIS/i.test(start) ||
      /^\s*(!![^\n]*\n\s*)*INTERLIS\s+[12]/.test(start),
    title: noun('dữ liệu INTERLIS', 'an INTERLIS file'),
    advice: {
      vi: 'Hãy dùng ili2gpkg chuyển thành GeoPackage (.gpkg) rồi nhập tệp đó.',
      en: 'Convert it to a GeoPackage (.gpkg) with ili2gpkg and import that.',
    },
  },
  {
    name: 'encrypted workbook',
    matches: hasStream('EncryptedPackage'),
    title: noun('tệp Office có mật khẩu', 'an Office file with a password'),
    advice: {
      vi: 'Hãy mở tệp, bỏ mật khẩu, lưu lại rồi nhập.',
      en: 'Open it, remove the password, save it and import it again.',
    },
  },
  {
    name: 'XLS',
    matches: (signs) =>
      hasStream('Workbook', 'Book')(signs) || startsWithAny('\x09\x04\x06\0', '\x09\x02\x06\0')(signs),
    title: noun('bảng tính Excel 97–2003 (.xls)', 'an Excel 97–2003 workbook (.xls)'),
    advice: SAVE_AS_XLSX,
  },
  {
    name: 'ODS or XLSB',
    matches: ({ start, ext }) => start.includes(ODS) || (start.startsWith('PK') && ext === '.xlsb'),
    title: noun('bảng tính ODS hoặc XLSB', 'a workbook in ODS or XLSB'),
    advice: SAVE_AS_XLSX,
  },
  {
    name: 'Word',
    matches: (signs) => hasStream('WordDocument')(signs) || (signs.start.startsWith('PK') && signs.ext === '.docx'),
    title: noun('văn bản Word', 'a Word document'),
    advice: {
      vi: 'Hãy chép bảng tọa độ trong đó sang Excel, lưu thành .xlsx rồi nhập.',
      en: 'Copy its table of coordinates to Excel, save it as .xlsx and import that.',
    },
  },
  {
    name: 'Access',
    matches: startsWithAny('\0\x01\0\0Standard Jet DB', '\0\x01\0\0Standard ACE DB'),
    title: noun('cơ sở dữ liệu Access (personal geodatabase .mdb)', 'an Access database (personal geodatabase, .mdb)'),
    advice: {
      vi: 'Trong ArcGIS hãy xuất lớp ra File Geodatabase hoặc Shapefile rồi nhập.',
      en: 'In ArcGIS export the layer as a File Geodatabase or a Shapefile and import that.',
    },
  },
  {
    name: 'RAR',
    matches: startsWithAny('Rar!\x1a\x07'),
    title: noun('tệp nén RAR', 'a RAR archive'),
    advice: PACK_AS_ZIP,
  },
  {
    name: '7z',
    matches: startsWithAny('7z\xbc\xaf\x27\x1c'),
    title: noun('tệp nén 7z', 'a 7z archive'),
    advice: PACK_AS_ZIP,
  },
  {
    name: 'gzip, bzip2, xz or tar',
    matches: (signs) =>
      startsWithAny('\x1f\x8b', 'BZh', '\xfd7zXZ\0')(signs) || signs.start.slice(257, 262) === 'ustar',
    title: noun('tệp nén gzip, bzip2, xz hoặc tar', 'a gzip, bzip2, xz or tar archive'),
    advice: PACK_AS_ZIP,
  },
  {
    name: ZIP,
    matches: startsWithAny('PK\x03\x04', 'PK\x05\x06'),
    title: noun('tệp nén zip', 'a zip archive'),
    advice: {
      vi: 'Nếu nó nằm trong một tệp zip khác, hãy giải nén tệp ngoài; nếu không, hãy đổi đuôi thành .zip.',
      en: 'If it lies in another zip, unpack that one; otherwise give it the extension .zip.',
    },
  },
  {
    name: 'PDF',
    matches: startsWithAny('%PDF-'),
    title: noun('tệp PDF, chỉ là hình để in', 'a PDF, which is a picture to print'),
    advice: {
      vi: 'Hãy xin dữ liệu gốc của bản đồ (Shapefile, GeoPackage, DXF hoặc DGN V7).',
      en: 'Ask for the data of the map (Shapefile, GeoPackage, DXF or DGN V7).',
    },
  },
  {
    name: 'picture',
    matches: startsWithAny('II*\0', 'MM\0*', 'II+\0', '\x89PNG', '\xff\xd8\xff'),
    title: noun('ảnh (TIFF, PNG hoặc JPEG)', 'a picture (TIFF, PNG or JPEG)'),
    advice: {
      vi: 'Ảnh quét phải được số hóa thành thửa trước, chẳng hạn trong QGIS; hãy nhập tệp vectơ.',
      en: 'A scan has to be digitised first, for instance in QGIS; import the vector file.',
    },
  },
  {
    name: 'project',
    matches: ({ ext, start }) =>
      /^\.(mxd|aprx|qgz|qgs|wor)$/.test(ext) || /^\s*(!Workspace|<!DOCTYPE qgis)/i.test(start),
    title: noun('tệp dự án, chỉ trỏ đến dữ liệu ở nơi khác', 'a project, which only points to data elsewhere'),
    advice: {
      vi: 'Hãy nhập chính các tệp dữ liệu mà dự án mở.',
      en: 'Import the data files that the project opens.',
    },
  },
  {
    name: 'HTML',
    matches: ({ start }) => /^\s*<(!doctype html|html)/i.test(start.replace('\xef\xbb\xbf', '')),
    title: noun('trang web (HTML)', 'a web page (HTML)'),
    advice: {
      vi: 'Có lẽ máy chủ trả về thông báo lỗi thay cho tệp; hãy tải lại tệp.',
      en: 'A server probably sent an error message instead of the file; download it again.',
    },
  },
];

/**
 * Refuses a file whose content shows that it cannot be read.
 * @param isZip true if the file is to be unpacked, so that a zip is right
 * @throws Problem if the file is empty, or of a format that is not read; it says what to do
 */
export async function refuseForeign(file: string, isZip = false): Promise<void> {
  const signs = await readFileSigns(file);
  if (signs.start === '') {
    throw new Problem('invalid-body', {
      vi: `Tệp "${basename(file)}" trống (0 byte). Hãy chép hoặc tải lại tệp.`,
      en: `The file "${basename(file)}" is empty (0 bytes). Copy or download it again.`,
    });
  }
  const format = FOREIGN.find(({ matches }) => matches(signs));
  if (!format || (isZip && format.name === ZIP)) return;
  const title = format.title(signs);
  throw new Problem(
    'unsupported-media-type',
    {
      vi: `Tệp "${basename(file)}" là ${title.vi}, không đọc được. ${format.advice.vi}`,
      en: `The file "${basename(file)}" is ${title.en}, which cannot be read. ${format.advice.en}`,
    },
    { format: format.name },
  );
}

async function readFileSigns(file: string): Promise<FileSigns> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_LENGTH), 0, START_LENGTH, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    return { start, streams: await compoundNames(handle), ext: extname(file).toLowerCase() };
  } finally {
    await handle.close();
  }
}
