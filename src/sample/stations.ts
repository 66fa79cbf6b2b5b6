import { roundToHundredth } from '../lib/number.ts';
import { sampleMetres } from './curve.ts';
import type { Model } from './model.ts';
import { INDUSTRIAL_PARKS, RIVERS, TOWNS } from './province.ts';
import { mix, Random } from './random.ts';
import { riverCurve } from './seeds.ts';

export type StationKind = 'air' | 'surface_water' | 'groundwater' | 'wastewater' | 'stack' | 'noise';

export interface SampleStation {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: StationKind;
  readonly waterClass: string | null;
  /** Column or area of the regulation; null: not known, as of many real stations. */
  readonly limitClass: string | null;
  readonly x: number;
  readonly y: number;
  /** Degree of pollution; 1 is usual. */
  readonly load: number;
}

const PREFIX: Readonly<Record<StationKind, string>> = {
  air: 'KK',
  surface_water: 'NM',
  groundwater: 'NDĐ',
  wastewater: 'NT',
  stack: 'KT',
  noise: 'TO',
};

interface StationSite {
  readonly kind: StationKind;
  readonly name: string;
  readonly at: readonly [number, number];
  readonly waterClass?: string;
}

/** Places the stations, with names that an agency would give them and in plausible places. */
export function placeStations(model: Model): SampleStation[] {
  const random = new Random(mix(model.seed, 131));
  const count = new Map<StationKind, number>();
  return [...sitesOf(model, random)].map(({ kind, name, at, waterClass }, index) => {
    const number = (count.get(kind) ?? 0) + 1;
    count.set(kind, number);
    const [x, y] = [roundToHundredth(at[0]), roundToHundredth(at[1])];
    return {
      id: index + 1,
      code: `${PREFIX[kind]}${String(number).padStart(2, '0')}`,
      name,
      kind,
      waterClass: waterClass ?? null,
      limitClass: limitClassOf(kind, number),
      x,
      y,
      load: loadOf({ id: index + 1, kind, x, y }, model.seed),
    };
  });
}

/** Returns the class of most waste waters, stacks and places of noise. One in four has none, which is then not assessed. */
function limitClassOf(kind: StationKind, number: number): string | null {
  if (number % 4 === 1) return null;
  return { wastewater: 'B', stack: 'B', noise: 'normal', air: null, surface_water: null, groundwater: null }[kind];
}

/**
 * Returns the degree of pollution of a station from its place: the south is denser, and downstream. It is not stored, so
 * that later observations can be continued from the station's row alone.
 * @param place in VN-2000, metres
 */
export function loadOf({ id, kind, y }: Pick<SampleStation, 'id' | 'kind' | 'x' | 'y'>, seed: number): number {
  const random = new Random(mix(seed, 133, id));
  const south = Math.min(1, Math.max(0, (1_270_000 - y) / 70_000));
  if (kind === 'air') return 0.5 + 0.5 * south + random.between(-0.1, 0.25);
  if (kind === 'surface_water') return 0.7 + 0.5 * south + random.between(-0.05, 0.05);
  return random.between(0.75, 1.25);
}

function* sitesOf(model: Model, random: Random): Generator<StationSite> {
  const beside = ([x, y]: readonly [number, number], reach: number): [number, number] => [
    x + random.between(-reach, reach),
    y + random.between(-reach, reach),
  ];
  for (const { name, at } of TOWNS)
    yield { kind: 'air', name: `Trạm không khí ${name}`, at: beside(sampleMetres(at), 300) };
  yield* riverSites(model);
  for (const ward of model.wards.filter((_, index) => index % 3 === 0)) {
    yield { kind: 'groundwater', name: `Giếng quan trắc ${ward.name}`, at: beside([ward.x, ward.y], 400) };
  }
  for (const { name, at } of INDUSTRIAL_PARKS) {
    yield { kind: 'wastewater', name: `Trạm nước thải ${name}`, at: beside(sampleMetres(at), 250) };
  }
  for (const { name, at } of INDUSTRIAL_PARKS.slice(0, 8)) {
    yield { kind: 'stack', name: `Ống khói ${name}`, at: beside(sampleMetres(at), 250) };
  }
  for (const { name, at } of TOWNS.slice(0, 8)) {
    yield { kind: 'noise', name: `Điểm đo tiếng ồn ${name}`, at: beside(sampleMetres(at), 200) };
  }
}

/** Yields sites down each river, from cleaner to dirtier. The upper Sài Gòn and Đồng Nai feed waterworks (class A). */
function* riverSites(model: Model): Generator<StationSite> {
  for (const [index, { name }] of RIVERS.entries()) {
    const curve = riverCurve(index, model.seed);
    const count = [8, 6, 5, 4][index] ?? 4;
    for (let step = 0; step < count; step++) {
      const at = curve[Math.floor((curve.length - 1) * (0.06 + (0.88 * step) / (count - 1)))]!;
      const waterClass = index < 2 && step < 3 ? 'A' : 'B';
      yield {
        kind: 'surface_water',
        name: `Trạm nước mặt ${name} ${step + 1}`,
        at,
        waterClass,
      };
    }
  }
}
