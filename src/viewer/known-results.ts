import { button, element } from './dom.ts';
import { formatArea, formatLength, formatNumber } from './format.ts';
import { PARCELS } from './hits.ts';
import { language, say, type Text, t } from './i18n.ts';
import { nameOf } from './item-card.ts';
import { kindName } from './kinds.ts';
import type { FeatureName } from './link.ts';
import type { Pair } from './page-words.ts';
import { parcelTitle } from './picked.ts';
import type { ProcessResult } from './processes-api.ts';
import { type Cell, type Column, dataTable, figures } from './table.ts';
import { type Zones, zoneParts } from './zones-section.ts';

/** The page, as far as a result needs it. */
export interface ResultContext {
  /** Opens the card of a feature, and moves the map there. */
  readonly open: (feature: FeatureName) => void;
  /** Inputs that were asked. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Returns the title of a field of the layer that was asked about. */
  readonly fieldTitle: (name: string) => string;
}

interface ParcelName {
  readonly id: number | string;
  readonly sheet: string;
  readonly number: number;
  readonly unit: { readonly name: string };
}

interface Share {
  readonly code: string;
  readonly parcels: number;
  readonly takenM2: number;
}

interface RouteTake {
  readonly summary: Readonly<Record<string, number | null>>;
  readonly parcels: readonly (ParcelName & {
    readonly fromM: number;
    readonly toM: number;
    readonly uses: readonly { readonly code: string }[];
    readonly takenM2: number;
    readonly takenPercent: number;
    readonly leftM2: number;
    readonly remnants: readonly unknown[];
    readonly buildings: number | null;
  })[];
  readonly byUse: readonly (Share & { readonly nameVi: string; readonly nameEn: string })[];
  readonly byUnit: readonly (Share & { readonly name: string })[];
  readonly byZone: readonly { plan: string; zoneCode: string; name: string; areaM2: number }[];
  readonly value: { readonly vnd: number | null; readonly notValuedM2: number } | null;
  readonly notes: readonly Text[];
}

interface ParcelLists {
  readonly summary: { readonly lines: number; readonly parcels: number; legalAreaM2: number; areaM2: number };
  readonly lines: readonly {
    readonly line: number;
    readonly asked: { readonly unit: string; readonly sheet: string; readonly number: number } | null;
    readonly message: Text;
    readonly parcels: readonly (ParcelName & { readonly mainUse: string; readonly legalAreaM2: number | null })[];
  }[];
}

interface Nearest {
  readonly features: readonly {
    readonly rank: number;
    readonly id: string | null;
    readonly distanceM: number;
    readonly bearing: number | null;
    readonly properties: Readonly<Record<string, unknown>>;
  }[];
}

interface Groups {
  readonly groups: readonly {
    readonly key: string | null;
    readonly name: string | null;
    readonly count: number;
    readonly areaM2: number | null;
    readonly lengthM: number | null;
    readonly sums: Readonly<Record<string, number | string | null>>;
  }[];
  readonly notes: readonly Text[];
}

type Render = (result: ProcessResult, context: ResultContext) => HTMLElement[];

const KNOWN: Readonly<Record<string, Render>> = {
  overlay: (result) => zoneParts(result as unknown as Zones),
  'route-take': (result, context) => routeParts(result as unknown as RouteTake, context),
  list: (result, context) => listParts(result as unknown as ParcelLists, context),
  nearest: (result, context) => nearestParts(result as unknown as Nearest, context),
  summarise: (result, context) => groupParts(result as unknown as Groups, context),
};

/** Renders the values of a process that the viewer knows; undefined for any other. */
export function knownResult(process: string, result: ProcessResult, context: ResultContext): HTMLElement[] | undefined {
  return KNOWN[process]?.(result, context);
}

const AREA: Pair = ['Diện tích (m²)', 'Area (m²)'];
const TAKEN: Pair = ['Thu hồi (m²)', 'Taken (m²)'];
const PARCEL_COUNT: Pair = ['Số thửa', 'Parcels'];

