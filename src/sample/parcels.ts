import ngeohash from 'ngeohash';
import polylabel from 'polylabel';
import { copyLine } from '../database/sql.ts';
import { vn2000ToWgs84 } from '../geo/vn2000.ts';
import { addressOf, type Neighbourhood, neighbourhoodOf } from './address.ts';
import { area, middle, type Ring } from './convex.ts';
import { MERIDIAN } from './curve.ts';
import type { BlockLane } from './cuts.ts';
import { multiLine, multiPolygon } from './ewkb.ts';
import { footprint, type Lot } from './lot.ts';
import { formerOf, type Model, subdivideCell, wardOf } from './model.ts';
import { mix, Random } from './random.ts';
import type { MapSheet } from './sheets.ts';
import { NEW_FROM, OLD_FROM } from './units.ts';

/** Lines for COPY, one text a table, of the parcels of a sheet and of dependent rows. */
export interface SheetRows {
  parcels: string;
  uses: string;
  aliases: string;
  holders: string;
  lineage: string;
  buildings: string;
  lanes: string;
  count: number;
}

interface Plot {
  readonly lot: Lot;
  readonly cell: number;
  /** As stored: rounded to the millimetre, without coincident corners. */
  readonly ring: Ring;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  number: number;
  id: number;
}

/** Density from which houses are drawn; elsewhere only larger buildings are. */
const BUILDING_DENSITY = 0.8;

/** First id of retired parcels, the parents of splits. It lies beyond all ids in use. */
const RETIRED = 9_000_000_000;

function toMillimetres(ring: Ring): Ring {
  const result: number[] = [];
  for (let index = 0; index < ring.length; index += 2) {
    const [x, y] = [Math.round(ring[index]! * 1000) / 1000, Math.round(ring[index + 1]! * 1000) / 1000];
    const last = result.length - 2;
    // Corners within 2 mm are merged; they come from cuts that meet an old corner.
    if (last >= 0 && Math.abs(result[last]! - x) + Math.abs(result[last + 1]! - y) < 0.002) continue;
    result.push(x, y);
  }
  const last = result.length - 2;
  if (last > 0 && Math.abs(result[last]! - result[0]!) + Math.abs(result[last + 1]! - result[1]!) < 0.002)
    result.length = last;
  return result;
}

/**
 * Returns the precision of the polylabel point in metres: a twentieth of the parcel's size. It takes 10 µs a parcel
 * instead of 30 for a finer one.
 */
export function labelPrecision(areaM2: number): number {
  return Math.max(0.02, Math.sqrt(areaM2) / 20);
}

/** Returns the national identifier: GeoHash of 12, WGS 84, of the polylabel point (TT 19/2026/TT-BNNMT Đ.11.3). */
export function nationalId(ring: Ring): string {
  const points: [number, number][] = [];
  for (let index = 0; index < ring.length; index += 2) points.push([ring[index]!, ring[index + 1]!]);
  points.push(points[0]!);
  const [x, y] = polylabel([points], labelPrecision(area(ring)));
  const [lon, lat] = vn2000ToWgs84([x!, y!], MERIDIAN);
  return ngeohash.encode(lat, lon, 12);
}

/** Numbers the plots of a sheet as surveyors do: from the north-west, row by row, from west to east. */
function numberPlots(model: Model, sheet: MapSheet, lanes: BlockLane[]): Plot[] {
  const plots: Plot[] = [];
  for (const cell of sheet.cells) {
    const cut = subdivideCell(model, cell);
    lanes.push(...cut.lanes);
    for (const lot of cut.lots) {
      const ring = toMillimetres(lot.ring);
      if (ring.length < 6) continue;
      const [x, y] = middle(ring);
      plots.push({ lot, cell, ring, x, y, size: area(ring), number: 0, id: 0 });
    }
  }
  const band = sheet.size / 12;
  const order = plots.map((plot, index) => ({ index, key: -Math.floor(plot.y / band) * 1e7 + plot.x }));
  order.sort((a, b) => a.key - b.key);
  order.forEach(({ index }, place) => {
    plots[index]!.number = place + 1;
  });
  return plots;
}

/** Numbers the plots on the old sheets: from the west, column by column. */
function oldNumbers(model: Model, sheet: MapSheet, plots: readonly Plot[]): Map<Plot, number> {
  const next = new Map<string, number>();
  const column = sheet.size / 9;
  const key = (plot: Plot) => Math.floor(plot.x / column) * 1e7 - plot.y;
  return new Map(
    [...plots]
      .map((plot) => ({ plot, key: key(plot) }))
      .sort((a, b) => a.key - b.key)
      .map(({ plot }): [Plot, number] => {
        const former = formerOf(model, plot.cell)!.code;
        const number = (next.get(former) ?? 0) + 1;
        next.set(former, number);
        return [plot, number];
      }),
  );
}

export class ParcelWriter {
  readonly #model: Model;
  readonly #oldSheet: (cell: number, sheet: MapSheet) => number;
  readonly #neighbourhoods = new Map<number, Neighbourhood>();
  #id = 0;

  constructor(model: Model, oldSheet: (cell: number, sheet: MapSheet) => number) {
    this.#model = model;
    this.#oldSheet = oldSheet;
  }

