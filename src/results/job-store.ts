import type { Database, QueryOptions } from '../database/database.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { Problem, type Text } from '../lib/errors.ts';
import { forgetFileQuery } from './file-query.ts';
import { isJobId, type Job, newJobId, type RequestedRun, type StoredOutcome } from './job.ts';
import { dismissQuery, forgetLayersQuery, insertJobQuery, jobQuery, outcomeQuery } from './job-query.ts';

/** Limits of a new job. */
export interface StoreLimits {
  /** Waiting jobs of all instances. */
  readonly waiting: number;
  /** Days until a result expires. */
  readonly days: number;
}

/** Jobs in the database, as requests read and change them. */
export class JobStore {
  readonly #db: Database;
  readonly #limits: StoreLimits;

  constructor(db: Database, limits: StoreLimits) {
    this.#db = db;
    this.#limits = limits;
  }

  /** @throws Problem overloaded if too many wait; forbidden if the role may not write */
  async add(asked: RequestedRun): Promise<string> {
    const [row] = await this.#db
      .query<{ id: string }>(insertJobQuery(newJobId(), asked, this.#limits))
      .catch(throwExplained);
    if (row) return row.id;
    throw new Problem('overloaded', {
      vi: `Đã có ${this.#limits.waiting} tác vụ đang chờ. Hãy thử lại sau ít phút.`,
      en: `${this.#limits.waiting} jobs are waiting already. Try again in a few minutes.`,
    });
  }

  /** @throws Problem not-found for an unknown id, gone for an expired job */
  async require(id: string, isVisible: (job: Job) => boolean = () => true): Promise<Job> {
    const [row] = isJobId(id)
      ? await this.#db.query<Job & { isExpired: boolean }>(jobQuery(id), { prepared: true }).catch(throwExplained)
      : [];
    if (!row || !isVisible(row))
      throw new Problem('not-found', this.#absent('Không có tác vụ này', 'There is no such job'));
    const { isExpired, ...job } = row;
    if (isExpired) throw new Problem('gone', this.#absent('Kết quả này đã hết hạn', 'This result has expired'));
    return job;
  }

  /** Returns the result of a successful job; undefined if it was dropped. */
  async outcome(id: string): Promise<StoredOutcome | undefined> {
    const [row] = await this.#db.query<StoredOutcome>(outcomeQuery(id), { prepared: true });
    return row;
  }

  /**
   * Dismisses a job in whatever state, and drops its rows.
   * @param progress percent that its run here has reached; 0 if it does not run here
   */
  async dismiss(id: string, progress: number): Promise<Job> {
    await this.require(id);
    const [job] = await this.#db.query<Job>(dismissQuery(id, progress)).catch(throwExplained);
    if (!job) throw new Error(`job ${id} was lost`);
    await forgetRows(this.#db, id);
    return job;
  }

  #absent(vi: string, en: string): Text {
    const { days } = this.#limits;
    return {
      vi: `${vi}. Kết quả được giữ ${days} ngày; hãy chạy lại.`,
      en: `${en}. Results are stored for ${days} days; run it again.`,
    };
  }
}

/** Removes the layers and the file of a job. */
export async function forgetRows(db: Database, id: string, options: QueryOptions = {}): Promise<void> {
  await db.query(forgetLayersQuery(id), options);
  await db.query(forgetFileQuery(id), options);
}

/** @throws Problem forbidden if the role may not use the jobs */
function throwExplained(error: unknown): never {
  if (!isForbidden(error)) throw error;
  throw new Problem('forbidden', {
    vi: 'Máy chủ này chỉ được đọc cơ sở dữ liệu nên không chạy được phân tích. Người vận hành cần cấp quyền ghi vào schema "result".',
    en: 'This server may only read the database, so it runs no processes. Its operator must grant the right to write to schema "result".',
  });
}
