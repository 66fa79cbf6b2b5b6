import { expect, it } from 'vitest';
import { LITERAL_READERS } from '../../../src/http/wfs/literals.ts';

const read = (text: string) => LITERAL_READERS.number?.read(text);

it('reads the binary value of a double, as QGIS writes it, as the number that is meant', () => {
  expect(read('34.01599999999999824')).toEqual({ kind: 'literal', value: 34.016 });
  expect(read('-0.1000000000000000056')).toEqual({ kind: 'literal', value: -0.1 });
  expect(read('34.0160')).toEqual({ kind: 'literal', value: 34.016 });
});

it('keeps every digit of what is no such value', () => {
  for (const text of ['34.01599999999999825', '1234567890123456.789', '0.12345678901234567890123', '12345678901234567'])
    expect(read(text)).toEqual({ kind: 'literal', value: Number(text), digits: text });
  expect(read('34,016')).toBeUndefined();
});
