import { isUtf8 } from 'node:buffer';
import type { Changes } from './changes.ts';
import { type Decode, decoderOf } from './encoding.ts';
import { EncodingWatch } from './encoding-watch.ts';

/** The encoding of a text, declared by the file or given by the request. */
export interface TextEncoding {
  readonly name: string;
  /** True if the request gives the encoding. The text is then not checked for another. */
  readonly isGiven: boolean;
}

/** Encodings that files declare falsely, because software writes them by default. */
const DOUBTFUL = /^(utf-8|windows-1252|iso-8859-1|latin1)$/;

/** A lone half of a UTF-16 pair, which UTF-8 cannot encode. */
const LONE = /\p{Cs}/u;
const LONE_ALL = /\p{Cs}/gu;

const LATIN = decoderOf('windows-1252');

/** Converts the text of a file to text that a database can hold: Unicode, NFC, no NUL. It counts its changes. */
export class TextReader {
  readonly #changes: Changes;
  readonly #decode: Decode | undefined;
  readonly #isDoubtful: boolean;
  readonly #watch = new EncodingWatch();

  constructor(encoding: TextEncoding | undefined, changes: Changes) {
    this.#changes = changes;
    this.#decode = encoding && decoderOf(encoding.name);
    this.#isDoubtful = !encoding || (!encoding.isGiven && DOUBTFUL.test(encoding.name));
  }

  /**
   * Decodes bytes of the file.
   * @param column counted with the changes
   */
  readBytes(bytes: Buffer, column: string): string {
    return isUtf8(bytes)
      ? this.read(bytes.toString('utf8'), column, false)
      : this.read(bytes.toString('latin1'), column, true);
  }

  /** @param isBytes true if `text` is the file's bytes, one character each */
  read(text: string, column: string, isBytes: boolean): string {
    return this.clean(this.decode(text, column, isBytes), column);
  }

  decode(text: string, column: string, isBytes: boolean): string {
    return isAscii(text) ? text : this.#toUnicode(text, column, isBytes);
  }

  /** Removes from Unicode text what a database cannot hold. */
  clean(decoded: string, column: string): string {
    if (isAscii(decoded)) return decoded;
    const whole = LONE.test(decoded) ? this.#count('lost', column, decoded.replace(LONE_ALL, '\uFFFD')) : decoded;
    const held = whole.includes('\0') ? this.#count('nul', column, whole.replaceAll('\0', '')) : whole;
    const composed = held.normalize('NFC');
    return composed === held ? held : this.#count('composed', column, composed);
  }

  /** Decodes the name of a column like a value, without counting changes. */
  readName(name: string, isBytes: boolean): string {
    if (!this.#decode || !isBytes) return isBytes ? (utf8Of(name) ?? name) : name;
    return this.#decode(name, isBytes).text;
  }

  /** @throws Problem that asks for the encoding, if the text does not look like the one assumed */
  check(): void {
    this.#watch.check();
  }

  #toUnicode(text: string, column: string, isBytes: boolean): string {
    if (!this.#decode) return isBytes ? this.#fromBytes(text, column) : this.#see(text, false);
    const { text: decoded, fault } = this.#decode(text, isBytes);
    if (fault) this.#changes.add(fault, column);
    if (this.#isDoubtful) this.#watch.see(fault === 'lost' ? text : isBytes ? decoded : text, fault === 'lost');
    return decoded;
  }

  /** Decodes bytes of unknown encoding: UTF-8, or else the request must name one. */
  #fromBytes(text: string, column: string): string {
    const unicode = utf8Of(text);
    if (unicode !== undefined) return this.#see(unicode, false);
    const whole = withoutHalf(text);
    if (whole !== undefined) return this.#count('cut', column, this.#see(whole, false));
    this.#see(text, true);
    return this.#count('guessed', column, LATIN(text, true).text);
  }

  #see(text: string, isBytes: boolean): string {
    this.#watch.see(text, isBytes);
    return text;
  }

  #count(kind: 'lost' | 'nul' | 'composed' | 'cut' | 'guessed', column: string, text: string): string {
    this.#changes.add(kind, column);
    return text;
  }
}

/** Returns true for ASCII without NUL, which is equal in every encoding. */
function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII too
  return !/[^\x01-\x7f]/.test(text);
}

function utf8Of(text: string): string | undefined {
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** Returns UTF-8 that ends within a letter, without that letter; undefined if it is no UTF-8, or too short to tell. */
function withoutHalf(text: string): string | undefined {
  const half = /[\xc2-\xdf]$|[\xe0-\xef][\x80-\xbf]?$|[\xf0-\xf4][\x80-\xbf]{0,2}$/.exec(text)?.[0];
  if (half === undefined) return undefined;
  const whole = text.slice(0, -half.length);
  // "Caf\xe9" is Latin-1: one byte after only ASCII proves nothing.
  return half.length > 1 || /[\x80-\xff]/.test(whole) ? utf8Of(whole) : undefined;
}
