import type { Database } from '../database/database.ts';
import { bufferProcess } from './buffer/buffer-process.ts';
import { landStatisticsProcess } from './land-statistics/statistics-process.ts';
import { listProcess } from './list/list-process.ts';
import { nearestProcess } from './nearest/nearest-process.ts';
import { overlayProcess } from './overlay/overlay-process.ts';
import type { Process } from './process.ts';
import { routeTakeProcess } from './route-take/route-process.ts';
import { summariseProcess } from './summarise/summarise-process.ts';

/**
 * Returns every process, in the order of the list.
 * @param homeSrid VN-2000 zone of the province
 */
export function createProcesses(db: Database, homeSrid: number): readonly Process[] {
  return [
    bufferProcess(db, homeSrid),
    overlayProcess(db, homeSrid),
    routeTakeProcess(db, homeSrid),
    listProcess(db),
    nearestProcess(db, homeSrid),
    summariseProcess(db, homeSrid),
    landStatisticsProcess(db),
  ];
}
