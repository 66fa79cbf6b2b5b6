import { describe, expect, it } from 'vitest';
import {
  formatArea,
  formatDate,
  formatInstant,
  formatLength,
  formatLonLat,
  formatNumber,
} from '../../src/viewer/format.ts';

describe('numbers as Vietnamese and English readers expect them', () => {
  it.each([
    [2159.6, '2.159,6', '2,159.6'],
    [1234567.05, '1.234.567,1', '1,234,567.1'],
    [0, '0,0', '0.0'],
    [-92.84, '−92,8', '−92.8'],
    [-0.04, '0,0', '0.0'],
    [999.96, '1.000,0', '1,000.0'],
  ])('%d', (value, vi, en) => {
    expect([formatNumber(value, 'vi'), formatNumber(value, 'en')]).toEqual([vi, en]);
  });

  it('areas show hectares from 10 ha on, lengths kilometres from 1 km on', () => {
    expect(formatArea(2159.6, 'vi')).toBe('2.159,6 m²');
    expect(formatArea(123456.7, 'vi')).toBe('123.456,7 m² (12,35 ha)');
    expect([formatLength(999.94, 'vi'), formatLength(1500, 'vi')]).toEqual(['999,9 m', '1,50 km']);
  });

  it('dates and instants, in the time of Vietnam', () => {
    expect([formatDate('2025-07-01', 'vi'), formatDate('2025-07-01', 'en')]).toEqual(['01/07/2025', '2025-07-01']);
    expect(formatInstant('2025-06-30T18:30:00Z', 'vi')).toBe('01/07/2025 01:30');
    expect(formatInstant('2025-06-30 18:30:00+00', 'en')).toBe('2025-07-01 01:30');
    expect(formatInstant('soon', 'vi')).toBe('soon');
  });

  it('positions, longitude first', () => {
    expect(formatLonLat(106.68, 10.98, 'vi')).toBe('106,68000; 10,98000');
  });
});
