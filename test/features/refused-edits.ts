/** Features of `odd.plot` that are refused: status, properties, geometry. */
export const REFUSED_EDITS: readonly (readonly [status: number, properties: object, geometry: object | null])[] = [
  [400, { name: 'x', nothing: 1 }, null],
  [400, { name: 1 }, null],
  [400, { name: null }, null],
  [400, { name: 'a\0' }, null],
  [400, { name: 'x', level: 1.5 }, null],
  [400, { name: 'x', level: '1; DROP TABLE odd.plot' }, null],
  [400, { name: 'x', day: 'hôm qua' }, null],
  [400, { name: 'x', at: '2025-07-01' }, null],
  [400, { name: 'x', area: 1 }, null],
  [400, { name: 'x', extra: { a: 'b\0' } }, null],
  [422, { name: 'x', level: 100 }, null],
  [422, { name: 'x', level: 3_000_000_000 }, null],
  [422, { name: 'x', day: '2025-02-30' }, null],
  [422, { name: 'dài hơn mười chữ' }, null],
  [422, { level: 1 }, null],
  [422, { name: 'x', tags: { a: 1 } }, null],
  [409, { name: 'x', grp: 'c' }, null],
  [409, { name: 'x', code: 'trùng' }, null],
  [400, { name: 'x' }, { type: 'Point', coordinates: [106.6, 11.1] }],
  [
    400,
    { name: 'x' },
    {
      type: 'Polygon',
      coordinates: [
        [
          [106, 11],
          [107, 12],
          [107, 11],
          [106, 12],
          [106, 11],
        ],
      ],
    },
  ],
  [
    400,
    { name: 'x' },
    {
      type: 'Polygon',
      coordinates: [
        [
          [106, 11],
          [107, 12],
          [107, 11],
        ],
      ],
    },
  ],
  [
    400,
    { name: 'x' },
    {
      type: 'Polygon',
      coordinates: [
        [
          [1, 1],
          [2, 1],
          [2, 2],
          [1, 1],
        ],
      ],
    },
  ],
  [
    400,
    { name: 'x' },
    {
      type: 'Polygon',
      coordinates: [
        [
          [600000, 1230000],
          [600100, 1230000],
          [600100, 1230100],
          [600000, 1230000],
        ],
      ],
    },
  ],
  [400, { name: 'x' }, { type: 'Đa giác' }],
];
