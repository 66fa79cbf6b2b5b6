import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../src/parcels/question.ts';

describe('free text', () => {
  it.each([
    ['12 345', '12', 345, undefined],
    ['12/345', '12', 345, undefined],
    ['12-345', '12', 345, undefined],
    ['tờ 12 thửa 345', '12', 345, undefined],
    ['thửa 345 tờ 12', '12', 345, undefined],
    ['tờ 12 thửa 345 phú lợi', '12', 345, 'phu loi'],
    ['Tờ bản đồ số 012, thửa đất số 345, P. Phú Lợi', '12', 345, 'phu loi'],
    ['to 12 thua 345 phuong phu loi', '12', 345, 'phuong phu loi'],
    ['thửa 345, 12 Phú Lợi', '12', 345, 'phu loi'],
    ['số tờ: 7 số thửa: 9', '7', 9, undefined],
    ['tờ DC-05 thửa 1', 'DC-05', 1, undefined],
    ['phú lợi 12 345', '12', 345, 'phu loi'],
    ['Thủ Dầu Một', undefined, undefined, 'thu dau mot'],
    ['thửa 345', undefined, 345, undefined],
    ["'; DROP TABLE land.parcel; --", undefined, undefined, "' drop table land.parcel --"],
  ])('%s', (text, sheet, number, unit) => {
    expect(readQuestion(text)).toEqual({ sheet, number, unit, nationalId: undefined });
  });

  it('knows a national identifier', () => {
    expect(readQuestion('w3gy6y5n9crq').nationalId).toBe('w3gy6y5n9crq');
  });

  it('takes composed and decomposed letters alike', () => {
    expect(readQuestion('thửa 1 tờ 2 thủ đức'.normalize('NFD'))).toEqual(readQuestion('thửa 1 tờ 2 thủ đức'));
  });
});
