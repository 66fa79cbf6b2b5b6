import { fold } from '../lib/text.ts';

/**
 * Names that agencies use for columns with names, identity papers, telephones, birth dates or home addresses of
 * persons. They are in Vietnamese without tone marks, as in shapefiles, and in English. They match the folded name
 * without separators, and without the digits of "chu_2".
 */
const PATTERNS: readonly RegExp[] = [
  // Names of those who hold, use, buy, inherit or declare land. "Tên hồ" is the name of a lake, "chu kỳ" a period.
  /^ho(va)?ten/,
  /^ten(chu|csd|nsd|nguoi|vo(chong)?$|chong$|hogd|hogiadinh)/,
  /^chu$|^(dong)?chu(sd|sudung|sohuu|ho$|dat|nha|thua|ruong|rung|cu$|moi$)/,
  /^t?[cn]sd{1,2}$/,
  /^dong(sudung|sohuu)/,
  /^nguoi(?!dan)/,
  /^(ten)?(vochong|daidien$)/,
  /^ben(chuyen|nhan|mua|ban$|thue)/,
  /^(co)?(owner|holder|landowner|rightholder|occupant|applicant)(?!kind|type|ship|class)/,
  /^(full|first|last|middle|family|given)name$|^surname$/,
  /^(thongtin)?lienhe|^contact(person|name|info)?$/,
  // Identity papers. The identifier of a parcel is none.
  /cccd|cmnd|cmtnd|^(so)?cmt$|cancuoc|chungminh|hochieu|sodinhdanh(?!thua)|dinhdanhcanhan|soddcn|^(so)?giayto$|giaytotuythan|^gttt$/,
  /passport|citizenid|^identity(no|number|card)?$|^id(no|number|card)|personalid/,
  // A mobile station ("trạm di động") has no telephone.
  /dienthoai|sodienth|^so?dt$|^sdt|^dtdd|^(so|dt)?didong|^(cell|tele)?phone|phone(no|number)?$|^mobile|^tel$|^zalo$/,
  /email|^mail$|thudientu/,
  /ngaysinh|namsinh|noisinh|birth|^dob$|^gioitinh|^gender$|^sex$/,
  /^(ten|ma)?dantoc$|^ethnic|^(ten|ma)?tongiao$|^religion$|^quoctich|^nationality$|quequan|nguyenquan|^honnhan|^marital/,
  /^(diachi|dchi|dc)(chu(?!ng)|csd|nsd|thuongtru|tamtru|nguoi|lienhe|moi$)|thuongtru|tamtru|hokhau|^(home|mailing)address$/,
  /masothue|^mst$|^tax(id|code)|taxpayer|sotaikhoan|^stk$|bankaccount/,
  /vantay|fingerprint/,
  /acknowledgedby/,
];

/** Returns true if a column of this name holds personal data, ignoring case, accents and separators. */
export function isPersonal(columnName: string): boolean {
  const folded = fold(columnName).replace(/[^a-z]/g, '');
  return PATTERNS.some((pattern) => pattern.test(folded));
}

/** Returns true if names of persons in a column are those of streets. */
export function namesStreets(columnName: string, isOfLines: boolean): boolean {
  return isOfLines || /duong|pho|street|road/.test(fold(columnName));
}
