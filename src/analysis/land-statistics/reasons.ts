import type { Text } from '../../lib/errors.ts';

/** Why the data cannot fill a cell. */
export const REASONS = {
  noParcels: {
    vi: 'Cơ sở dữ liệu chưa có thửa đất nào của đơn vị này.',
    en: 'The database has no parcel of this unit.',
  },
  subject: {
    vi: 'Dòng này còn diện tích chưa rõ đối tượng (xem cột ngoài biểu), nên chưa thể ghi là không có.',
    en: 'This row has area of unknown subjects (see the column beside the form), so it cannot be said to be none.',
  },
  noArea: {
    vi: 'Không có đất của loại này nên không có cơ cấu.',
    en: 'There is no land of this kind, hence no share.',
  },
  boundary: {
    vi: 'Cơ sở dữ liệu không ghi khu vực chưa thống nhất đường địa giới.',
    en: 'The database does not record areas whose boundary is not agreed.',
  },
  history: {
    vi: 'Cơ sở dữ liệu chỉ có hiện trạng, không lưu loại đất của năm thống kê, kỳ kiểm kê trước.',
    en: 'The database has the present state only, not the uses of the previous year or inventory.',
  },
  restricted: {
    vi: 'Biểu này do Bộ Quốc phòng, Bộ Công an lập và không công khai; máy chủ không điền số liệu.',
    en: 'This form is drawn up by the ministries of defence and of public security and is not public; the server fills in nothing.',
  },
  holderKey: {
    vi: 'Có người sử dụng đất chưa có mã (holder_key), nên không đếm được mỗi người một lần.',
    en: 'Some holders have no key (holder_key), so they cannot be counted once each.',
  },
} as const satisfies Readonly<Record<string, Text>>;

export type EmptyReason = keyof typeof REASONS;
