/**
 * Folds text for comparison: no tone marks, lower case, single spaces. "Thủ Dầu  Một" becomes "thu dau mot". Gives the
 * same as `base.fold` in the database.
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
