import { describe, expect, it } from 'vitest';
import { columnName, planExisting, planNew } from '../../../../src/transfer/import/plan/plan.ts';
import type { ImportTarget } from '../../../../src/transfer/import/plan/target.ts';

const column = (name: string, filledBy?: 'identity' | 'generated') => ({
  ...{ name, type: 'text', notNull: false, filledBy, fallback: undefined },
});
const target: ImportTarget = {
  schema: 'land',
  table: 'parcel',
  columns: [
    column('id', 'identity'),
    column('sheet'),
    column('so_thua'),
    column('area', 'generated'),
    column('holder_name'),
  ],
  geometry: { name: 'geom', type: 'MULTIPOLYGON', dimensions: '', srid: 9210, notNull: true },
  rules: [],
};
const fields = ['id', 'to', 'soThua', 'area', 'TenChu', 'holder_name', 'ghi chú'].map((name) => ({
  name,
  type: 'text',
}));
const request = { map: {}, set: {}, isRestricted: false, contents: new Map() };

describe('planExisting', () => {
  it('goes by name, then by map and set, and tells what stays out', () => {
    const plan = planExisting(target, fields, { ...request, map: { sheet: 'TO' } });
    expect(plan.columns.map(({ name, from }) => [name, from])).toEqual([
      ['sheet', { field: 1 }],
      ['so_thua', { field: 2 }],
    ]);
    expect(plan.leftOut.map(({ column: name, why }) => [name, why.en.split(/[.:]/)[0]])).toEqual([
      ['id', 'Numbered by the database'],
      ['area', 'Computed by the database'],
      ['TenChu', 'Personal data'],
      ['holder_name', 'Personal data'],
      ['ghi chú', 'The table has no column of that name'],
    ]);
  });

  it.each([
    ['an unknown source column', { map: { sheet: 'nope' } }, 'The file has no column "nope". Its columns: id, to'],
    [
      'an unknown target column',
      { map: { nope: 'to' } },
      'has no column "nope" to import into. Its columns: id, sheet',
    ],
    ['a computed column', { set: { area: '1' } }, 'has no column "area"'],
    ['a column filled twice', { map: { sheet: 'to' }, set: { sheet: '1' } }, 'both --map and --set'],
    ['personal data for everyone', { map: { sheet: 'TenChu' } }, 'restricted table only'],
  ])('refuses %s', (_, more, expected) => {
    expect(() => planExisting(target, fields, { ...request, ...more })).toThrow(expected);
  });

  it('lets personal data into a restricted table, where it is asked for', () => {
    const plan = planExisting(target, fields, { ...request, map: { holder_name: 'TenChu' }, isRestricted: true });
    expect(plan.columns.map(({ name }) => name)).toContain('holder_name');
  });
});

describe('planNew', () => {
  it('makes names and types, and refuses its own names', () => {
    const plan = planNew(
      [
        { name: 'FID', type: 'bigint' },
        { name: 'Có', type: 'boolean' },
        { name: 'có', type: 'jsonb' },
        { name: 'xmin', type: 'timestamptz' },
      ],
      request,
    );
    expect(plan.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'source_id bigint',
      'co boolean',
      'co_2 jsonb',
      'source_xmin timestamptz',
    ]);
    expect(plan.renamed.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'FID source_id',
      'Có co',
      'có co_2',
      'xmin source_xmin',
    ]);
    expect(() => planNew(fields, { ...request, map: { geom: 'to' } })).toThrow('a column "geom" of its own');
    expect(() => planNew(fields, { ...request, set: { ID: 1 } })).toThrow('a column "id" of its own');
  });

  it('keeps a mapped name apart from one that comes by itself', () => {
    const sheets = [
      { name: 'A', type: 'text' },
      { name: 'so_to', type: 'integer' },
    ];
    const { columns } = planNew(sheets, { ...request, map: { 'Số tờ': 'A' } });
    expect(columns.map(({ name }) => name)).toEqual(['so_to', 'so_to_2']);
  });
});

describe('names', () => {
  it('become columns', () => {
    expect(['soHieuToBanDo', 'Số tờ (cũ)', 'ĐẤT', '___', 'a'.repeat(80)].map(columnName)).toEqual([
      'so_hieu_to_ban_do',
      'so_to_cu',
      'dat',
      'c_column',
      'a'.repeat(50),
    ]);
  });
});
