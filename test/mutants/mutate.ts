import type { Random } from '../../src/sample/random.ts';

/** A one-line fault: the line before and after. */
export interface Mutant {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** Faults as people introduce them: each replaces the first match in a line. */
const FAULTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/ === /, ' !== '],
  [/ !== /, ' === '],
  [/ <= /, ' < '],
  [/ >= /, ' > '],
  [/ < /, ' <= '],
  [/ > (?=[\w(])/, ' >= '],
  [/ && /, ' || '],
  [/ \|\| /, ' && '],
  [/ \?\? /, ' && '],
  [/ \+ 1\b/, ''],
  [/ - 1\b/, ''],
  [/ \/ 2\b/, ''],
  [/\btrue\b/, 'false'],
  [/\bfalse\b/, 'true'],
  [/if \(!(?=[\w.#]+\))/, 'if ('],
  [/if \((?=[\w.#]+\))/, 'if (!'],
  [/Math\.max\(/, 'Math.min('],
  [/Math\.min\(/, 'Math.max('],
  [/Math\.floor\(/, 'Math.ceil('],
  [/\.some\(/, '.every('],
  [/\.every\(/, '.some('],
  [/\.filter\([^()]*(\([^()]*\)[^()]*)*\)/, ''],
  [/\bNOT /, ''],
  [/ AND /, ' OR '],
  [/ DESC\b/, ''],
  [/ORDER BY /, 'ORDER BY -1 * '],
  [/\bawait (?=[\w.]+\()/, 'void '],
  [/^(\s+)(?!return|const|let|throw|\})[\w.#?!]+\(.*\);$/, '$1'],
  [/\b([1-9]\d{1,4})\b(?!['"\]])/, '1$1'],
];

/** Lines without meaning to the program, or only to its reader. */
const PASSED_OVER =
  /^\s*(\/\/|\/?\*|import |export (type|interface)|readonly |type |interface |\}|\]|\)|$)|\b(vi|en|title|summary|description): |\blog\./;

/** @returns the line with one fault, chosen among the possible ones; undefined: none */
export function mutateLine(line: string, random: Random): string | undefined {
  if (PASSED_OVER.test(line)) return undefined;
  const faulty = FAULTS.filter(([pattern]) => pattern.test(line)).map(([pattern, text]) => line.replace(pattern, text));
  return faulty.length ? random.pick(faulty) : undefined;
}

/**
 * @param files source texts by path
 * @returns `count` mutants of different lines, all lines being equally likely
 */
export function chooseMutants(files: ReadonlyMap<string, string>, count: number, random: Random): Mutant[] {
  const all = [...files].flatMap(([file, text]) =>
    text.split('\n').flatMap((before, index): Mutant[] => {
      const after = mutateLine(before, random);
      return after === undefined ? [] : [{ file, line: index + 1, before, after }];
    }),
  );
  const chosen: Mutant[] = [];
  while (chosen.length < count && all.length) chosen.push(...all.splice(random.integer(0, all.length - 1), 1));
  return chosen;
}
