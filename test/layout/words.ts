/** A comment of a source file: a docstring, or the line comments of adjacent lines. */
export interface Comment {
  /** From 1. */
  readonly line: number;
  readonly isDoc: boolean;
  readonly text: string;
}

const DOC = /^[ \t]*\/\*\*([\s\S]*?)\*\//gm;
const LINES = /^[ \t]*\/\/.*(?:\n[ \t]*\/\/.*)*/gm;
/** Directives to tools, which are no comments. */
const DIRECTIVE = /^[ \t]*\/\/ ?(?:biome-ignore|@ts-).*$/gm;
/** Marks of comments at the start of their lines. */
const MARK = /^[ \t]*(?:\/\/|\*)[ \t]?/gm;

/** Most words of a sentence; text in brackets and backquotes does not count. */
export const MOST_WORDS = 25;
/** Words that a docstring must not begin with, because it states instead of asking. */
const FIRST_WORD = /^(What|Where|Whether|Of|How)\b/;
/** Words with an exact term of the field: cached, received, announced, rendered. */
const BANNED = /\b(kept|heard|told|made)\b/i;
const TAG = / ?@(?:param|returns|throws|typeParam)\b/;

/** Returns the comments of a TypeScript source. */
export function readComments(source: string): Comment[] {
  const lineOf = (index: number): number => source.slice(0, index).split('\n').length;
  const docs = [...source.matchAll(DOC)].map(({ 1: text = '', index }) => ({ index, isDoc: true, text }));
  const lines = [...source.matchAll(LINES)].map(({ 0: text, index }) => ({ index, isDoc: false, text }));
  return [...docs, ...lines].map(({ index, isDoc, text }) => ({ line: lineOf(index), isDoc, text: plain(text) }));
}

/** Returns the comments of SQL, each the lines of adjacent `--`. */
export function readSqlComments(source: string): Comment[] {
  return readComments(source.replace(/^([ \t]*)--/gm, '$1//'));
}

/** Returns the running text of a comment. Code in it counts as one word, and text in brackets as none. */
function plain(text: string): string {
  return text
    .replace(DIRECTIVE, '')
    .replace(MARK, '')
    .replace(/``.*?``|`[^`]*`|\{@link [^}]*\}/gs, 'x')
    .replace(/\([^()]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Returns the faults of a comment, each as an end of "this comment …". */
export function faultsOf({ isDoc, text }: Comment): string[] {
  const [banned] = BANNED.exec(text) ?? [];
  const first = isDoc ? FIRST_WORD.exec(text.split(TAG)[0] ?? '')?.[0] : undefined;
  const long = text.split(/(?<=[.!?;:])\s|@\w+/).filter((sentence) => countWords(sentence) > MOST_WORDS);
  return [
    ...(first ? [`begins with "${first}"`] : []),
    ...(banned ? [`says "${banned}"`] : []),
    ...long.map((sentence) => `has a sentence of ${countWords(sentence)} words: ${sentence.slice(0, 60)}…`),
  ];
}

function countWords(sentence: string): number {
  return sentence.split(' ').filter(Boolean).length;
}
