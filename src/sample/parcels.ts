import ngeohash from 'ngeohash';
import polylabel from 'polylabel';
import { copyLine } from '../database/sql.ts';
import { vn2000ToWgs84 } from '../geo/vn2000.ts';
import { addressOf, type Neighbourhood, neighbourhoodOf } from './address.ts';
import { ringArea, toMillimetres } from './convex.ts';
import { CENTRAL_MERIDIAN } from './curve.ts';
import type { BlockLane } from './cuts.ts';
import { multiLine, multiPolygon } from './ewkb.ts';
import { footprint } from './lot.ts';
import type { Polygon } from './mesh.ts';
import { formerOf, type Model, wardOf } from './model.ts';
import { numberPlots, type OldNumbers, oldNumbers, type Plot } from './numbering.ts';
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

/** Density from which the houses of a ward are drawn; elsewhere in it only larger buildings are. */
const BUILDING_DENSITY = 0.8;

/** First id of retired parcels, the parents of splits. It lies beyond all ids in use. */
const RETIRED = 9_000_000_000;

/**
 * Returns the precision of the polylabel point in metres: a twentieth of the parcel's size. It takes 10 µs a parcel
 * instead of 30 for a finer one. Between the holes of a network of streets 2 m find a point inside.
 */
export function labelPrecision(areaM2: number, holes: number): number {
  return holes ? 2 : Math.max(0.02, Math.sqrt(areaM2) / 20);
}

