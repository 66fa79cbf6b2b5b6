import { isUtf8 } from 'node:buffer';
import { invalidParameter, Problem } from '../errors.ts';

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

/** Text of a .VnTime font (its bytes as ISO-8859-1) to Unicode, NFC. */
export function decodeTcvn3(text: string): string {
  return text.replace(/[\xa1-\xfe]/g, (character) => TCVN3[character.charCodeAt(0) - 0xa1] ?? '').normalize('NFC');
}

/** Text of a VNI font (its bytes as ISO-8859-1) to Unicode, NFC. */
export function decodeVni(text: string): string {
  return text
    .replace(
      /([aeouyôö])([øùûõïâàáåãäêèéúüë])|[\xc0-\xff]/gi,
      (letter: string, vowel: string | undefined, mark: string | undefined) =>
        vowel && mark ? (VNI_LETTERS[vowel] ?? vowel) + VNI_MARKS[mark.toLowerCase()] : (VNI_LETTERS[letter] ?? letter),
    )
    .normalize('NFC');
}

/** What a text field becomes. `bytes`: as the file has them, one character a byte; else as GDAL decoded them. */
export type Decode = (text: string, isBytes: boolean) => string;

/** @throws Problem for a name that is no encoding */
export function decoderOf(encoding: string): Decode {
  const name = encoding.toLowerCase().replace(/[_\s]/g, '-');
  if (/^(tcvn-?3|tcvn-?5712(-\d)?|abc|vn-?3)$/.test(name)) return decodeTcvn3;
  if (/^vni(-win(dows)?)?$/.test(name)) return decodeVni;
  try {
    const decoder = new TextDecoder(name);
    // A dBASE field may end within a letter: the half of it goes.
    return (text, isBytes) =>
      (isBytes ? decoder.decode(Buffer.from(text, 'latin1')).replace(/\uFFFD+$/, '') : text).normalize('NFC');
  } catch {
    const known = 'utf-8, tcvn3, vni, windows-1258, windows-1252, gbk';
    throw invalidParameter('encoding', { vi: `một bảng mã: ${known}`, en: `an encoding: ${known}` });
  }
}

const SIGNS = {
  // Letters of the TCVN3 range that Latin text has no use for beside an ASCII letter; ª ° ² ³ ´ º occur in Latin text.
  tcvn3:
    /[®§][A-Za-z\xc0-\xff]|[A-Za-z][\xa1-\xa9\xab-\xaf\xb5-\xb9\xbb-\xbf\xd7\xde\xf0\xf7\xfe]|[\xa1-\xa9\xab-\xaf\xb5-\xb9\xbb-\xbf\xd7\xde\xf7\xfe][A-Za-z]/,
  vni: /a[âåäø]|[eo]â|[eou]ø|[ôö][øùûõï]|ñ[aeo][âåäáàãøùûõï]/i,
} as const;

type Sign = 'utf-8' | keyof typeof SIGNS | 'unknown';

/** Watches text that was not declared to be in an old encoding, so that no mojibake gets in unseen. */
export class EncodingWatch {
  #letters = 0;
  readonly #signs = new Map<Sign, number>();

  see(text: string, isBytes: boolean): void {
    this.#letters++;
    const sign = signOf(text, isBytes);
    if (sign) this.#signs.set(sign, (this.#signs.get(sign) ?? 0) + 1);
  }

  /** @throws Problem that asks for the encoding, where a fifth of the texts beyond ASCII look wrong */
  check(): void {
    const counted = [...this.#signs].sort(([, a], [, b]) => b - a);
    const suspect = counted.reduce((sum, [, count]) => sum + count, 0);
    const [best] = counted.find(([sign]) => sign !== 'unknown') ?? counted[0] ?? [];
    if (!best || suspect < this.#letters / 5) return;
    const guess = best === 'unknown' ? undefined : best;
    const advice = guess ?? 'windows-1252 (windows-1258, gbk, tcvn3, vni, utf-8)';
    throw new Problem(
      'invalid-parameter',
      {
        vi: `Chữ trong tệp không phải Unicode hợp lệ (${suspect} giá trị)${guess ? `, có lẽ là ${guess}` : ''}. Hãy cho biết bảng mã: --encoding ${advice}.`,
        en: `The text in the file is not valid Unicode (${suspect} values)${guess ? `, probably ${guess}` : ''}. Say its encoding: --encoding ${advice}.`,
      },
      { parameter: 'encoding', ...(guess ? { candidates: [guess] } : {}) },
    );
  }
}

function signOf(text: string, isBytes: boolean): Sign | undefined {
  // Beyond Latin-1 it has been decoded as Unicode, unless a character was lost on the way.
  if (/[^\0-\xff]/.test(text)) return text.includes('\uFFFD') ? 'unknown' : undefined;
  if (isUtf8(Buffer.from(text, 'latin1'))) return 'utf-8';
  if (SIGNS.tcvn3.test(text)) return 'tcvn3';
  if (SIGNS.vni.test(text)) return 'vni';
  return isBytes || /[\x80-\x9f]/.test(text) ? 'unknown' : undefined;
}
