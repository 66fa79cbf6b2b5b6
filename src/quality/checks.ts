import type { Logger } from 'pino';
import type { Database, Listener, Session } from '../database/database.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { ends } from '../lib/deadline.ts';
import { Loop } from '../lib/loop.ts';
import { HOUR_MS } from '../lib/time.ts';
import { checkAllInTurn, checkDue, countDue, isOfRule } from './check.ts';
import { relationsOf, takeTouched, watchedColumns } from './due.ts';
import * as queries from './due-query.ts';
import type { BoundRule } from './rule.ts';
import { hasKeysDue, isCountDue, isWholeDue, PAUSES, type Pauses } from './schedule.ts';
import { watchTables } from './watch.ts';

const CHANNEL = 'diaba_quality';
/** Interval in milliseconds at which touched rows are looked for. NOTIFY only lowers the latency. */
const LOOK_MS = 5000;
/** Rounds in which touched rows are taken before keys are checked, so that busy writers do not delay them. */
const MOST_ROUNDS = 20;
/** Milliseconds for running checks to stop at the end of the server. */
const CLOSE_MS = 500;
/** Pause in milliseconds while another instance is at what is due. */
const ELSEWHERE_MS = 50;

export interface ChecksOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly rules: readonly BoundRule[];
  /** False: this instance leaves the checks to others. */
  readonly isOn?: boolean;
  /** Resolves when work that has precedence over whole runs is done. */
  readonly ready?: () => Promise<void>;
  readonly pauses?: Pauses;
}

/**
 * Checks what an edit has touched, within seconds of its commit, whoever wrote it. Two loops share the work: one takes
 * keys, the other runs rules as a whole, one at a time among all instances.
 */
export class Checks {
  readonly #options: ChecksOptions;
  readonly #pauses: Pauses;
  readonly #stop = new AbortController();
  readonly #following = new Loop(() => this.#guarded(() => this.#follow()));
  readonly #renewing = new Loop(() => this.#guarded(() => this.#renew()));
  #timers: readonly NodeJS.Timeout[] = [];
  #listener: Promise<Listener | undefined> = Promise.resolve(undefined);
  #isWatching = false;
  /** The role may not write to schema `quality`. */
  #isForbidden = false;

  constructor(options: ChecksOptions) {
    this.#options = options;
    this.#pauses = options.pauses ?? PAUSES;
  }

