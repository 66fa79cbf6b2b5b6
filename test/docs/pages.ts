/** The texts of the repository for readers: README, CONTRIBUTING, CHANGELOG and the pages of `docs/`, tokenized. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Marked, type Token, type Tokens } from 'marked';

const ROOT = new URL('../../', import.meta.url).pathname;

export interface DocumentFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly source: string;
  readonly tokens: readonly Token[];
}

export function readDocuments(): DocumentFile[] {
  const own = ['README', 'CONTRIBUTING', 'CHANGELOG', 'src/README', 'sql/README', 'data/README', 'bench/README'].map(
    (name) => `${name}.md`,
  );
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return [...own, ...pages.map((name) => `docs/${name}`)].map((path) => {
    const source = readFileSync(join(ROOT, path), 'utf8');
    return { path, source, tokens: new Marked().lexer(source) };
  });
}

/** Returns every token, including nested ones. */
export function flatten(tokens: readonly Token[]): Token[] {
  const found: Token[] = [];
  new Marked().walkTokens([...tokens], (token) => void found.push(token));
  return found;
}

/** Returns links and pictures. */
export function linksOf({ tokens }: DocumentFile): string[] {
  return flatten(tokens)
    .filter((token): token is Tokens.Link | Tokens.Image => token.type === 'link' || token.type === 'image')
    .map(({ href }) => href);
}

export function headingsOf({ tokens }: DocumentFile): string[] {
  return tokens.filter((token): token is Tokens.Heading => token.type === 'heading').map(({ text }) => text);
}

/** Returns the code blocks in some languages. */
export function blocksOf({ tokens }: DocumentFile, ...languages: string[]): { text: string; language: string }[] {
  return flatten(tokens)
    .filter((token): token is Tokens.Code => token.type === 'code')
    .map(({ text, lang = '' }) => ({ text, language: lang }))
    .filter(({ language }) => languages.includes(language));
}

/** Returns the sentences of the running text: paragraphs, list items and table cells, without code. */
export function sentencesOf({ tokens }: DocumentFile): string[] {
  return tokens.flatMap(textsOf).flatMap((text) =>
    text
      .replace(/`[^`]*`/g, 'x')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .split(/(?<=[.!?])\s+/),
  );
}

function textsOf(token: Token): string[] {
  switch (token.type) {
    case 'paragraph':
      return [token.text];
    case 'blockquote':
      return token.tokens?.flatMap(textsOf) ?? [];
    case 'list':
      return (token as Tokens.List).items.map(({ text }) => text);
    case 'table':
      return (token as Tokens.Table).rows.flatMap((row) => row.map(({ text }) => text));
    default:
      return [];
  }
}
