import { copyLine } from '../database/sql.ts';
import type { TableRows } from './base-layers.ts';
import { toMetres } from './curve.ts';
import { multiPolygon, point } from './ewkb.ts';
import type { Model } from './model.ts';
import { dateBetween } from './parcels.ts';
import { INDUSTRIAL_PARKS, WASTE_SITES } from './province.ts';
import { mix, noise, Random } from './random.ts';
import { placeStations, type Station, type StationKind } from './stations.ts';

/** [parameter, usual value, share that varies by the hour of day, share that varies at random]. */
type Series = readonly [parameter: string, mean: number, daily: number, random: number];

const SERIES: Readonly<Record<StationKind, readonly Series[]>> = {
  air: [
    ['PM2.5', 27, 0.35, 0.5],
    ['PM10', 52, 0.35, 0.5],
    ['O3', 62, 0.7, 0.4],
    ['NO2', 34, 0.45, 0.4],
    ['SO2', 22, 0.25, 0.4],
    ['CO', 1900, 0.4, 0.4],
  ],
  surface_water: [
    ['pH', 6.9, 0.01, 0.05],
    ['DO', 5.4, 0.12, 0.15],
    ['COD', 12.5, 0.1, 0.4],
    ['TSS', 34, 0.1, 0.5],
    ['N-NH4', 0.36, 0.1, 0.6],
  ],
  groundwater: [
    ['WaterLevel', -11.5, 0.01, 0.03],
    ['pH', 5.9, 0, 0.03],
  ],
  wastewater: [
    ['Flow', 380, 0.4, 0.15],
    ['pH', 7.2, 0.01, 0.06],
    ['COD', 42, 0.2, 0.3],
    ['TSS', 24, 0.15, 0.4],
    ['N-NH4', 3.1, 0.15, 0.4],
  ],
  stack: [
    ['Dust', 62, 0.2, 0.4],
    ['SO2_stack', 135, 0.2, 0.4],
    ['NOx_stack', 240, 0.2, 0.3],
  ],
  noise: [['LAeq', 66, 0.12, 0.06]],
};

/** Hours in fourteen days. */
const HOURS = 14 * 24;

const OPERATOR = 'Trung tâm Quan trắc và Kỹ thuật Môi trường';

function stationRows(model: Model, stations: readonly Station[]): TableRows {
  const random = new Random(mix(model.seed, 132));
  const lines = stations.map(({ id, code, name, kind, waterClass, x, y }) =>
    copyLine([
      id,
      code,
      name,
      kind,
      OPERATOR,
      kind !== 'groundwater' || id % 2 === 0,
      dateBetween(random, 2012, 2023),
      waterClass,
      point(x, y),
    ]),
  );
  return {
    schema: 'environment',
    table: 'station',
    columns: ['id', 'code', 'name', 'kind', 'operator', 'automatic', 'started_on', 'water_class', 'geom'],
    lines,
  };
}

/**
 * Returns the daily variation from -1 to 1. Most parameters follow morning and evening traffic; ozone follows the sun.
 * `hour` is local (UTC+7).
 */
function daily(parameter: string, hour: number): number {
  if (parameter === 'O3' || parameter === 'DO') return Math.cos(((hour - 14) / 24) * 2 * Math.PI);
  const peak = (at: number) => Math.exp(-((((hour - at + 36) % 24) - 12) ** 2) / 8);
  return 1.6 * (peak(7.5) + peak(18.5)) - 0.75;
}

/** Returns hourly observations of the 14 days before `now`. One in 300 is missing, as with real instruments. */
function observationRows(model: Model, stations: readonly Station[], now: Date): TableRows {
  const last = Math.floor(now.getTime() / 3_600_000);
  const lines: string[] = [];
  for (const { id, kind, load } of stations) {
    SERIES[kind].forEach(([parameter, mean, day, chance], index) => {
      const random = new Random(mix(model.seed, 141, id, index));
      for (let back = HOURS - 1; back >= 0; back--) {
        const hour = last - back;
        const drift = noise((HOURS - back) / 22, id + index / 10, model.seed + 142);
        const factor =
          1 + day * daily(parameter, (hour + 7) % 24) + chance * (0.75 * drift + random.between(-0.22, 0.22));
        // Clean water has more oxygen where the load is less; levels and acidity do not depend on it.
        const weight =
          parameter === 'DO'
            ? 1.3 - 0.3 * load
            : parameter === 'pH' || parameter === 'WaterLevel' || parameter === 'LAeq'
              ? 1
              : load;
        const value = mean * Math.max(parameter === 'WaterLevel' ? -2 : 0.05, factor) * weight;
        if (random.chance(1 / 300)) continue;
        lines.push(copyLine([id, parameter, new Date(hour * 3_600_000).toISOString(), Math.round(value * 100) / 100]));
      }
    });
  }
  return {
    schema: 'environment',
    table: 'observation',
    columns: ['station_id', 'parameter', 'observed_at', 'value'],
    lines,
  };
}