  /** Begins to follow edits. A role that may only read leaves it to other instances, and says so once. */
  start(): void {
    const { db, log, isOn = true } = this.#options;
    this.#timers = [setInterval(() => void this.#compact(), HOUR_MS).unref()];
    void this.#compact();
    if (!isOn) return;
    this.#listener = db
      .listen(CHANNEL, (payload) => void this.#receive(payload))
      .catch((error: unknown) => {
        log.debug({ err: error }, 'edits are looked for without notifications');
        return undefined;
      });
    this.#timers = [...this.#timers, setInterval(() => this.#wake(), LOOK_MS).unref()];
    this.#wake();
  }

  /** Looks again for tables to watch, after a change of definitions. */
  watchAgain(): void {
    this.#isWatching = false;
    this.#wake();
  }

  /** Resolves when nothing is due: all that was committed before is checked, by whatever instance. */
  async settled(): Promise<void> {
    for (;;) {
      await this.#following.wake();
      await this.#renewing.wake();
      if (this.#isOff || !(await this.#isBehind())) return;
      await new Promise((resolve) => setTimeout(resolve, ELSEWHERE_MS).unref());
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    for (const timer of this.#timers) clearInterval(timer);
    await (await this.#listener)?.stop();
    await ends(CLOSE_MS, Promise.all([this.#following.idle(), this.#renewing.idle()]));
  }

  get #isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  get #isOff(): boolean {
    return this.#isClosed || this.#isForbidden || this.#options.isOn === false;
  }

  #wake(): void {
    if (this.#isOff) return;
    void this.#following.wake().then(() => this.#renewing.wake());
  }

  /** @param payload a table whose touched rows a trigger could not write; '' otherwise */
  async #receive(payload: string): Promise<void> {
    const { db, log } = this.#options;
    if (payload !== '')
      await db
        .query(queries.touchQuery(payload))
        .catch((error) => log.warn({ err: error }, `${payload} is not checked`));
    this.#wake();
  }

  /** Runs one round of a loop. Its errors end the round only, or all rounds if the role may not write. */
  async #guarded(round: () => Promise<void>): Promise<void> {
    const { log } = this.#options;
    if (this.#isOff) return;
    try {
      await round();
    } catch (error) {
      if (this.#isClosed) return;
      if (!isForbidden(error)) return log.warn({ err: error }, 'edits not checked; the next look tries again');
      this.#isForbidden = true;
      for (const timer of this.#timers) clearInterval(timer);
      log.warn('the role may not write to schema "quality": edits are not checked');
    }
  }

  /** Checks the keys that are due, rule by rule, and then counts the records of their units. */
  async #follow(): Promise<void> {
    const { db, rules } = this.#options;
    // A role that may not write fails here, before it tries to watch.
    await takeTouched(db, rules);
    if (!this.#isWatching) await this.#watch();
    for (let round = 0; round < MOST_ROUNDS && (await takeTouched(db, rules)); round++);
    for (const { bound } of await this.#rulesThat(hasKeysDue)) await this.#takeAll(bound, checkDue);
    for (const { bound } of await this.#rulesThat(isCountDue)) await this.#takeAll(bound, countDue);
  }

  /** Returns the rules whose state is so, with it. */
  async #rulesThat(
    isSo: (bound: BoundRule, state: queries.RuleState) => boolean,
    session: Pick<Session, 'query'> = this.#options.db,
  ): Promise<readonly { readonly bound: BoundRule; readonly state: queries.RuleState }[]> {
    const { rules } = this.#options;
    const ids = rules.map(({ rule }) => rule.id);
    const rows = await session.query<queries.RuleState>(queries.statesQuery(ids), { priority: 'background' });
    const states = new Map(rows.map((row) => [row.rule, row]));
    return rules.flatMap((bound) => {
      const state = states.get(bound.rule.id);
      return state && isSo(bound, state) ? [{ bound, state }] : [];
    });
  }

  async #watch(): Promise<void> {
    const { db, log, rules } = this.#options;
    this.#isWatching = true;
    for (const { table, error } of await watchTables(db, watchedColumns(rules)))
      log.warn({ err: error }, `edits of ${table} are not checked one by one, but once a day`);
  }

  /** Takes what is due of a rule until nothing is. */
  async #takeAll(bound: BoundRule, take: typeof checkDue): Promise<void> {
    const { db, log } = this.#options;
    try {
      let isMore = true;
      while (isMore && !this.#isClosed) isMore = await take(db, bound, { signal: this.#stop.signal });
    } catch (error) {
      if (!isOfRule(error)) throw error;
      // The whole run that follows records the failure, if it fails too.
      log.warn({ err: error }, `${bound.rule.id}: edits not checked`);
      await db.transaction(async (session) => {
        await session.query(queries.forgetDueQuery(bound.rule.id));
        await session.query(queries.insertDueQuery([queries.allOf(bound.rule.id)]));
      });
    }
  }

  /** Runs rules as a whole that are due so, those that never ran first. */
  async #renew(): Promise<void> {
    const { db, ready } = this.#options;
    await ready?.();
    for (;;) {
      const bound = await this.#nextWhole();
      if (!bound || this.#isClosed) return;
      const isDue = async (session: Session) => {
        const still = await this.#rulesThat((each, state) => each === bound && this.#isWholeDue(each, state), session);
        return still.length > 0;
      };
      const isDone = await checkAllInTurn(db, bound, {
        signal: this.#stop.signal,
        priority: 'background',
        isDue,
      }).catch((error: unknown) => {
        if (!isOfRule(error)) throw error;
        this.#options.log.warn({ err: error }, `${bound.rule.id}: not assessed`);
        return true;
      });
      if (!isDone) return;
      // Edits that came meanwhile.
      void this.#following.wake();
    }
  }

  async #nextWhole(): Promise<BoundRule | undefined> {
    const due = await this.#rulesThat((bound, state) => this.#isWholeDue(bound, state));
    const ageOf = ({ hash, age }: queries.RuleState) => (hash === null ? Number.POSITIVE_INFINITY : age);
    return due.toSorted((a, b) => ageOf(b.state) - ageOf(a.state))[0]?.bound;
  }

  #isWholeDue(bound: BoundRule, state: queries.RuleState): boolean {
    return isWholeDue(bound, state, this.#pauses);
  }

  async #isBehind(): Promise<boolean> {
    const { db, rules } = this.#options;
    // Taken rows become due in the same transaction, so that this order misses none.
    if ((await db.query(queries.anyTouchedQuery(relationsOf(rules)))).length > 0) return true;
    const waiting = await this.#rulesThat(
      (bound, state) => hasKeysDue(bound, state) || isCountDue(bound, state) || this.#isWholeDue(bound, state),
    );
    return waiting.length > 0;
  }

  async #compact(): Promise<void> {
    const { db, log } = this.#options;
    await db.query(queries.compactTouchedQuery(), { priority: 'background' }).catch((error: unknown) => {
      if (!isForbidden(error)) log.debug({ err: error }, 'touched rows not compacted');
    });
  }
}
