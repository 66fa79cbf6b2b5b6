import type { Shape } from './draw.ts';
import { sayPair } from './i18n.ts';
import type { Pair } from './page-words.ts';

/** Fields that need more than a schema to be filled in: one layer, a group of its rows, or fields to add up. */
export type FieldKind = 'layer' | 'group' | 'sums';

interface KnownInput {
  /** Absent: the form leaves the input to the server. */
  readonly label?: Pair;
  readonly kind?: FieldKind;
}

/** Labels of the inputs of each process. Any other input has the description of the server. */
const INPUTS: Readonly<Record<string, Readonly<Record<string, KnownInput>>>> = {
  overlay: {
    parcel: {},
    layers: {},
    within: { label: ['Tìm cơ sở môi trường trong khoảng (m)', 'Find sites of the environment within (m)'] },
  },
  'route-take': {
    left: { label: ['Bề rộng bên trái tim tuyến (m)', 'Width left of the centre line (m)'] },
    right: { label: ['Bề rộng bên phải tim tuyến (m)', 'Width right of the centre line (m)'] },
    caps: { label: ['Hai đầu tuyến', 'Ends of the line'] },
    excludeUses: { label: ['Loại đất không thu hồi (mỗi dòng một mã, ví dụ DGT)', 'Uses not taken (a code a line)'] },
  },
  list: {
    text: {
      label: ['Mỗi dòng: đơn vị, số tờ, số thửa', 'On each line: unit, sheet, number'],
    },
    unit: { label: ['Đơn vị, nếu các dòng chỉ có số tờ và số thửa', 'Unit, if lines have sheet and number only'] },
  },
  nearest: {
    layer: { label: ['Lớp cần tìm', 'Layer to search'], kind: 'layer' },
    k: { label: ['Số đối tượng', 'Number of features'] },
    within: { label: ['Chỉ trong khoảng (m)', 'Only within (m)'] },
  },
  summarise: {
    layer: { label: ['Lớp cần tổng hợp', 'Layer to summarise'], kind: 'layer' },
    by: { label: ['Theo', 'By'], kind: 'group' },
    sums: { label: ['Cộng các trường', 'Add up the fields'], kind: 'sums' },
    filter: {},
  },
};

/** Shapes that a process can ask about; absent: all. */
const SHAPES_OF: Readonly<Record<string, readonly Shape[]>> = {
  overlay: ['point', 'polygon'],
  'route-take': ['linestring'],
};

export function canDraw(process: string, shape: Shape): boolean {
  return SHAPES_OF[process]?.includes(shape) ?? true;
}

/** Values to choose from. */
const CHOICES: Readonly<Record<string, Pair>> = {
  flat: ['Phẳng, vuông góc với tuyến', 'Flat, square to the line'],
  round: ['Tròn', 'Round'],
  unit: ['Phường, xã hiện nay', 'Present commune'],
  old_unit: ['Phường, xã trước 01/07/2025', 'Commune before 1 July 2025'],
};

/** Inputs that say which place is asked about. The panel fills them from a drawn or selected shape. */
const PLACE_INPUTS = ['geometry', 'features', 'crs'];

/** Returns true if the form shows no field for an input. */
export function isHidden(process: string, input: string): boolean {
  const known = INPUTS[process]?.[input];
  return PLACE_INPUTS.includes(input) || (known !== undefined && !known.label);
}

/** Returns the label of an input; undefined if the viewer does not know it. */
export function inputLabel(process: string, input: string): string | undefined {
  const label = INPUTS[process]?.[input]?.label;
  return label && sayPair(label);
}

export function inputKind(process: string, input: string): FieldKind | undefined {
  return INPUTS[process]?.[input]?.kind;
}

/** Returns a value to choose from in words. */
export function choiceName(value: string): string {
  const pair = CHOICES[value];
  return pair ? sayPair(pair) : value;
}
