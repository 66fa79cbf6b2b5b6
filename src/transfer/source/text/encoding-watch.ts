import { isUtf8 } from 'node:buffer';
import { Problem } from '../../../lib/errors.ts';

const SIGNS = {
  // Letters of the TCVN3 range that Latin text does not have beside an ASCII letter; ª ° ² ³ ´ º do occur in Latin
  // text.
  tcvn3:
    /[®§][A-Za-z\xc0-\xff]|[A-Za-z][\xa1-\xa9\xab-\xaf\xb5-\xb9\xbb-\xbf\xd7\xde\xf0\xf7\xfe]|[\xa1-\xa9\xab-\xaf\xb5-\xb9\xbb-\xbf\xd7\xde\xf7\xfe][A-Za-z]/,
  vni: /a[âåäø]|[eo]â|[eou]ø|[ôö][øùûõï]|ñ[aeo][âåäáàãøùûõï]/i,
} as const;

type EncodingSign = 'utf-8' | keyof typeof SIGNS | 'unknown';

/** Watches text without a declared legacy encoding, so that no mojibake is imported unnoticed. */
export class EncodingWatch {
  #letters = 0;
  readonly #signs = new Map<EncodingSign, number>();

  see(text: string, isBytes: boolean): void {
    this.#letters++;
    const sign = encodingSign(text, isBytes);
    if (sign) this.#signs.set(sign, (this.#signs.get(sign) ?? 0) + 1);
  }

  /** @throws Problem that asks for the encoding, if a fifth of the texts beyond ASCII look wrong */
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

function encodingSign(text: string, isBytes: boolean): EncodingSign | undefined {
  // Characters beyond Latin-1 were decoded as Unicode, unless one was lost on the way.
  if (/[^\0-\xff]/.test(text)) return text.includes('\uFFFD') ? 'unknown' : undefined;
  if (isUtf8(Buffer.from(text, 'latin1'))) return 'utf-8';
  if (SIGNS.tcvn3.test(text)) return 'tcvn3';
  if (SIGNS.vni.test(text)) return 'vni';
  return isBytes || /[\x80-\x9f]/.test(text) ? 'unknown' : undefined;
}
