import { describe, expect, it } from 'vitest';
import { decoderOf, decodeTcvn3, decodeVni } from '../../../../src/transfer/source/text/encoding.ts';
import { EncodingWatch } from '../../../../src/transfer/source/text/encoding-watch.ts';

describe('old Vietnamese text', () => {
  it('is decoded from TCVN3, where byte 0xAD is the letter ư', () => {
    expect(decodeTcvn3('Tr\xadêng §¹i häc Thñ DÇu Mét')).toBe('Trường Đại học Thủ Dầu Một');
    expect(decodeTcvn3('\xa1\xa2\xa3\xa4\xa5\xa6\xa7 \xaf\xba\xbf\xc0 \xd9\xda\xdb\xe0\xf0')).toBe(
      'ĂÂÊÔƠƯĐ ẰẲẴẮ ỄẾỒỔỖ',
    );
    expect(decodeTcvn3('a\xb0 e\xb1')).toBe('à ẻ');
  });

  it('is decoded from VNI, two marks on one letter included', () => {
    expect(decodeVni('Tröôøng Ñaïi hoïc Thuû Daàu Moät')).toBe('Trường Đại học Thủ Dầu Một');
    expect(decodeVni('ÖÙNG XÖÛ, kyõ sö, ñöôïc, naêm, taéc, nghæ, nghó, lòch, quyû')).toBe(
      'ỨNG XỬ, kỹ sư, được, năm, tắc, nghỉ, nghĩ, lịch, quỷ',
    );
  });

  it('is decoded by name, a letter cut at the end of a field left out', () => {
    const bytes = Buffer.from('Phú Lợ').subarray(0, -1).toString('latin1');
    expect(decoderOf('UTF-8')(bytes, true)).toEqual({ text: 'Phú L', fault: 'cut' });
    expect(decoderOf('windows-1258')('Thu\xd2 D\xe2\xccu', true)).toEqual({ text: 'Thủ Dầu' });
    expect(decoderOf('TCVN 3')('®\xadêng', true)).toEqual({ text: 'đường' });
    expect(() => decoderOf('martian')).toThrow('tcvn3');
  });
});

describe('EncodingWatch', () => {
  const advice = (texts: readonly (readonly [string, boolean])[]) => {
    const watch = new EncodingWatch();
    for (const [text, isBytes] of texts) watch.see(text, isBytes);
    try {
      watch.check();
      return undefined;
    } catch (error) {
      return /--encoding (\S+?)[.;]?(\s|$)/.exec((error as Error).message)?.[1];
    }
  };

  it.each([
    ['TCVN3 as Latin-1', 'Tr\xadêng §¹i häc', false, 'tcvn3'],
    ['TCVN3 as bytes', '®Êt ë', true, 'tcvn3'],
    ['VNI as Latin-1', 'Ñaát ôû ñoâ thò', false, 'vni'],
    ['UTF-8 taken for Latin-1', 'PhÃº', false, 'utf-8'],
    ['bytes of an unknown encoding', '\xc5land', true, 'windows-1252'],
    ['a lost character', 'Ph\uFFFD L\u1ee3i', false, 'windows-1252'],
  ])('asks about %s', (_, text, isBytes, expected) => {
    expect(advice([[text, isBytes]])).toBe(expected);
  });

  it.each([
    'Thửa đất ở đô thị',
    'Phú Lợi – 12 m²',
    'España, señor, 3º piso',
    'Île-de-France, à côté, naïf',
    'Žluťoučký kůň',
  ])('lets %s be', (text) => {
    expect(advice([[text, false]])).toBeUndefined();
  });
});
