import type { Catalog } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { groupBy } from '../lib/group.ts';
import {
  type Finding,
  type FindingScope,
  findingsOfRuleQuery,
  type UnitShape,
  unitShapesQuery,
} from './finding-query.ts';
import type { BoundRule, QualityRule } from './rule.ts';
import { readQualityRules } from './rule-file.ts';
import { bindRules } from './rules.ts';
import { type DatabaseScore, openFindings, rulesOf, scoreDatabases, scoreOfAll } from './score.ts';
import {
  type LastRun,
  lastRunsQuery,
  namedUnitQuery,
  type TallyRow,
  tallyQuery,
  type WeightRow,
  weightsQuery,
} from './score-query.ts';
import { type ScoreSnapshot, snapshotsQuery, type UnitSnapshot, writeSnapshotsQuery } from './snapshot-query.ts';

/** A unit with assessed records; `code` is null for records in no unit. */
export interface UnitScore {
  readonly code: string | null;
  readonly validFrom: string | null;
  readonly name: string | null;
  readonly databases: readonly DatabaseScore[];
}

export interface QualityScores {
  readonly databases: readonly DatabaseScore[];
  /** Units in order of their codes; records in no unit come last. */
  readonly units: readonly UnitScore[];
  /** The last run of each rule that has run. */
  readonly runs: ReadonlyMap<string, LastRun>;
  readonly weights: readonly WeightRow[];
}

/** Days of the trend. */
const TREND_DAYS = 180;

/** The rules of the server, and the scores of their last runs. */
export class Quality {
  readonly #db: Database;
  readonly rules: readonly BoundRule[];

  /** @throws BootError for a rule whose head or layer is wrong */
  constructor(db: Database, catalog: Catalog) {
    this.#db = db;
    this.rules = bindRules(readQualityRules(), catalog);
  }

  /**
   * Returns the score of a commune by its code or name; nothing of it need be assessed.
   * @returns undefined if there is no such commune
   */
  async unit(asked: string, { units, weights }: QualityScores, options: QueryOptions = {}) {
    const [named] = await this.#db.query<UnitKey>(namedUnitQuery(asked), options);
    if (!named) return undefined;
    const sameCode = units.filter(({ code }) => code === named.unitCode);
    const own = sameCode.find(({ validFrom }) => validFrom === named.unitValidFrom) ?? sameCode.at(-1);
    return own ?? unitScore(named, scoreDatabases(this.#plainRules(), [], weights));
  }

  async scores(options: QueryOptions = {}): Promise<QualityScores> {
    const rules = this.#plainRules();
    const amounts = rules.filter(({ counts }) => counts === 'amounts').map(({ id }) => id);
    const [tallies, runs, weights] = await Promise.all([
      this.#db.query<TallyRow>(tallyQuery(amounts), options),
      this.#db.query<LastRun>(lastRunsQuery(), options),
      this.#db.query<WeightRow>(weightsQuery(), options),
    ]);
    return {
      databases: scoreDatabases(rules, tallies, weights),
      units: [...groupBy(tallies, ({ unitCode, unitValidFrom }) => `${unitCode} ${unitValidFrom}`).values()].map(
        (own) => unitScore(own[0] as TallyRow, scoreDatabases(rules, own, weights)),
      ),
      runs: new Map(runs.map((run) => [run.rule, run])),
      weights,
    };
  }

  /** Returns open findings of a rule, those that count and have the largest measure first. */
  findings(scope: FindingScope, options: QueryOptions = {}): Promise<Finding[]> {
    return this.#db.query<Finding>(findingsOfRuleQuery(scope), options);
  }

  /** Returns the boundaries of the communes in force. */
  unitShapes(options: QueryOptions = {}): Promise<UnitShape[]> {
    return this.#db.query<UnitShape>(unitShapesQuery(), options);
  }

  /** Returns the snapshots of a unit, or of everything, from old to new; that of today as it is now. */
  trend(
    scores: Pick<UnitScore, 'code' | 'validFrom' | 'databases'>,
    options: QueryOptions = {},
  ): Promise<ScoreSnapshot[]> {
    return this.#db.query<ScoreSnapshot>(snapshotsQuery(snapshotOf(scores), TREND_DAYS), options);
  }

  /** Writes the scores as the snapshot of today, in place of an earlier one of today. Nothing assessed leaves none. */
  async writeSnapshots(options: QueryOptions = {}): Promise<void> {
    const { databases, units } = await this.scores(options);
    const all = { code: null, validFrom: null, databases };
    const snapshots = [all, ...units.filter(({ code }) => code !== null)].map(snapshotOf);
    await this.#db.query(writeSnapshotsQuery(snapshots), options);
  }

  #plainRules(): readonly QualityRule[] {
    return this.rules.map(({ rule }) => rule);
  }
}

type UnitKey = Pick<TallyRow, 'unitCode' | 'unitValidFrom' | 'unitName'>;

function snapshotOf({ code, validFrom, databases }: Pick<UnitScore, 'code' | 'validFrom' | 'databases'>): UnitSnapshot {
  const findings = rulesOf(databases).reduce((sum, rule) => sum + openFindings(rule), 0);
  return { code, validFrom, score: scoreOfAll(databases), findings };
}

function unitScore({ unitCode, unitValidFrom, unitName }: UnitKey, databases: readonly DatabaseScore[]): UnitScore {
  return { code: unitCode, validFrom: unitValidFrom, name: unitName, databases };
}
