import type { Text } from '../lib/errors.ts';

/**
 * Words of a comment `Tiếng Việt / English` (`; …` and anything in one language serves both); a readable form of the
 * name where there is no comment.
 */
export function titleOf(comment: string | null, name: string): Text {
  const text = comment?.trim() || name.replaceAll('_', ' ');
  const [vi = text, en = vi] = text.split(' / ').map((part) => part.trim());
  return { vi, en };
}
