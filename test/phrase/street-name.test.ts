import { expect, it } from 'vitest';
import { readStreet, streetKey } from '../../src/phrase/street-name.ts';

it.each([
  ['Đường Huỳnh Văn Lũy, khu phố 3, phường Phú Lợi', 'huynh van luy', false],
  ['12 Huỳnh Văn Lũy, phường Phú Lợi', 'huynh van luy', false],
  ['Số 12A, đường Huỳnh Văn Lũy, phường Phú Lợi', 'huynh van luy', false],
  ['12/4 Đường Huỳnh Văn Lũy, phường Phú Lợi', 'huynh van luy', true],
  ['Hẻm đường Huỳnh Văn Lũy, khu phố 3', 'huynh van luy', true],
  ['Hẻm 12 Huỳnh Văn Lũy, khu phố 3', 'huynh van luy', true],
  ['Số 4, ngõ 12 đường Huỳnh Văn Lũy', 'huynh van luy', true],
  ['Đường Quốc lộ 13, phường Thuận Giao', 'ql 13', false],
  ['QL.13, phường Thuận Giao', 'ql 13', false],
  ['Đường ĐT743, phường Bình Hòa', 'dt 743', false],
  ['Đại lộ Bình Dương, phường Phú Lợi', 'dai lo binh duong', false],
])('reads the street of %s', (address, key, isAlley) => {
  expect(readStreet(address)).toEqual({ key, isAlley });
});

it.each(['Khu phố 3, phường Phú Lợi', 'Ấp 2, xã Long Tân', 'phường Phú Lợi', 'Số 5', ''])(
  'reads none of "%s"',
  (address) => {
    expect(readStreet(address)).toBeUndefined();
  },
);

it.each([
  ['ĐƯỜNG TỈNH 743', 'Tỉnh lộ 743'],
  ['ĐT.743', 'đường ĐT 743'],
  ['Quốc lộ 13', 'QL13'],
  ['Huỳnh  Văn Lũy', 'đường huỳnh văn lũy'],
])('knows %s as %s', (name, other) => {
  expect(streetKey(name)).toBe(streetKey(other));
});
