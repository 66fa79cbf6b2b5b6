import { describe, expect, it } from 'vitest';
import { isNoise } from '../../src/phrase/mentions.ts';
import { readParcelPhrase } from '../../src/phrase/parcel-phrase.ts';

const named = (text: string) => {
  const { sheet, numbers, mentions } = readParcelPhrase(text);
  const places = mentions
    .filter(({ isAside }) => !isAside)
    .map(({ words }) =>
      words
        .filter((word) => !isNoise(word))
        .map((word) => word.text)
        .join(' '),
    );
  return [sheet, numbers.join(' '), places.filter(Boolean).join(', ')];
};

describe('sheet and number', () => {
  it.each([
    ['12 345', '12', '345', ''],
    ['12/345', '12', '345', ''],
    ['12-345', '12', '345', ''],
    ['tờ 12 thửa 345', '12', '345', ''],
    ['thửa 345 tờ 12', '12', '345', ''],
    ['tờ 12 thửa 345 phú lợi', '12', '345', 'phu loi'],
    ['Tờ bản đồ số 012, thửa đất số 345, P. Phú Lợi', '12', '345', 'phu loi'],
    ['to 12 thua 345 phuong phu loi', '12', '345', 'phu loi'],
    ['thửa 345, 12 Phú Lợi', '12', '345', 'phu loi'],
    ['số tờ: 7 số thửa: 9', '7', '9', ''],
    ['tờ DC-05 thửa 1', 'DC-05', '1', ''],
    ['phú lợi 12 345', '12', '345', 'phu loi'],
    ['Thủ Dầu Một', undefined, '', 'thu mot'],
    ['thửa 345', undefined, '345', ''],
    ['thửa đất số 12, tờ bản đồ số 40, phường Phú Lợi, TP. Hồ Chí Minh', '40', '12', 'phu loi, ho'],
    ['Thửa đất số: 12; Tờ bản đồ số: 40; Địa chỉ: tổ 5, khu phố 3, phường Phú Lợi', '40', '12', 'phu loi'],
    ['T40 T12', '40', '12', ''],
    ['t40t12 phú lợi', '40', '12', 'phu loi'],
    ['T.40, T.12', '40', '12', ''],
    ['thửa 12/40 phú lợi', '40', '12', 'phu loi'],
    ['thửa 12-40, tờ 7', '7', '12', ''],
    ['tờ 40/12', '40', '12', ''],
    ['TBĐ 40 thửa 12', '40', '12', ''],
    ['t.bđ 40, thửa 12', '40', '12', ''],
    ['BĐ số 40, thửa 12', '40', '12', ''],
    ['tờ bđ: 40 - thửa: 12', '40', '12', ''],
    ['to40thua12', '40', '12', ''],
    ['12 tờ 40 phú lợi', '40', '12', 'phu loi'],
    ['th 12 t 40', '40', '12', ''],
    ['TĐ 12 TBĐ 40', '40', '12', ''],
    ['sheet 40 parcel 12, Phu Loi ward', '40', '12', 'phu loi'],
    ['thửa 12 và 13 tờ bản đồ 40', '40', '12 13', ''],
    ['thửa 12, 13 tờ 40', '40', '12 13', ''],
    ['thửa cũ 280 tờ cũ 27 (thửa 12 tờ 40)', '40', '12', ''],
    ['to 5 khu pho 3 phuong phu loi to 40 thua 12', '40', '12', 'phu loi'],
    ['25750 40 12', '40', '12', ''],
    ['Phú Lợi_40_12', '40', '12', 'phu loi'],
    ['tờ bản đồ địa chính số 40, thửa đất số 12', '40', '12', ''],
    ['thửa đất số 12 thuộc tờ bản đồ số 40', '40', '12', ''],
    ['mảnh bản đồ số 40, số thửa 12', '40', '12', ''],
    ['số thửa 12 - số tờ 40', '40', '12', ''],
    ['thửa 12 tờ 40 số 7 đường Huỳnh Văn Lũy, P.Phú Lợi, Tp.TDM', '40', '12', 'phu loi, tdm'],
    ["'; DROP TABLE land.parcel; --", undefined, '', 'drop table land'],
  ])('%s', (text, sheet, numbers, places) => {
    expect(named(text)).toEqual([sheet, numbers, places]);
  });

  it('knows a national identifier', () => {
    expect(readParcelPhrase('w3gy6y5n9crq').nationalId).toBe('w3gy6y5n9crq');
  });

  it('takes composed and decomposed letters, and either case, alike', () => {
    const text = 'Thửa đất số 1, tờ bản đồ số 2, phường Thủ Đức';
    for (const other of [text.normalize('NFD'), text.toUpperCase(), text.toLowerCase()])
      expect(named(other)).toEqual(named(text));
  });

  it('marks numbers that are called old', () => {
    for (const text of ['tờ cũ 27 thửa cũ 280', 'số thửa cũ 280, tờ 27 cũ', 'thửa 280 tờ 27 (cũ)'])
      expect(readParcelPhrase(text)).toMatchObject({ sheet: '27', numbers: [280], isFormer: true });
    expect(readParcelPhrase('thửa 12 tờ 40 (thửa cũ 280)')).toMatchObject({ numbers: [12], isFormer: false });
  });
});
