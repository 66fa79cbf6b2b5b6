import type { Database } from '../database/database.ts';
import { bufferProcess } from './buffer/buffer-process.ts';
import type { Process } from './process.ts';

/**
 * Returns every process, in the order of the list.
 * @param homeSrid VN-2000 zone of the province
 */
export function listProcesses(db: Database, homeSrid: number): readonly Process[] {
  return [bufferProcess(db, homeSrid)];
}
