/** The same words as other keyboards and hasty fingers give them. */

type Keys = Readonly<Record<string, string>>;

const TELEX: Keys = {
  '\u0301': 's',
  '\u0300': 'f',
  '\u0309': 'r',
  '\u0303': 'x',
  '\u0323': 'j',
  '\u0306': 'w',
  '\u031b': 'w',
};
const VNI: Keys = {
  '\u0301': '1',
  '\u0300': '2',
  '\u0309': '3',
  '\u0303': '4',
  '\u0323': '5',
  '\u0302': '6',
  '\u031b': '7',
  '\u0306': '8',
};
const TONES = /[\u0301\u0300\u0309\u0303\u0323]/;

/** @param typed the keys of a letter with its quality marks, and with `đ` as it is */
function keys(text: string, tone: (mark: string) => string, typed: (letter: string, marks: string) => string): string {
  return text
    .split(' ')
    .map((word) => {
      let end = '';
      const body = word.normalize('NFD').replace(/(\p{L})(\p{M}*)/gu, (_, letter: string, marks: string) => {
        const own = [...marks].filter((mark) => !TONES.test(mark)).join('');
        end += [...marks]
          .filter((mark) => TONES.test(mark))
          .map(tone)
          .join('');
        return typed(letter, own);
      });
      return body + end;
    })
    .join(' ');
}

/** The keys of Telex, with the keyboard of Vietnamese off. */
export const telex = (text: string) =>
  keys(
    text.replace(/đ/g, 'dd').replace(/Đ/g, 'Dd'),
    (mark) => TELEX[mark] as string,
    (letter, marks) => letter + [...marks].map((mark) => TELEX[mark] ?? letter.toLowerCase()).join(''),
  );

/** The same in VNI. */
export const vni = (text: string) =>
  keys(
    text.replace(/đ/g, 'd9').replace(/Đ/g, 'D9'),
    (mark) => VNI[mark] as string,
    (letter, marks) => letter + [...marks].map((mark) => VNI[mark]).join(''),
  );

/** Two letters in the wrong order. */
export const swapped = (text: string) => text.replace(/(.)(.)$/u, '$2$1');

/** The second letter of the last word is missing. */
export const dropped = (text: string) => text.replace(/(\S)\S(\S*)$/u, '$1$2');

const BESIDE: Keys = { l: 'k', h: 'g', c: 'v', p: 'o', t: 'r', m: 'n', n: 'm', d: 's', b: 'v', k: 'l', s: 'd', g: 'h' };

/** The last word begins with the key beside the right one. */
export const beside = (text: string) =>
  text.replace(/\S(?=\S*$)/u, (letter) => BESIDE[letter.toLowerCase()] ?? `${letter}${letter.toLowerCase()}`);

/** The last letter twice. */
export const doubled = (text: string) => `${text}${text.at(-1)}`;
