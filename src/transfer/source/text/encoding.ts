import { isUtf8 } from 'node:buffer';
import { invalidParameter } from '../../../lib/errors.ts';

/** TCVN 5712:1993 (VN3, the .VnTime fonts) from byte 0xA1 on. 0xAD, elsewhere a soft hyphen, is the letter ư. */
const TCVN3 =
  'ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ';

/** The VNI fonts: a letter alone, or a vowel and a second byte that carries its marks. */
const VNI_LETTERS: Readonly<Record<string, string>> = {
  ...{ ñ: 'đ', Ñ: 'Đ', ô: 'ơ', Ô: 'Ơ', ö: 'ư', Ö: 'Ư', í: 'í', Í: 'Í', ì: 'ì', Ì: 'Ì' },
  ...{ æ: 'ỉ', Æ: 'Ỉ', ó: 'ĩ', Ó: 'Ĩ', ò: 'ị', Ò: 'Ị', î: 'ỵ', Î: 'Ỵ' },
};
const VNI_MARKS: Readonly<Record<string, string>> = {
  ...{ ø: '\u0300', ù: '\u0301', û: '\u0309', õ: '\u0303', ï: '\u0323' },
  ...{ â: '\u0302', à: '\u0302\u0300', á: '\u0302\u0301', å: '\u0302\u0309', ã: '\u0302\u0303', ä: '\u0302\u0323' },
  ...{ ê: '\u0306', è: '\u0306\u0300', é: '\u0306\u0301', ú: '\u0306\u0309', ü: '\u0306\u0303', ë: '\u0306\u0323' },
};

/** Decodes text of a .VnTime font (its bytes as ISO-8859-1) to Unicode, NFC. */
export function decodeTcvn3(text: string): string {
  return text.replace(/[\xa1-\xfe]/g, (character) => TCVN3[character.charCodeAt(0) - 0xa1] ?? '').normalize('NFC');
}

/** Decodes text of a VNI font (its bytes as ISO-8859-1) to Unicode, NFC. */
export function decodeVni(text: string): string {
  return text
    .replace(
      /([aeouyôö])([øùûõïâàáåãäêèéúüë])|[\xc0-\xff]/gi,
      (letter: string, vowel: string | undefined, mark: string | undefined) =>
        vowel && mark ? (VNI_LETTERS[vowel] ?? vowel) + VNI_MARKS[mark.toLowerCase()] : (VNI_LETTERS[letter] ?? letter),
    )
    .normalize('NFC');
}

/** Decodes text to Unicode, NFC. With `isBytes` each character is a byte; without, GDAL has decoded it already. */
export type Decode = (text: string, isBytes: boolean) => Decoded;

export interface Decoded {
  readonly text: string;
  /** `cut`: the text ends within a letter, which is dropped. `lost`: some bytes are no letters and became U+FFFD. */
  readonly fault?: 'cut' | 'lost';
}

const KNOWN = 'utf-8, tcvn3, vni, windows-1258, windows-1252, gbk';

/** @throws Problem for an unknown encoding */
export function decoderOf(encoding: string): Decode {
  const name = encoding.toLowerCase().replace(/[_\s]/g, '-');
  if (/^(tcvn-?3|tcvn-?5712(-\d)?|abc|vn-?3)$/.test(name)) return fontDecoder(decodeTcvn3);
  if (/^vni(-win(dows)?)?$/.test(name)) return fontDecoder(decodeVni);
  try {
    return decodeBytes(name);
  } catch {
    throw invalidParameter('encoding', { vi: `một bảng mã: ${KNOWN}`, en: `an encoding: ${KNOWN}` });
  }
}

/** Returns a decoder for texts of a font. A program that writes UTF-8 has encoded each of its letters once more. */
function fontDecoder(decode: (text: string) => string): Decode {
  return (text, isBytes) => {
    const bytes = isBytes ? Buffer.from(text, 'latin1') : undefined;
    return { text: decode(bytes && isUtf8(bytes) ? bytes.toString('utf8') : text) };
  };
}

/** @throws RangeError for a name that the WHATWG standard lacks */
function decodeBytes(name: string): Decode {
  const strict = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder(name, { ignoreBOM: true });
  const decodeAll = (text: string): Decoded => {
    const bytes = Buffer.from(text, 'latin1');
    try {
      return { text: strict.decode(bytes) };
    } catch {
      const decoded = lenient.decode(bytes);
      const whole = decoded.replace(/\uFFFD+$/, '');
      return whole.includes('\uFFFD') ? { text: decoded, fault: 'lost' } : { text: whole, fault: 'cut' };
    }
  };
  return (text, isBytes) => {
    if (!isBytes) return { text };
    // Drivers turn escapes such as \U+1EA1 into letters themselves; such characters stay as they are.
    const decoded = /[^\0-\xff]/.test(text)
      ? { text: text.replace(/[\0-\xff]+/g, (run) => decodeAll(run).text) }
      : decodeAll(text);
    return { ...decoded, text: decoded.text.normalize('NFC') };
  };
}

/** Returns the WHATWG name of a code page; undefined if the standard lacks it. */
export function encodingName(codePage: string): string | undefined {
  const name = codePage
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const [, number = ''] = /^(?:ansi-?|cp-?|windows-?|ms-?|oem-?)?(\d{3,5})$/.exec(name) ?? [];
  const known = NUMBERS[number] ?? (/^125\d$/.test(number) ? `windows-${number}` : undefined);
  const iso = /^(?:iso-?)?8859-?(\d{1,2})$/.exec(name)?.[1];
  const candidate = known ?? (iso ? `iso-8859-${iso}` : number ? undefined : name);
  try {
    return candidate === undefined ? undefined : new TextDecoder(candidate).encoding;
  } catch {
    return undefined;
  }
}

/** Numbers of Windows code pages beyond 125x. */
const NUMBERS: Readonly<Record<string, string>> = {
  ...{ '65001': 'utf-8', '936': 'gbk', '54936': 'gb18030', '950': 'big5', '932': 'shift_jis', '949': 'euc-kr' },
  ...{ '874': 'windows-874', '866': 'ibm866', '28591': 'iso-8859-1', '88591': 'iso-8859-1' },
};