  write(sheet: MapSheet): SheetRows {
    const rows: SheetRows = {
      parcels: '',
      uses: '',
      aliases: '',
      holders: '',
      lineage: '',
      buildings: '',
      lanes: '',
      count: 0,
    };
    const model = this.#model;
    const lanes: BlockLane[] = [];
    const plots = numberPlots(model, sheet, lanes);
    const old = oldNumbers(model, sheet, plots);
    const random = new Random(mix(model.seed, 71, sheet.ward, sheet.number));
    const surveyed = dateBetween(random, 2004, 2024);
    let before: Plot | undefined;
    for (const plot of plots) {
      plot.id = ++this.#id;
      // Some numbers repeat on a sheet, as in real data: 463 of 195 152 in one province.
      if (before && random.chance(0.002)) plot.number = before.number;
      this.#writePlot({ plot, sheet, random, surveyed, oldNumber: old.get(plot)! }, rows);
      if (before && plot.lot.split) rows.lineage += splitLines(before.id, plot.id, random);
      before = plot;
    }
    for (const lane of lanes) rows.lanes += laneLine(lane);
    rows.count = plots.length;
    return rows;
  }

  #writePlot({ plot, sheet, random, surveyed, oldNumber }: PlotInput, rows: SheetRows): void {
    const model = this.#model;
    const { lot, cell, id, ring, size } = plot;
    const legal = legalArea(size, random);
    const status = random.next();
    const ward = wardOf(model, cell)!;
    rows.parcels += copyLine([
      id,
      ward.code,
      NEW_FROM,
      sheet.number,
      plot.number,
      nationalId(ring),
      lot.use,
      addressOf(model, this.#neighbourhood(cell), plot),
      legal,
      status < 0.945 ? 'registered' : status < 0.992 ? 'unregistered' : 'disputed',
      surveyed,
      multiPolygon([[ring]]),
    ]);
    const second = lot.second ? Math.round(legal * lot.second[1] * 10) / 10 : 0;
    rows.uses += copyLine([id, lot.use, Math.round((legal - second) * 10) / 10]);
    if (lot.second) rows.uses += copyLine([id, lot.second[0], second]);
    rows.aliases += copyLine([
      id,
      formerOf(model, cell)!.code,
      OLD_FROM,
      this.#oldSheet(cell, sheet),
      oldNumber,
      NEW_FROM,
    ]);
    if (status < 0.945) rows.holders += holderLine(id, lot.use, random);
    this.#writeBuilding(plot, rows);
  }

  #neighbourhood(cell: number): Neighbourhood {
    const known = this.#neighbourhoods.get(cell) ?? neighbourhoodOf(this.#model, cell);
    this.#neighbourhoods.set(cell, known);
    return known;
  }

  #writeBuilding({ lot, cell, id }: Plot, rows: SheetRows): void {
    if (!lot.building) return;
    const { seeds } = this.#model.mesh;
    if (lot.building === 'house' && this.#model.density(seeds.x[cell]!, seeds.y[cell]!) < BUILDING_DENSITY) return;
    const random = new Random(mix(this.#model.seed, 81, id));
    const shape = toMillimetres(footprint(lot, random));
    if (shape.length < 6 || area(shape) < 12) return;
    const floors =
      lot.building === 'house'
        ? random.integer(1, 4)
        : lot.building === 'office'
          ? random.integer(2, 9)
          : random.integer(1, 3);
    rows.buildings += copyLine([lot.building, floors, multiPolygon([[shape]])]);
  }
}

interface PlotInput {
  readonly plot: Plot;
  readonly sheet: MapSheet;
  readonly random: Random;
  readonly surveyed: string;
  readonly oldNumber: number;
}

/** Returns the area on the certificate. One in twenty is off by up to 8 %, as in old surveys by tape. */
function legalArea(size: number, random: Random): number {
  const small = () => (random.chance(0.3) ? random.between(-0.004, 0.004) : 0);
  const error = random.chance(0.05) ? random.between(-0.08, 0.08) : small();
  return Math.round(size * (1 + error) * 10) / 10;
}

function laneLine({ line, width }: BlockLane): string {
  const rounded = line.map((value) => Math.round(value * 1000) / 1000);
  return copyLine([null, null, 'local', width, 'bê tông xi măng', multiLine([rounded])]);
}

function splitLines(one: number, two: number, random: Random): string {
  const day = dateBetween(random, 2012, 2024);
  return copyLine([RETIRED + one, one, 'split', day]) + copyLine([RETIRED + one, two, 'split', day]);
}

export function dateBetween(random: Random, from: number, to: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${random.integer(from, to)}-${two(random.integer(1, 12))}-${two(random.integer(1, 28))}`;
}

const STATE = new Set(['DKV', 'TSC', 'DGD', 'DYT', 'DCT', 'DSH', 'DCH', 'RPH', 'BCS', 'CSD', 'NTD', 'DTT']);

function holderLine(id: number, use: string, random: Random): string {
  const kind = STATE.has(use)
    ? 'state'
    : use === 'SKK' || use === 'SKC' || use === 'SKX' || use === 'SKS'
      ? 'organisation'
      : use === 'TON' || use === 'TIN'
        ? 'community'
        : random.chance(0.55)
          ? 'person'
          : 'household';
  const certificate = `SM ${String(random.integer(100_000, 999_999))}`;
  return copyLine([
    id,
    kind,
    `Người sử dụng đất ${String(id).padStart(6, '0')}`,
    certificate,
    dateBetween(random, 2005, 2024),
  ]);
}
