/** Parcels with planted faults, each with the findings that it must have. */
import type { Planted } from './planted-record.ts';

export interface PlantedParcel extends Planted {
  readonly title: string;
  /** Corners in metres from the parcel's own place, a square of 10 m by default; or hexadecimal WKB. */
  readonly rings?: readonly (readonly (readonly [x: number, y: number])[])[] | 'EMPTY' | 'NaN' | 'open' | undefined;
  /** Place of another parcel, at which this one lies. */
  readonly at?: number;
  readonly number?: number;
  /** Legal area minus the measured one; null: none. */
  readonly excess?: number | null;
  readonly uses?: Readonly<Record<string, number | null>>;
  readonly mainUse?: string;
  readonly address?: string | null;
  /** Identifier, or the point in metres whose identifier it is; by default a point inside of the parcel. */
  readonly nationalId?: string | readonly [x: number, y: number] | null;
  readonly unit?: 'former' | 'other';
}

const square = (x: number, y: number, width = 10, height = 10) =>
  [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
    [x, y],
  ] as const;

export const PLANTED_PARCELS: readonly PlantedParcel[] = [
  {
    id: 900_001,
    title: 'a bow tie',
    rings: [
      [
        [0, 0],
        [10, 10],
        [10, 0],
        [0, 10],
        [0, 0],
      ],
    ],
    expected: [['parcel-geometry', '', null]],
  },
  { id: 900_002, title: 'no shape', rings: 'EMPTY', expected: [['parcel-geometry', '', null]] },
  {
    id: 900_003,
    title: 'a corner that is no number',
    rings: 'NaN',
    excess: null,
    expected: [
      ['parcel-geometry', '', null],
      ['parcel-attributes', 'legal_area_m2', null],
    ],
  },
  { id: 900_004, title: 'an open ring', rings: 'open', expected: [['parcel-geometry', '', null]] },
  {
    id: 900_005,
    title: 'a hole that touches the shell',
    rings: [
      square(0, 0),
      [
        [0, 5],
        [5, 7],
        [5, 3],
        [0, 5],
      ],
    ],
    expected: [],
    nearly: ['parcel-geometry'],
  },
  {
    id: 900_006,
    title: 'a hole outside of the shell',
    rings: [square(0, 0), square(12, 0, 2, 2)],
    expected: [['parcel-geometry', '', null]],
  },
  { id: 900_010, title: 'the first of three numbers 7', number: 7, expected: [['parcel-number', '', 3]] },
  { id: 900_011, title: 'the second', number: 7, expected: [['parcel-number', '', 3]] },
  { id: 900_012, title: 'the third', number: 7, expected: [['parcel-number', '', 3]] },
  { id: 900_020, title: 'a legal area of 105.1 m² for 100', excess: 5.1, expected: [['parcel-area', '', 5.1]] },
  { id: 900_021, title: 'one of 105 m², at the tolerance', excess: 5, expected: [], nearly: ['parcel-area'] },
  { id: 900_022, title: 'one of 94.9 m²', excess: -5.1, expected: [['parcel-area', '', -5.1]] },
  { id: 900_030, title: 'a former land use', mainUse: 'former', expected: [['parcel-use-code', 'former', null]] },
  {
    id: 900_031,
    title: 'a former use among several',
    uses: { present: 40, former: 60 },
    expected: [['parcel-use-code', 'former', null]],
  },
  {
    id: 900_040,
    title: 'a unit that is no longer in force',
    unit: 'former',
    expected: [['parcel-unit', '', null]],
    nearly: ['parcel-in-unit'],
  },
  {
    id: 900_050,
    title: 'two uses of 100.2 m² together',
    uses: { present: 60, second: 40.2 },
    expected: [['parcel-use-sum', '', 0.2]],
  },
  {
    id: 900_051,
    title: 'two uses of 100.1 m², which rounding explains',
    uses: { present: 60, second: 40.1 },
    expected: [],
    nearly: ['parcel-use-sum'],
  },
  {
    id: 900_054,
    title: 'a use of unknown area beside one of 60 m²',
    uses: { present: 60, second: null },
    expected: [],
  },
  {
    id: 900_060,
    title: 'another unit, with a number that three have',
    number: 7,
    unit: 'other',
    expected: [['parcel-in-unit', '', 100]],
    nearly: ['parcel-number', 'parcel-unit'],
  },
  {
    id: 900_070,
    title: 'neither identifier nor address',
    nationalId: null,
    address: ' ',
    expected: [
      ['parcel-attributes', 'address', null],
      ['parcel-attributes', 'national_id', null],
    ],
  },
  {
    id: 900_080,
    title: 'one shape',
    expected: [
      ['parcel-identical', '900081', 100],
      ['parcel-overlap', '900081', 100],
    ],
  },
  {
    id: 900_081,
    title: 'the same from another corner',
    at: 900_080,
    rings: [
      [
        [10, 10],
        [0, 10],
        [0, 0],
        [10, 0],
        [10, 10],
      ],
    ],
    expected: [
      ['parcel-identical', '900080', 100],
      ['parcel-overlap', '900080', 100],
    ],
  },
  { id: 900_090, title: 'a parcel', expected: [['parcel-overlap', '900091', 0.2]] },
  {
    id: 900_091,
    title: 'its neighbour, 2 cm too wide',
    at: 900_090,
    rings: [square(9.98, 0)],
    expected: [['parcel-overlap', '900090', 0.2]],
  },
  { id: 900_092, title: 'a second parcel', expected: [] },
  {
    id: 900_093,
    title: 'its neighbour, 5 mm too wide',
    at: 900_092,
    rings: [square(9.995, 0)],
    expected: [],
    nearly: ['parcel-overlap'],
  },
  { id: 900_094, title: 'a parcel around another', expected: [['parcel-overlap', '900095', 4]] },
  {
    id: 900_095,
    title: 'a parcel inside of another',
    at: 900_094,
    rings: [square(4, 4, 2, 2)],
    expected: [['parcel-overlap', '900094', 4]],
  },
  { id: 900_096, title: 'a parcel with a hole', rings: [square(0, 0), square(4, 4, 2, 2)], expected: [] },
  {
    id: 900_097,
    title: 'the parcel in the hole',
    at: 900_096,
    rings: [square(4, 4, 2, 2)],
    expected: [],
    nearly: ['parcel-overlap'],
  },
  {
    id: 900_098,
    title: 'a bow tie over a neighbour',
    rings: [
      [
        [0, 0],
        [10, 10],
        [10, 0],
        [0, 10],
        [0, 0],
      ],
    ],
    expected: [
      ['parcel-geometry', '', null],
      ['parcel-overlap', '900099', 25],
    ],
  },
  {
    id: 900_099,
    title: 'the neighbour below it',
    at: 900_098,
    rings: [square(5, 0, 5, 10)],
    expected: [['parcel-overlap', '900098', 25]],
  },
  {
    id: 900_052,
    title: 'one use of 100.1 m², which rounding explains too',
    uses: { present: 100.1 },
    expected: [],
    nearly: ['parcel-use-sum'],
  },
  {
    id: 900_100,
    title: 'an identifier 3 m outside',
    nationalId: [13, 5],
    expected: [['parcel-identifier', '', 3]],
  },
  {
    id: 900_101,
    title: 'one 3 cm outside, within a cell',
    nationalId: [10.03, 5],
    expected: [],
    nearly: ['parcel-identifier'],
  },
  {
    id: 900_102,
    title: 'one in its hole',
    rings: [square(0, 0), square(4, 4, 2, 2)],
    nationalId: [5, 5],
    expected: [['parcel-identifier', '', 1]],
  },
  {
    id: 900_032,
    title: 'two present uses of 100 m² together',
    uses: { present: 60, second: 40 },
    expected: [],
    nearly: ['parcel-use-code', 'parcel-use-sum'],
  },
  { id: 900_071, title: 'an address of one letter', address: ' K ', expected: [], nearly: ['parcel-attributes'] },
  { id: 900_083, title: 'a shape', expected: [['parcel-overlap', '900084', 99.9]], nearly: ['parcel-identical'] },
  {
    id: 900_084,
    title: 'the same 1 cm beside it',
    at: 900_083,
    rings: [square(0.01, 0)],
    expected: [['parcel-overlap', '900083', 99.9]],
    nearly: ['parcel-identical'],
  },
  {
    id: 900_111,
    title: 'one in the next cell',
    nationalId: [10, 5],
    expected: [],
    nearly: ['parcel-identifier-unique'],
  },
  {
    id: 900_112,
    title: 'its neighbour, in the cell after that',
    at: 900_111,
    rings: [square(10, 0)],
    nationalId: [10.04, 5],
    expected: [],
    nearly: ['parcel-identifier-unique'],
  },
  {
    id: 900_103,
    title: 'one with a letter that GeoHash lacks',
    nationalId: 'w3gv0000000a',
    expected: [['parcel-identifier', '', null]],
  },
  {
    id: 900_104,
    title: 'one of 11 characters',
    nationalId: 'w3gv0000000',
    expected: [['parcel-identifier', '', null]],
  },
  {
    id: 900_105,
    title: 'one at the South Pole',
    nationalId: '000000000000',
    expected: [['parcel-identifier', '', null]],
  },
  {
    id: 900_113,
    title: 'one in America',
    nationalId: 'd10000000000',
    expected: [['parcel-identifier', '', null]],
  },
  {
    id: 900_106,
    title: 'one on the common boundary',
    nationalId: [10, 5],
    expected: [['parcel-identifier-unique', '', 2]],
  },
  {
    id: 900_107,
    title: 'its neighbour with the same',
    at: 900_106,
    rings: [square(10, 0)],
    nationalId: [10, 5],
    expected: [['parcel-identifier-unique', '', 2]],
  },
  {
    id: 900_000,
    title: 'no shape, and an identifier that cannot be looked for',
    rings: 'EMPTY',
    nationalId: 'w3gv00000000',
    expected: [['parcel-geometry', '', null]],
  },
  {
    id: 900_109,
    title: 'an open ring around its identifier',
    rings: 'open',
    nationalId: [2, 5],
    expected: [['parcel-geometry', '', null]],
  },
  {
    id: 900_110,
    title: 'an open ring beside its identifier',
    rings: 'open',
    nationalId: [14, 5],
    expected: [
      ['parcel-geometry', '', null],
      ['parcel-identifier', '', 4],
    ],
  },
  { id: 900_125, title: 'a parcel beside another', expected: [] },
  {
    id: 900_126,
    title: 'its neighbour, 1 µm too wide by rounding',
    at: 900_125,
    rings: [square(9.999999, 0)],
    expected: [],
    nearly: ['parcel-overlap'],
  },
  {
    id: 900_120,
    title: 'a sliver of 10 m by 0.15 m',
    rings: [square(0, 0, 10, 0.15)],
    nationalId: [5, 0.07],
    expected: [['parcel-sliver', '', 0.148]],
  },
  {
    id: 900_121,
    title: 'a strip of 10 m by 0.25 m',
    rings: [square(0, 0, 10, 0.25)],
    nationalId: [5, 0.12],
    expected: [],
    nearly: ['parcel-sliver'],
  },
];
