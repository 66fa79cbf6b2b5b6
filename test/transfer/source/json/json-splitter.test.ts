import { describe, expect, it } from 'vitest';
import { type JsonPiece, JsonSplitter, membersOf } from '../../../../src/transfer/source/json/json-splitter.ts';
import { JsonType } from '../../../../src/transfer/source/json/json-type.ts';

const split = (chunks: readonly string[]): unknown[] => {
  const splitter = new JsonSplitter('features');
  const pieces: JsonPiece[] = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
  splitter.finish();
  return pieces.map((piece) => (piece.kind === 'feature' ? piece.text : [...piece.members]));
};

const TEXT =
  ' {"name": "a\\\\", "x" : [1, {"features": [2]}],"features":[ {"a":"}\\"]"} ,{"b":[{},[]]}] , "crs":null}\n\x1e{"type":"Feature"}';
const PIECES = [
  '{"a":"}\\"]"}',
  '{"b":[{},[]]}',
  [
    ['name', '"a\\\\"'],
    ['x', '[1, {"features": [2]}]'],
    ['crs', 'null'],
  ],
  [['type', '"Feature"']],
];

describe('GeoJSON text', () => {
  it('comes apart the same wherever its chunks end', () => {
    expect(split([TEXT])).toEqual(PIECES);
    for (let at = 1; at < TEXT.length; at++) expect(split([TEXT.slice(0, at), TEXT.slice(at)])).toEqual(PIECES);
    expect(split([...TEXT])).toEqual(PIECES);
  });

  it.each(['{"features":[{}', 'x', '[{}]', '{}}', '{"a":"b'])('%s is none', (text) => {
    expect(() => split([text])).toThrow(SyntaxError);
  });

  it('has members as they are written', () => {
    expect([...membersOf('{"a": 1.50, "features": [ 1 ], "a":2,"\\u0062":" c "}')]).toEqual([
      ['a', '2'],
      ['features', '[ 1 ]'],
      ['b', '" c "'],
    ]);
  });
});

describe('the type of JSON values', () => {
  it.each([
    [['1', 'null', '-2147483647'], 'integer'],
    [['1', '2147483648'], 'bigint'],
    [['9223372036854775807', '-9223372036854775808'], 'bigint'],
    [['9223372036854775808'], 'numeric'],
    [['1', '0.1', '1e5'], 'double precision'],
    [['0.10000000000000001'], 'double precision'],
    [['12345678901234.567'], 'numeric'],
    [['9007199254740993', '0.5'], 'numeric'],
    [['1e400'], 'numeric'],
    [['-0'], 'double precision'],
    [['"2022-05-12"', 'null'], 'date'],
    [['"2022-02-30"'], 'text'],
    [['"2022-05-12"', '"x"'], 'text'],
    [['"2022/05/12"'], 'text'],
    [['true', '1'], 'text'],
    [['"1"'], 'text'],
    [['[1]', '{}'], 'jsonb'],
    [['null'], 'text'],
  ])('%j: %s', (values, expected) => {
    const type = new JsonType();
    for (const value of values) type.see(value);
    expect(type.type()).toBe(expected);
  });
});