/** Returns the national identifier: GeoHash of 12, WGS 84, of the polylabel point (TT 19/2026/TT-BNNMT Đ.11.3). */
export function nationalId(polygon: Polygon): string {
  const rings = polygon.map((ring) => {
    const points: [number, number][] = [];
    for (let index = 0; index < ring.length; index += 2) points.push([ring[index]!, ring[index + 1]!]);
    return [...points, points[0]!];
  });
  const [x, y] = polylabel(rings, labelPrecision(ringArea(polygon[0]!), rings.length - 1));
  const [lon, lat] = vn2000ToWgs84([x!, y!], CENTRAL_MERIDIAN);
  return ngeohash.encode(lat, lon, 12);
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
      this.#writePlot({ plot, sheet, random, surveyed, old: old.get(plot)! }, rows);
      before = plot;
    }
    for (const plot of plots) rows.lineage += this.#lineageOf(plot, sheet, old);
    for (const lane of lanes) rows.lanes += laneLine(lane);
    rows.count = plots.length;
    return rows;
  }

  #writePlot({ plot, sheet, random, surveyed, old }: PlotInput, rows: SheetRows): void {
    const model = this.#model;
    const { lot, cell, id, polygon, size } = plot;
    const legal = legalArea(size, random);
    const status = random.next();
    const ward = wardOf(model, cell)!;
    const known = gaps(new Random(mix(model.seed, 73, id)));
    rows.parcels += copyLine([
      id,
      ward.code,
      NEW_FROM,
      sheet.number,
      plot.number,
      known(0.03, nationalId(polygon)),
      lot.use,
      known(0.05, addressOf(model, this.#neighbourhood(cell), plot)),
      known(0.04, legal),
      status < 0.945 ? 'registered' : status < 0.992 ? 'unregistered' : 'disputed',
      known(0.06, surveyed),
      multiPolygon([polygon]),
    ]);
    const second = lot.second ? Math.round(legal * lot.second[1] * 10) / 10 : 0;
    rows.uses += copyLine([id, lot.use, Math.round((legal - second) * 10) / 10]);
    if (lot.second) rows.uses += copyLine([id, lot.second[0], second]);
    rows.aliases += copyLine([
      id,
      formerOf(model, cell)!.code,
      OLD_FROM,
      this.#oldSheet(cell, sheet),
      old.number,
      NEW_FROM,
    ]);
    if (status < 0.945) {
      const later = new Random(mix(model.seed, 75, id));
      rows.holders += holderLine({ id, use: lot.use, ward: ward.code, random, later });
    }
    this.#writeBuilding(plot, rows);
  }

  /** Returns the lineage of a plot that was merged from two, or whose sibling and it were one. */
  #lineageOf(plot: Plot, sheet: MapSheet, numbers: ReadonlyMap<Plot, OldNumbers>): string {
    const { cell, id, sibling } = plot;
    const { parents } = numbers.get(plot)!;
    const [first] = parents;
    if (first === undefined) return '';
    const model = this.#model;
    const day = dateBetween(new Random(mix(model.seed, 74, id)), 2012, 2024);
    const line = (parent: number, child: number, number: number) =>
      copyLine([
        RETIRED + parent,
        child,
        parents.length > 1 ? 'merge' : 'split',
        day,
        formerOf(model, cell)!.code,
        OLD_FROM,
        this.#oldSheet(cell, sheet),
        number,
      ]);
    if (parents.length > 1) return parents.map((number, index) => line(2 * id + index, id, number)).join('');
    if (!sibling || numbers.get(sibling)!.parents[0] !== first) return '';
    return line(2 * sibling.id, sibling.id, first) + line(2 * sibling.id, id, first);
  }

  #neighbourhood(cell: number): Neighbourhood {
    const known = this.#neighbourhoods.get(cell) ?? neighbourhoodOf(this.#model, cell);
    this.#neighbourhoods.set(cell, known);
    return known;
  }

  #writeBuilding({ lot, cell, id }: Plot, rows: SheetRows): void {
    if (!lot.building) return;
    const { seeds } = this.#model.mesh;
    const sparse =
      wardOf(this.#model, cell)!.urban && this.#model.density(seeds.x[cell]!, seeds.y[cell]!) < BUILDING_DENSITY;
    if (lot.building === 'house' && sparse) return;
    const random = new Random(mix(this.#model.seed, 81, id));
    const shape = toMillimetres(footprint(lot, random));
    if (shape.length < 6 || ringArea(shape) < 12) return;
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
  readonly old: OldNumbers;
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

/** Returns a function that leaves out a share of values, as registers that were typed in do. */
function gaps(random: Random): <T>(share: number, value: T) => T | null {
  return (share, value) => (random.chance(share) ? null : value);
}

export function dateBetween(random: Random, from: number, to: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${random.integer(from, to)}-${two(random.integer(1, 12))}-${two(random.integer(1, 28))}`;
}

/** Subject (đối tượng) that uses or manages the land of public uses. */
const PUBLIC_SUBJECT: Readonly<Record<string, string>> = {
  ...{ TSC: 'TCN', DGD: 'TSN', DYT: 'TSN', DTT: 'TSN', RPH: 'TSQ', DCT: 'KTQ', DSH: 'CDQ' },
  ...{ DKV: 'TCQ', DCH: 'TCQ', BCS: 'TCQ', CSD: 'TCQ', NTD: 'TCQ', DGT: 'TCQ', SON: 'TCQ', MNC: 'TCQ', DRA: 'TCQ' },
};
const INDUSTRY: ReadonlySet<string> = new Set(['SKK', 'SKC', 'SKX', 'SKS']);
const WORSHIP: Readonly<Record<string, string>> = { TON: 'TTG', TIN: 'CDS' };

type HolderKind = 'state' | 'organisation' | 'community' | 'person' | 'household';

interface HolderInput {
  readonly id: number;
  readonly use: string;
  readonly ward: string;
  readonly random: Random;
  /** For columns that were added later: no other value changes with them. */
  readonly later: Random;
}

function holderLine({ id, use, ward, random, later }: HolderInput): string {
  const kind = holderKind(use, random);
  const certificate = `SM ${String(random.integer(100_000, 999_999))}`;
  const since = dateBetween(random, 2005, 2024);
  const subject = subjectOf(kind, use, later);
  // A person has several parcels near each other; a public body has all of its kind in a ward.
  const isPrivate = kind === 'person' || kind === 'household';
  const key = isPrivate ? `${kind[0]}${id - later.integer(0, 2)}` : `${subject}-${ward}`;
  const known = gaps(later);
  return copyLine([
    id,
    kind,
    `Người sử dụng đất ${String(id).padStart(6, '0')}`,
    certificate,
    since,
    known(0.02, subject),
    key,
  ]);
}

function holderKind(use: string, random: Random): HolderKind {
  if (use in PUBLIC_SUBJECT) return 'state';
  if (INDUSTRY.has(use)) return 'organisation';
  if (use in WORSHIP) return 'community';
  return random.chance(0.55) ? 'person' : 'household';
}

function subjectOf(kind: HolderKind, use: string, later: Random): string {
  if (kind === 'organisation') return later.chance(0.2) ? 'TVN' : 'TKT';
  if (kind === 'person') return later.chance(0.01) ? 'CNN' : 'CNV';
  return PUBLIC_SUBJECT[use] ?? WORSHIP[use] ?? 'CNV';
}
