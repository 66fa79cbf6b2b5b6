import { expect, it } from 'vitest';
import { compareVersions } from '../../src/lib/version.ts';

it('tells an older version from a newer one by numbers, place by place', () => {
  const versions = ['1.2.10', '0.10.0', '0.9.9', '1.2.9', '0.9.10'];
  expect(versions.sort(compareVersions)).toEqual(['0.9.9', '0.9.10', '0.10.0', '1.2.9', '1.2.10']);
  expect(compareVersions('1.2.3', '1.2.3')).toBe(0);
});
