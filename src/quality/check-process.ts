import { z } from 'zod';
import type {
  InputValues,
  JobContext,
  Outcome,
  OutputValues,
  Process,
  ProcessInput,
  ProcessOutput,
} from '../analysis/process.ts';
import { wrongInput } from '../analysis/wrong-input.ts';
import { type Database, DatabaseError } from '../database/database.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { textSchema } from '../lib/schema.ts';
import { checkAll } from './check.ts';
import type { BoundRule } from './rule.ts';

const MOST_RULES = 200;

const CHECK_INPUTS = {
  rules: {
    description: {
      vi: 'Mã các quy tắc cần kiểm tra; không có: mọi quy tắc',
      en: 'Ids of the rules to check; absent: all rules',
    },
    schema: z.array(z.string().min(1).max(63)).min(1).max(MOST_RULES).optional(),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

const count = z.int().nullable();

const CHECK_OUTPUTS = {
  rules: {
    title: { vi: 'Kết quả từng quy tắc', en: 'Result of each rule' },
    schema: z.array(
      z.strictObject({
        rule: z.string(),
        title: textSchema,
        /** Numbers are null if the rule failed. */
        records: count,
        found: count,
        opened: count,
        closed: count,
      }),
    ),
    type: 'application/json',
  },
} satisfies Readonly<Record<string, ProcessOutput>>;

type CheckedRule = OutputValues<typeof CHECK_OUTPUTS>['rules'][number];

/** Returns the process that runs rules over all their records. The findings are rows of layer `quality.finding`. */
export function checkProcess(
  db: Database,
  rules: readonly BoundRule[],
): Process<InputValues<typeof CHECK_INPUTS>, readonly BoundRule[]> {
  return {
    id: 'quality-check',
    version: '1.0.0',
    title: { vi: 'Kiểm tra chất lượng dữ liệu', en: 'Data quality check' },
    description: {
      vi: 'Chạy các quy tắc trên toàn bộ dữ liệu. Lỗi tìm được là lớp quality.finding: lỗi mới được mở, lỗi đã sửa được đóng.',
      en: 'Runs the rules over all data. The findings are the layer quality.finding: new ones open, mended ones close.',
    },
    inputs: CHECK_INPUTS,
    outputs: CHECK_OUTPUTS,
    prepare: async ({ rules: ids }) => chosenRules(ids, rules),
    run: (chosen, context) => runRules(db, chosen, context),
  };
}

function chosenRules(ids: readonly string[] | undefined, rules: readonly BoundRule[]): readonly BoundRule[] {
  const known = new Set(rules.map(({ rule }) => rule.id));
  const wrong = ids?.find((id) => !known.has(id));
  if (wrong !== undefined) {
    const list = [...known].join(', ');
    throw wrongInput('rules', {
      vi: `Không có quy tắc "${wrong}". Có: ${list}.`,
      en: `There is no rule "${wrong}". There are: ${list}.`,
    });
  }
  return ids ? rules.filter(({ rule }) => ids.includes(rule.id)) : rules;
}

async function runRules(db: Database, rules: readonly BoundRule[], context: JobContext): Promise<Outcome> {
  const { signal, onProgress } = context;
  const results: CheckedRule[] = [];
  for (const [index, bound] of rules.entries()) {
    const { id, title } = bound.rule;
    const run = await checkAll(db, bound, { signal, priority: 'background' }).catch((error: unknown) => {
      // One rule that fails on odd data does not stop the others.
      if (signal.aborted || isForbidden(error) || !(error instanceof DatabaseError)) throw error;
      return { records: null, found: null, opened: null, closed: null };
    });
    results.push({ rule: id, title, ...run });
    onProgress((index + 1) / rules.length);
  }
  return { values: { rules: results }, layers: [] };
}
