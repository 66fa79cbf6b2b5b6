import { paceOf } from '../../quality/pace.ts';
import { ALL_LAYERS } from '../../quality/rule.ts';
import {
  type CriterionScore,
  type DatabaseScore,
  type Mending,
  openFindings,
  rankMending,
  rulesOf,
  SCORE_LINES,
  scoreOfAll,
} from '../../quality/score.ts';
import { listThemes } from '../../themes.ts';
import { selfLinks } from '../kit/document.ts';
import { qualityNotes } from './quality-notes.ts';
import type { QualityDatabase, QualityDocument } from './quality-shapes.ts';
import { qualityUrl } from './quality-urls.ts';
import {
  askedRuleDocument,
  floorScore,
  openOf,
  type QualityScope,
  ruleDocument,
  shownScore,
  unitDocument,
} from './rule-document.ts';

/** Rules in the list of what to mend first. */
const MENDINGS = 10;

/** Returns the document of a unit, or of all units, with the findings of a rule if one is asked for. */
export function qualityDocument(scope: QualityScope): QualityDocument {
  const { scores, unit, trend, asked, place } = scope;
  const databases = unit?.databases ?? scores.databases;
  const { code, validFrom, name } = unit ?? { code: null, validFrom: null, name: null };
  const { state, days } = paceOf(trend);
  return {
    unit: unit ? { code, validFrom, name } : null,
    ...shownScore(scoreOfAll(databases)),
    lines: SCORE_LINES,
    findings: openOf(rulesOf(databases)),
    notes: qualityNotes(scores.weights),
    databases: databases.map((each) => databaseDocument(each, scope)),
    mending: rankMending(databases)
      .slice(0, MENDINGS)
      .map((each) => mendingDocument(each, scope)),
    trend: {
      snapshots: trend.map(({ day, score, findings }) => ({ day, score: floorScore(score), findings })),
      state,
      daysLeft: days,
    },
    units: unit ? [] : scores.units.map((each) => unitDocument(each, place)),
    rule: asked ? askedRuleDocument(asked, scope) : null,
    links: selfLinks(place),
  };
}

/** Stands for every database and every layer, whose columns some rules assess. */
const ALL = { id: ALL_LAYERS, title: { vi: 'Mọi lớp công khai', en: 'All public layers' } };

function databaseDocument({ database, weight, score, fields }: DatabaseScore, scope: QualityScope): QualityDatabase {
  const titles = [ALL, ...listThemes()];
  return {
    database,
    title: titles.find(({ id }) => id === database)?.title ?? { vi: database, en: database },
    weight,
    ...shownScore(score),
    fields: fields.map(({ layer, weight: ofLayer, score: mean, criteria }) => ({
      layer,
      title: [ALL, ...scope.layers].find(({ id }) => id === layer)?.title ?? { vi: layer, en: layer },
      weight: ofLayer,
      ...shownScore(mean),
      criteria: criteria.map((each) => criterionDocument(each, scope)),
    })),
  };
}

function criterionDocument({ criterion, title, weight, score, rules }: CriterionScore, scope: QualityScope) {
  return {
    criterion,
    title,
    weight,
    ...shownScore(score),
    rules: rules.map((each) => ruleDocument(each, scope)),
  };
}

function mendingDocument(mending: Mending, scope: QualityScope): QualityDocument['mending'][number] {
  const { scored, points, pointsEach } = mending;
  const { id, title, advice } = scored.rule;
  return {
    rule: id,
    title,
    advice,
    findings: openFindings(scored),
    points,
    pointsEach,
    most: scope.unit ? null : unitWithMost(id, scope),
    url: qualityUrl(scope.place, { unit: scope.unit, rule: id }),
  };
}

function unitWithMost(rule: string, { scores, place }: QualityScope) {
  const counted = scores.units.map((unit) => ({
    unit,
    findings: openOf(rulesOf(unit.databases).filter((scored) => scored.rule.id === rule)),
  }));
  const most = counted.reduce((a, b) => (b.findings > a.findings ? b : a));
  return { name: most.unit.name, findings: most.findings, url: qualityUrl(place, { unit: most.unit, rule }) };
}