function routeParts({ summary, parcels, byUse, byUnit, byZone, value, notes }: RouteTake, { open }: ResultContext) {
  const area = (name: string): string => formatArea(summary[name] ?? 0, language());
  const optional = (name: string): Cell => (summary[name] ? area(name) : undefined);
  const shareColumns = (title: Pair, name: (row: Share) => string): Column<Share>[] => [
    { title, value: name },
    { title: PARCEL_COUNT, value: (row) => row.parcels, digits: 0 },
    { title: TAKEN, value: (row) => row.takenM2, digits: 1 },
  ];
  const useName = (use: Share) => {
    const { code, nameVi, nameEn } = use as RouteTake['byUse'][number];
    return `${code} – ${language() === 'vi' ? nameVi : nameEn}`;
  };
  return [
    figures([
      [['Chiều dài tuyến', 'Length of the line'], formatLength(summary.lengthM ?? 0, language())],
      [['Hành lang', 'Corridor'], area('corridorM2')],
      [['Thu hồi', 'Taken'], area('takenM2')],
      [['Không thuộc thửa nào', 'Without a parcel'], optional('withoutParcelM2')],
      [['Ngoài các phường, xã', 'Outside the communes'], optional('outsideUnitsM2')],
      [['Không thu hồi (loại trừ)', 'Excluded'], optional('excludedM2')],
      [['Tính hai lần', 'Counted twice'], optional('countedTwiceM2')],
      [['Số thửa bị thu hồi', 'Parcels taken'], summary.parcels],
      [['Thửa còn lại quá nhỏ', 'Remnants too small'], summary.remnants],
      [['Nhà, công trình bị chạm', 'Buildings touched'], summary.buildings],
      [['Giá trị theo bảng giá (đồng)', 'Value by the price table (VND)'], value?.vnd],
      [['Không định giá', 'Not valued'], value ? formatArea(value.notValuedM2, language()) : undefined],
    ]),
    ...dataTable(
      say({ vi: 'Theo loại đất', en: 'By land use' }),
      shareColumns(['Loại đất', 'Land use'], useName),
      byUse,
    ),
    ...dataTable(
      say({ vi: 'Theo phường, xã', en: 'By commune' }),
      shareColumns(['Phường, xã', 'Commune'], (row) => (row as RouteTake['byUnit'][number]).name),
      byUnit,
    ),
    ...dataTable(say({ vi: 'Theo quy hoạch', en: 'By plan' }), ZONE_COLUMNS, byZone),
    ...dataTable(say({ vi: 'Từng thửa theo lý trình', en: 'Parcels along the line' }), takenColumns(open), parcels),
    ...notesOf(notes),
  ];
}

const ZONE_COLUMNS: readonly Column<RouteTake['byZone'][number]>[] = [
  { title: ['Quy hoạch', 'Plan'], value: ({ plan }) => kindName(plan) },
  { title: ['Khu, vùng', 'Zone'], value: ({ zoneCode, name }) => `${zoneCode} – ${name}` },
  { title: AREA, value: ({ areaM2 }) => areaM2, digits: 1 },
];

function takenColumns(open: ResultContext['open']): Column<RouteTake['parcels'][number]>[] {
  return [
    { title: ['Thửa', 'Parcel'], value: (row) => parcelCell(row, open) },
    { title: TAKEN, value: ({ takenM2 }) => takenM2, digits: 1 },
    { title: '%', value: ({ takenPercent }) => takenPercent, digits: 1 },
    { title: ['Còn lại (m²)', 'Left (m²)'], value: ({ leftM2 }) => leftM2, digits: 1 },
    { title: ['Còn lại quá nhỏ', 'Too small'], value: ({ remnants }) => remnants.length || undefined, digits: 0 },
    { title: ['Nhà', 'Buildings'], value: ({ buildings }) => buildings, digits: 0 },
    { title: ['Loại đất', 'Use'], value: ({ uses }) => uses.map(({ code }) => code).join('+') },
    {
      title: ['Lý trình (m)', 'Chainage (m)'],
      value: ({ fromM, toM }) => [fromM, toM].map((value) => formatNumber(value, language(), 0)).join('–'),
    },
  ];
}