interface Facility {
  readonly name: string;
  readonly at: readonly [number, number];
  readonly flow: number;
  readonly river: string;
}

function facilities(model: Model, random: Random): Facility[] {
  const parks = INDUSTRIAL_PARKS.map(({ name, at }) => ({
    name: `Nhà máy xử lý nước thải tập trung ${name}`,
    at: toMetres(at),
    flow: random.integer(20, 160) * 100,
  }));
  const cells = Array.from({ length: model.mesh.count }, (_, cell) => cell).filter(
    (cell) => model.mesh.inside[cell] && model.cover[cell] === 'industry',
  );
  const works = Array.from({ length: 70 }, (_, index) => {
    const cell = random.pick(cells);
    return {
      name: `Cơ sở sản xuất mô phỏng số ${index + 1}`,
      at: [model.mesh.seeds.x[cell]!, model.mesh.seeds.y[cell]!] as const,
      flow: random.integer(4, 90) * 10,
    };
  });
  return [...parks, ...works].map((each) => ({
    ...each,
    river: each.at[0] > 607_000 ? 'Sông Đồng Nai' : each.at[1] > 1_222_000 ? 'Sông Thị Tính' : 'Sông Sài Gòn',
  }));
}

function permitLine({ name, flow, river }: Facility, id: number, random: Random): string {
  const year = random.integer(2021, 2025);
  const issued = dateBetween(random, year, year);
  const number = `${random.integer(10, 999)}/GPMT-UBND`;
  const issuer = 'Ủy ban nhân dân tỉnh Bình Dương (cũ)';
  return copyLine([id, number, issuer, name, issued, `${year + 7}${issued.slice(4)}`, flow, river]);
}

function dischargeLines({ name, at, flow, river }: Facility, permit: number, random: Random): string[] {
  const near = (value: number) => Math.round((value + random.between(-140, 140)) * 100) / 100;
  const place = () => point(near(at[0]), near(at[1]));
  const water = copyLine([permit, `Cửa xả ${name}`, 'wastewater', flow, river, place()]);
  return permit % 3 === 1 ? [water, copyLine([permit, `Khí thải ${name}`, 'emission', null, null, place()])] : [water];
}

function permitRows(model: Model): TableRows[] {
  const random = new Random(mix(model.seed, 151));
  const all = facilities(model, random);
  return [
    {
      schema: 'environment',
      table: 'permit',
      columns: ['id', 'number', 'issuer', 'facility', 'issued_on', 'expires_on', 'flow_m3_day', 'receiving_water'],
      lines: all.map((facility, index) => permitLine(facility, index + 1, random)),
    },
    {
      schema: 'environment',
      table: 'discharge',
      columns: ['permit_id', 'name', 'kind', 'flow_m3_day', 'receiving_water', 'geom'],
      lines: all.flatMap((facility, index) => dischargeLines(facility, index + 1, random)),
    },
  ];
}

function wasteRows(model: Model): TableRows {
  const random = new Random(mix(model.seed, 161));
  const lines = WASTE_SITES.map(({ name, kind, tonnes, at, radius, status }) => {
    const [x, y] = toMetres(at);
    const turn = random.between(0, 1);
    const ring = Array.from({ length: 9 }, (_, index) => {
      const angle = turn + (index / 9) * 2 * Math.PI;
      const r = radius * random.between(0.82, 1.14);
      return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    }).flat();
    return copyLine([
      name,
      kind,
      tonnes,
      status,
      multiPolygon([[ring.map((value) => Math.round(value * 1000) / 1000)]]),
    ]);
  });
  return {
    schema: 'environment',
    table: 'waste_site',
    columns: ['name', 'kind', 'capacity_t_day', 'status', 'geom'],
    lines,
  };
}

/** Returns all of `environment` except the corridors, which the database derives from the banks. */
export function environmentLayers(model: Model, now: Date): TableRows[] {
  const stations = placeStations(model);
  return [stationRows(model, stations), observationRows(model, stations, now), ...permitRows(model), wasteRows(model)];
}
