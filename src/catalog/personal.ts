import { fold } from '../lib/text.ts';

/**
 * Names that agencies use for columns with names, identity papers, telephones, birth dates or home addresses of
 * persons. They are in Vietnamese without tone marks, as in shapefiles, and in English. They match the folded name
 * without separators.
 */
const PATTERNS: readonly RegExp[] = [
  /^(ho)?(va)?ten(chu|csd|nguoi|nsd|vo|chong)/,
  /^ho(va)?ten$/,
  /^(ten)?(chusd|chusudung|chusohuu|chuho|chudat|chunha|chuthua|nguoisd|nguoisudung|vochong)/,
  /^chu$/,
  /^(owner|holder|landowner|rightholder)(?!kind|type|ship|class)/,
  /^(full|first|last|family|given)name$|^surname$/,
  /cccd|cmnd|cancuoc|chungminh|hochieu|sodinhdanh|giaytotuythan|passport|citizenid|identity(no|number|card)|personalid/,
  /dienthoai|sodienth|^so?dt$|^sdt|^(tele)?phone|phone(no|number)?$|^mobile|^tel$/,
  /email/,
  /ngaysinh|namsinh|birth|^dob$/,
  /^(diachi|dchi|dc)(chu|csd|nsd|thuongtru|nguoi)|thuongtru|hokhau/,
  /masothue|^mst$|taxid|taxpayer/,
];

/** Returns true if a column of this name holds personal data, ignoring case, accents and separators. */
export function isPersonal(columnName: string): boolean {
  const folded = fold(columnName).replace(/[^a-z0-9]/g, '');
  return PATTERNS.some((pattern) => pattern.test(folded));
}