function listParts({ summary, lines }: ParcelLists, { open }: ResultContext): HTMLElement[] {
  const found = lines.filter(({ parcels }) => parcels.length > 0).length;
  const columns: Column<ParcelLists['lines'][number]>[] = [
    { title: ['Dòng', 'Line'], value: ({ line }) => line, digits: 0 },
    {
      title: ['Đã hỏi', 'Asked'],
      value: ({ asked }) => (asked ? `${asked.unit}, ${parcelTitle(asked).toLowerCase()}` : ''),
    },
    {
      title: ['Kết quả', 'Answer'],
      value: ({ message, parcels }) =>
        element('div', {}, say(message), ...parcels.map((parcel) => parcelCell(parcel, open))),
    },
    {
      title: ['Diện tích pháp lý (m²)', 'Legal area (m²)'],
      value: ({ parcels: [first] }) => first?.legalAreaM2,
      digits: 1,
    },
  ];
  return [
    figures([
      [['Số dòng', 'Lines'], summary.lines],
      [['Dòng tìm thấy', 'Lines found'], found],
      [['Số thửa', 'Parcels'], summary.parcels],
      [['Tổng diện tích pháp lý', 'Sum of legal areas'], formatArea(summary.legalAreaM2, language())],
      [['Tổng diện tích đo đạc', 'Sum of measured areas'], formatArea(summary.areaM2, language())],
    ]),
    ...dataTable(say({ vi: 'Từng dòng', en: 'Each line' }), columns, lines),
  ];
}

function nearestParts({ features }: Nearest, { open, inputs }: ResultContext): HTMLElement[] {
  const layer = String(inputs.layer);
  const columns: Column<Nearest['features'][number]>[] = [
    { title: ['Thứ tự', 'Rank'], value: ({ rank }) => rank, digits: 0 },
    {
      title: ['Đối tượng', 'Feature'],
      value: ({ id, properties }) => {
        const name = nameOf(properties) ?? t('noName');
        return id === null ? name : button(name, () => open({ layer, id }), { class: 'plain' });
      },
    },
    { title: ['Khoảng cách (m)', 'Distance (m)'], value: ({ distanceM }) => distanceM, digits: 1 },
    { title: ['Phương vị (°)', 'Bearing (°)'], value: ({ bearing }) => bearing, digits: 1 },
  ];
  return dataTable(say({ vi: 'Gần nhất trước', en: 'The nearest first' }), columns, features);
}

function groupParts({ groups, notes }: Groups, { inputs, fieldTitle }: ResultContext): HTMLElement[] {
  const sums = Array.isArray(inputs.sums) ? inputs.sums.map(String) : [];
  const columns: Column<Groups['groups'][number]>[] = [
    {
      title: ['Nhóm', 'Group'],
      value: ({ name, key }) => name ?? (key === null ? say({ vi: '(trống)', en: '(empty)' }) : kindName(key)),
    },
    { title: ['Số lượng', 'Count'], value: ({ count }) => count, digits: 0 },
    { title: AREA, value: ({ areaM2 }) => areaM2, digits: 1 },
    { title: ['Chiều dài (m)', 'Length (m)'], value: ({ lengthM }) => lengthM, digits: 1 },
    ...sums.map((field) => ({
      title: fieldTitle(field),
      value: (row: Groups['groups'][number]) => row.sums[field],
      digits: 1,
    })),
  ];
  return [...dataTable(say({ vi: 'Các nhóm', en: 'Groups' }), columns, groups), ...notesOf(notes)];
}

function parcelCell({ id, unit, ...name }: ParcelName, open: ResultContext['open']): HTMLElement {
  const press = button(parcelTitle(name), () => open({ layer: PARCELS, id: String(id) }), { class: 'plain' });
  return element('div', {}, press, element('small', {}, unit.name));
}

function notesOf(notes: readonly Text[]): HTMLElement[] {
  return notes.map((note) => element('p', { class: 'note' }, say(note)));
}
