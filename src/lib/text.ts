/**
 * Text as people type it: without tone marks, lower case, single spaces: "Thủ Dầu  Một" -> "thu dau mot".
 * The same as `base.fold` in the database.
 */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/\s+/g, ' ')
    .trim();
}
