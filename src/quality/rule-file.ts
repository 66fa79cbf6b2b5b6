import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { SQL_FOLDER } from '../database/sql.ts';
import { BootError, Problem } from '../lib/errors.ts';
import { readShape } from '../lib/shape.ts';
import { parseDependences } from './dependence.ts';
import { ALL_LAYERS, type QualityRule, ruleHead } from './rule.ts';

const HEAD_LINE = /^-- ([a-z_]+): (.*)$/;

/** Reads every rule of `sql/quality`, in order of their names; those that count amounts come last. @throws BootError that names the file and its fault */
export function readQualityRules(): readonly QualityRule[] {
  const folder = new URL('quality/', SQL_FOLDER);
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  const rules = files
    .sort()
    .map((file) => parseRule(file.slice(0, -'.sql'.length), readFileSync(new URL(file, folder), 'utf8')));
  // Amounts may rest on the findings of other rules.
  return [...rules.filter(({ counts }) => counts === 'records'), ...rules.filter(({ counts }) => counts === 'amounts')];
}

/**
 * Parses a file: lines `-- name: value`, then one SELECT.
 * @throws BootError that names the file, the member of its head that is wrong, and what would be right
 */
export function parseRule(id: string, text: string): QualityRule {
  const file = `sql/quality/${id}.sql`;
  if (!/^[a-z][a-z0-9-]*$/.test(id)) throw new BootError(`${file}: a name has only a-z, 0-9 and hyphens.`);
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !HEAD_LINE.test(line));
  const pairs = lines
    .slice(0, end)
    .map((line) => (HEAD_LINE.exec(line) ?? []).slice(1) as [name: string, value: string]);
  const twice = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) !== index);
  if (twice) throw new BootError(`${file}: "${twice[0]}" stands there twice.`);
  const findings = lines.slice(end).join('\n').trim();
  const head = readHead(file, Object.fromEntries(pairs));
  if (!/^(--.*\n)*(SELECT|WITH)\b/.test(findings) || [findings, head.scope].some((part) => /;|\$\d/.test(part)))
    throw new BootError(`${file}: below its head must stand one SELECT, without a semicolon or a parameter.`);
  return {
    id,
    title: { vi: head.title_vi, en: head.title_en },
    layer: head.layer,
    counts: head.counts,
    subject: head.subject ?? head.layer,
    criterion: head.criterion,
    severity: head.severity,
    weight: head.weight,
    scope: { condition: head.scope, vi: head.scope_vi, en: head.scope_en },
    tolerance: readTolerance(file, head),
    measureUnit: readMeasureUnit(file, head),
    depends: parseDependences(file, head.depends),
    reach: readReach(file, head),
    coverage: readCoverage(file, head),
    largest: head.largest,
    recheckHours: head.recheck_hours,
    basis: head.basis,
    advice: { vi: head.advice_vi, en: head.advice_en },
    lacking: readLacking(file, head),
    findings,
    hash: createHash('sha1').update(text).digest('base64url'),
  };
}

type Head = ReturnType<typeof readHead>;

function readHead(file: string, members: Readonly<Record<string, string>>) {
  try {
    return readShape(ruleHead, members, { root: '' });
  } catch (error) {
    if (error instanceof Problem) throw new BootError(`${file}: ${error.detail.en}`);
    throw error;
  }
}

function readTolerance(file: string, head: Head): QualityRule['tolerance'] {
  const { tolerance: value, tolerance_vi: vi, tolerance_en: en } = head;
  if (value === undefined && vi === undefined && en === undefined) return undefined;
  if (value === undefined || vi === undefined || en === undefined)
    throw new BootError(`${file}: "tolerance", "tolerance_vi" and "tolerance_en" go together.`);
  return { value, vi, en };
}

/** Amounts are shown with their unit. */
function readMeasureUnit(file: string, { layer, counts, measure_unit: unit }: Head): string | undefined {
  if (layer === ALL_LAYERS && counts !== 'amounts')
    throw new BootError(`${file}: a rule of all layers counts amounts, which are columns.`);
  if (counts === 'amounts' && unit === undefined)
    throw new BootError(`${file}: a rule that counts amounts has their "measure_unit".`);
  return unit;
}

/** Records are found by their keys, amounts by their places. */
function readReach(file: string, { layer, counts, reach }: Head): number | undefined {
  if (reach !== undefined && (counts !== 'amounts' || layer === ALL_LAYERS))
    throw new BootError(`${file}: "reach" is of rules that count amounts of one layer.`);
  return reach;
}

/** Overlaps are of records, gaps are places. */
function readCoverage(file: string, { coverage, counts, reach, tolerance }: Head): QualityRule['coverage'] {
  const isFit = coverage === 'gaps' ? reach !== undefined : counts === 'records';
  if (coverage !== undefined && (!isFit || tolerance === undefined))
    throw new BootError(`${file}: "coverage" needs a "tolerance"; gaps have a "reach", and overlaps are of records.`);
  return coverage;
}

function readLacking(file: string, { lacking_vi: vi, lacking_en: en }: Head): QualityRule['lacking'] {
  if (vi === undefined && en === undefined) return undefined;
  if (vi === undefined || en === undefined) throw new BootError(`${file}: "lacking_vi" and "lacking_en" go together.`);
  return { vi, en };
}
