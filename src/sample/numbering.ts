import { middle, ringArea, toMillimetres } from './convex.ts';
import type { BlockLane } from './cuts.ts';
import type { Lot } from './lot.ts';
import type { Polygon } from './mesh.ts';
import { formerOf, type Model, subdivideCell } from './model.ts';
import { publicLand } from './public-land.ts';
import type { MapSheet } from './sheets.ts';

/** A parcel on its sheet. */
export interface Plot {
  readonly lot: Lot;
  readonly cell: number;
  /** As stored: rounded to the millimetre, without coincident corners. */
  readonly polygon: Polygon;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** The plot from which this one was split. */
  readonly sibling: Plot | undefined;
  number: number;
  id: number;
}

type PlotShape = Pick<Plot, 'lot' | 'cell' | 'polygon' | 'sibling'>;

function toPlot({ lot, cell, polygon, sibling }: PlotShape): Plot {
  const [x, y] = middle(polygon[0]!);
  const size = polygon.reduce((sum, ring) => sum + ringArea(ring), 0);
  return { lot, cell, polygon, x, y, size, sibling, number: 0, id: 0 };
}

/** Returns the plots of a sheet, which cover it, and adds the lanes between them. */
function layPlots(model: Model, { cells, divided }: MapSheet, lanes: BlockLane[]): Plot[] {
  const plots: Plot[] = [];
  const blocks = new Map(
    cells
      .filter((cell) => model.cover[cell] !== 'water')
      .map((cell) => {
        const cut = subdivideCell(model, cell, divided.has(cell));
        lanes.push(...cut.lanes);
        let before: Plot | undefined;
        for (const lot of cut.lots) {
          const ring = toMillimetres(lot.ring);
          if (ring.length < 6) continue;
          const sibling = lot.split ? before : undefined;
          before = toPlot({ lot, cell, polygon: [ring], sibling });
          plots.push(before);
        }
        return [cell, cut.pieces] as const;
      }),
  );
  for (const { use, cell, polygon } of publicLand(model.mesh, cells, (each) => blocks.get(each) ?? [])) {
    plots.push(toPlot({ lot: { ring: polygon[0]!, use }, cell, polygon, sibling: undefined }));
  }
  return plots;
}

/** Numbers the plots of a sheet as surveyors do: from the north-west, row by row, from west to east. */
export function numberPlots(model: Model, sheet: MapSheet, lanes: BlockLane[]): Plot[] {
  const plots = layPlots(model, sheet, lanes);
  const band = sheet.size / 12;
  const order = plots.map((plot, index) => ({ index, key: -Math.floor(plot.y / band) * 1e7 + plot.x }));
  order.sort((a, b) => a.key - b.key);
  order.forEach(({ index }, place) => {
    plots[index]!.number = place + 1;
  });
  return plots;
}

/** Numbers of a plot on its old sheet: its own, and those of the plots that it came from. */
export interface OldNumbers {
  number: number;
  readonly parents: number[];
}

/**
 * Numbers the plots on the old sheets: from the west, column by column. A plot that was split or merged since then has
 * the next free number of its sheet, and its parents have the earlier ones.
 */
export function oldNumbers(model: Model, sheet: MapSheet, plots: readonly Plot[]): Map<Plot, OldNumbers> {
  const last = new Map<string, number>();
  const take = (plot: Plot) => {
    const former = formerOf(model, plot.cell)!.code;
    const number = (last.get(former) ?? 0) + 1;
    last.set(former, number);
    return number;
  };
  const column = sheet.size / 9;
  const numbers = new Map<Plot, OldNumbers>(
    [...plots]
      .map((plot) => ({ plot, key: Math.floor(plot.x / column) * 1e7 - plot.y }))
      .sort((a, b) => a.key - b.key)
      .map(({ plot }) => [plot, { number: take(plot), parents: [] }]),
  );
  for (const [plot, old] of numbers) {
    const sibling = plot.sibling && numbers.get(plot.sibling);
    if (sibling && !sibling.parents.length && !old.parents.length) {
      for (const each of [sibling, old]) each.parents.push(sibling.number);
      [sibling.number, old.number] = [take(plot.sibling!), take(plot)];
    } else if (plot.lot.merged && !old.parents.length) {
      old.parents.push(old.number, take(plot));
      old.number = take(plot);
    }
  }
  return numbers;
}
