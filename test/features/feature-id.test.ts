import { describe, expect, it } from 'vitest';
import type { Key, Layer } from '../../src/catalog/layer.ts';
import { decodeCursor, encodeCursor } from '../../src/features/cursor.ts';
import { parseFeatureId } from '../../src/features/feature-id.ts';

const layerWith = (key: Key) => ({ key }) as Layer;
const single = layerWith({ kind: 'columns', columns: ['id'], isUnique: true });
const double = layerWith({ kind: 'columns', columns: ['code', 'day'], isUnique: true });
const place = layerWith({ kind: 'ctid', isSpread: false });
const spread = layerWith({ kind: 'ctid', isSpread: true });
const none = layerWith({ kind: 'none' });
const digest = '0123456789abcdef0123456789abcdef';

describe('parseFeatureId', () => {
  it.each([
    [single, 'a:b%3A', ['a:b%3A']],
    [double, 'a%3Ab:2025-07-01', ['a:b', '2025-07-01']],
    [double, '%253A:100%25', ['%3A', '100%']],
    [double, 'a', undefined],
    [double, 'a:b:c', undefined],
    [place, '12-3', ['(12,3)']],
    [place, '(12,3)', undefined],
    [place, '7-12-3', undefined],
    [spread, '7-12-3', ['7', '(12,3)']],
    [spread, '12-3', undefined],
    [none, `${digest}-2`, [digest, '2']],
    [none, digest, undefined],
  ])('%o %s', (layer, id, expected) => {
    expect(parseFeatureId(layer, id)).toEqual(expected);
  });
});

describe('cursors', () => {
  it('come back as they were', () => {
    const place = { sort: [], key: ['đất "/', '2025-07-01'] };
    expect(decodeCursor(double, [], encodeCursor(place, []))).toEqual(place);
  });

  it.each([
    '',
    'x',
    'bnVsbA',
    encodeCursor({ sort: [], key: ['one'] }, []),
    Buffer.from('[1,2]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])('refuses %s', (cursor) => {
    expect(decodeCursor(double, [], cursor)).toBeUndefined();
  });
});
