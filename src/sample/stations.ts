import { toMetres } from './curve.ts';
import type { Model } from './model.ts';
import { INDUSTRIAL_PARKS, RIVERS, TOWNS } from './province.ts';
import { mix, Random } from './random.ts';
import { riverCurve } from './seeds.ts';

export type StationKind = 'air' | 'surface_water' | 'groundwater' | 'wastewater' | 'stack' | 'noise';

export interface Station {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: StationKind;
  readonly waterClass: string | null;
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

interface Site {
  readonly kind: StationKind;
  readonly name: string;
  readonly at: readonly [number, number];
  readonly load?: number;
  readonly waterClass?: string;
}

/** Places the stations, with names that an agency would give them and in plausible places. */
export function placeStations(model: Model): Station[] {
  const random = new Random(mix(model.seed, 131));
  const count = new Map<StationKind, number>();
  return [...sitesOf(model, random)].map(({ kind, name, at, load, waterClass }, index) => {
    const number = (count.get(kind) ?? 0) + 1;
    count.set(kind, number);
    return {
      id: index + 1,
      code: `${PREFIX[kind]}${String(number).padStart(2, '0')}`,
      name,
      kind,
      waterClass: waterClass ?? null,
      x: Math.round(at[0] * 100) / 100,
      y: Math.round(at[1] * 100) / 100,
      load: load ?? random.between(0.75, 1.25),
    };
  });
}

function* sitesOf(model: Model, random: Random): Generator<Site> {
  const beside = ([x, y]: readonly [number, number], reach: number): [number, number] => [
    x + random.between(-reach, reach),
    y + random.between(-reach, reach),
  ];
  for (const { name, at, density } of TOWNS) {
    const load = 0.45 + density * 0.7 + random.between(-0.1, 0.45);
    yield { kind: 'air', name: `Trạm không khí ${name}`, at: beside(toMetres(at), 300), load };
  }
  yield* riverSites(model);
  for (const ward of model.wards.filter((_, index) => index % 3 === 0)) {
    yield { kind: 'groundwater', name: `Giếng quan trắc ${ward.name}`, at: beside([ward.x, ward.y], 400) };
  }
  for (const { name, at } of INDUSTRIAL_PARKS) {
    yield { kind: 'wastewater', name: `Trạm nước thải ${name}`, at: beside(toMetres(at), 250) };
  }
  for (const { name, at } of INDUSTRIAL_PARKS.slice(0, 8)) {
    yield { kind: 'stack', name: `Ống khói ${name}`, at: beside(toMetres(at), 250) };
  }
  for (const { name, at } of TOWNS.slice(0, 8)) {
    yield { kind: 'noise', name: `Điểm đo tiếng ồn ${name}`, at: beside(toMetres(at), 200) };
  }
}

/** Yields sites down each river, from cleaner to dirtier. The upper Sài Gòn and Đồng Nai feed waterworks (class A). */
function* riverSites(model: Model): Generator<Site> {
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
        load: 0.7 + (0.6 * step) / count,
        waterClass,
      };
    }
  }
}
