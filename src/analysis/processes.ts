import type { Database } from '../database/database.ts';
import { bufferProcess } from './buffer/buffer-process.ts';
import type { Process } from './process.ts';

/**
 * Every process that there is, in the order in which they are listed.
 * @param homeSrid VN-2000 zone of the province
 */
export function listProcesses(db: Database, homeSrid: number): readonly Process[] {
  return [bufferProcess(db, homeSrid)];
}
