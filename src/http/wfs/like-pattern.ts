/** Converts a pattern to CQL2: `%` any text, `_` one character, `\` escapes the next. */
export function likePattern(text: string, { any, one, quote }: { any: string; one: string; quote: string }): string {
  let pattern = '';
  for (let at = 0; at < text.length; ) {
    const startsWith = (part: string) => part !== '' && text.startsWith(part, at);
    if (startsWith(quote) && at + quote.length < text.length) {
      at += quote.length;
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      pattern += /[%_\\]/.test(character) ? `\\${character}` : character;
      at += character.length;
    } else if (startsWith(any)) {
      pattern += '%';
      at += any.length;
    } else if (startsWith(one)) {
      pattern += '_';
      at += one.length;
    } else {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      pattern += /[%_\\]/.test(character) ? `\\${character}` : character;
      at += character.length;
    }
  }
  return pattern;
}
