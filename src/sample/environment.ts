import { copyLine } from '../database/sql.ts';
import { roundToHundredth } from '../lib/number.ts';
import { HOUR_MS } from '../lib/time.ts';
import type { TableRows } from './base-layers.ts';
import { sampleMetres } from './curve.ts';
import { multiPolygon, point } from './ewkb.ts';
import type { Model } from './model.ts';
import { observationLine, observe } from './observations.ts';
import { dateBetween } from './parcels.ts';
import { INDUSTRIAL_PARKS, WASTE_SITES } from './province.ts';
import { mix, Random } from './random.ts';
import { placeStations, type SampleStation } from './stations.ts';

/** Hours in fourteen days. */
const HOURS = 14 * 24;

const OPERATOR = 'Trung tâm Quan trắc và Kỹ thuật Môi trường';

function stationRows(model: Model, stations: readonly SampleStation[]): TableRows {
  const random = new Random(mix(model.seed, 132));
  const lines = stations.map(({ id, code, name, kind, waterClass, limitClass, x, y }) =>
    copyLine([
      id,
      code,
      name,
      kind,
      OPERATOR,
      kind !== 'groundwater' || id % 2 === 0,
      dateBetween(random, 2012, 2023),
      waterClass,
      limitClass,
      point(x, y),
    ]),
  );
  return {
    schema: 'environment',
    table: 'station',
    columns: [
      'id',
      'code',
      'name',
      'kind',
      'operator',
      'automatic',
      'started_on',
      'water_class',
      'limit_class',
      'geom',
    ],
    lines,
  };
}

/** Returns hourly observations of the 14 days up to `now`. */
function observationRows(model: Model, stations: readonly SampleStation[], now: Date): TableRows {
  const last = Math.floor(now.getTime() / HOUR_MS);
  const span = { seed: model.seed, loaded: last, first: last - HOURS + 1, last };
  return {
    schema: 'environment',
    table: 'observation',
    columns: ['station_id', 'parameter', 'observed_at', 'value'],
    lines: stations.flatMap((station) => Array.from(observe(station, span), observationLine)),
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
    at: sampleMetres(at),
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
  const near = (value: number) => roundToHundredth(value + random.between(-140, 140));
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
    const [x, y] = sampleMetres(at);
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
