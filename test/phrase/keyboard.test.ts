import { describe, expect, it } from 'vitest';
import { readKeys } from '../../src/phrase/keyboard.ts';

describe('keys of Telex and VNI', () => {
  it.each([
    ['phuwowngf Phus Lowij', 'phường Phú Lợi'],
    ['phuongwf', 'phường'],
    ['thuwar ddaats soos 12', 'thửa đất số 12'],
    ['towf banr ddoof soos 40', 'tờ bản đồ số 40'],
    ['dduwowngf Huynhf Vawn Luyx', 'đường Huỳnh Văn Lũy'],
    ['Chanhs Hieepj', 'Chánh Hiệp'],
    ['xax Trufw Vawn Thoos', 'xã Trừ Văn Thố'],
    ['quoocs loojj 13', 'quốc lộ 13'],
    ['nguwowif giaf', 'người già'],
    ['soong Saif Gonf', 'sông Sài Gòn'],
    ['phu7o7ng2 Phu1 Lo7i5', 'phường Phú Lợi'],
    ['d9u7o7ng2 Hoa2', 'đường Hòa'],
    ['so6ng D9o6ng2 Nai', 'sông Đồng Nai'],
  ])('%s is %s', (keys, text) => {
    expect(readKeys(keys)).toBe(text);
  });

  it.each([
    'Phú Lợi',
    'to 40 thua 12 phu loi',
    'KK01',
    'T40 T12',
    'to40thua12',
    'TBĐ 40',
    'VSIP II',
    'ĐX118',
    '106.65',
  ])('%s has none', (text) => {
    expect(readKeys(text)).toBeUndefined();
  });
});
