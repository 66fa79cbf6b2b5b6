/**
 * Returns the number of a certificate of land use rights as it is compared: in capitals, without what stands between.
 * Series have one to three letters, numbers five to eight digits; a word for the certificate may stand before.
 * @returns undefined for a text that is none
 */
export function readCertificate(text: string): string | undefined {
  const words = text
    .normalize('NFC')
    .trim()
    .replace(/^(giấy chứng nhận|gcnqsdđ|gcnqsdd|gcn|sổ đỏ|sổ hồng|certificate)\s*(số|no\.?)?\s*:?\s*/i, '');
  const [, series = '', number = ''] = /^(\p{L}{1,3})[\s./-]*(\d{5,8})$/u.exec(words) ?? [];
  return number ? series.toUpperCase() + number : undefined;
}
