import type { Layer } from '../../catalog/layer.ts';
import type { Text } from '../../lib/errors.ts';
import type { Finding } from '../../quality/finding-query.ts';
import type { QualityScores, UnitScore } from '../../quality/quality.ts';
import { openFindings, type RuleScore, rulesOf, type Score, scoreColour, scoreOfAll } from '../../quality/score.ts';
import type { ScoreSnapshot } from '../../quality/snapshot-query.ts';
import type { DocumentPlace } from '../kit/document.ts';
import { whyUnassessed } from './quality-notes.ts';
import type { ListedFinding, RuleDocument, ScoredRule, ScoredUnit } from './quality-shapes.ts';
import { findingMapUrl, findingsUrl, findingUrl, qualityUrl } from './quality-urls.ts';

/** A rule that a request asks about. */
export interface AskedRule {
  readonly scored: RuleScore;
  /** The first of its open findings. */
  readonly findings: readonly Finding[];
}

/** All that a document shows, and its place. */
export interface QualityScope {
  readonly scores: QualityScores;
  /** undefined: the whole province. */
  readonly unit: UnitScore | undefined;
  readonly trend: readonly ScoreSnapshot[];
  readonly asked: AskedRule | undefined;
  /** Those that the asking one may see, for their titles. */
  readonly layers: readonly Layer[];
  readonly place: DocumentPlace;
}

/** Returns a rule with its score by commune, and its first findings. */
export function askedRuleDocument({ scored, findings }: AskedRule, scope: QualityScope): RuleDocument {
  const { scores, unit } = scope;
  const units = scores.units.flatMap((each) => {
    const own = rulesOf(each.databases).find(({ rule }) => rule.id === scored.rule.id);
    return own && own.score !== null ? [unitDocument(each, scope.place, own)] : [];
  });
  return {
    ...ruleDocument(scored, scope),
    units: unit ? [] : units,
    listed: findings.map((finding) => findingDocument(finding, scope)),
  };
}

function findingDocument(finding: Finding, { place }: QualityScope): ListedFinding {
  const { id, layer, key, severity, vi, en, measure, foundAt, reason, lon, lat } = finding;
  return {
    id,
    layer,
    key,
    severity,
    title: { vi, en },
    measure,
    foundAt,
    acknowledgedReason: reason,
    lon,
    lat,
    item: findingUrl(place, finding),
    map: findingMapUrl(place, finding),
  };
}

/** 99.96 % is not 100 %, so that a score is rounded down. */
export function shownScore(score: Score) {
  return { score: score === null ? null : floorScore(score), colour: scoreColour(score) };
}

export function floorScore(score: number): number {
  return Math.floor(score * 10 + 1e-9) / 10;
}

export function openOf(rules: readonly RuleScore[]): number {
  return rules.reduce((sum, rule) => sum + openFindings(rule), 0);
}

/** Returns a rule with its score, in a unit or everywhere. */
export function ruleDocument(scored: RuleScore, { scores, unit, place }: QualityScope): ScoredRule {
  const { rule, weight, score, records, failing, findings, acknowledged } = scored;
  const { id, title, severity, scope, tolerance, basis, advice, hash, counts, measureUnit } = rule;
  const run = scores.runs.get(id);
  return {
    rule: id,
    title,
    severity,
    scope: { vi: scope.vi, en: scope.en },
    tolerance: tolerance ? { vi: tolerance.vi, en: tolerance.en } : null,
    basis,
    advice,
    counts,
    unit: counts === 'amounts' && measureUnit !== undefined ? unitText(measureUnit) : null,
    records,
    failing,
    findings,
    acknowledged,
    weight,
    ...shownScore(score),
    why: score === null ? whyUnassessed(rule, run) : null,
    checkedAt: run?.at ?? null,
    isCurrent: run !== undefined && !run.failed && run.hash === hash,
    url: qualityUrl(place, { unit, rule: id }),
    items: findingsUrl(place, id, unit),
  };
}

/** Returns a unit of measure in both languages: "thửa / parcels", or "m²" for both. */
function unitText(measureUnit: string): Text {
  const [vi = measureUnit, en = vi] = measureUnit.split(' / ');
  return { vi, en };
}

/** Returns the score of a unit; in one rule, if that is given. */
export function unitDocument(unit: UnitScore, place: DocumentPlace, scored?: RuleScore): ScoredUnit {
  const { code, validFrom, name, databases } = unit;
  const score = scored ? scored.score : scoreOfAll(databases);
  const findings = openOf(scored ? [scored] : rulesOf(databases));
  const url = qualityUrl(place, { unit, rule: scored?.rule.id });
  return { code, validFrom, name, ...shownScore(score), findings, url };
}
