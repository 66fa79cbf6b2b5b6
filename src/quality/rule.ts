import { z } from 'zod';
import type { Layer } from '../catalog/layer.ts';
import type { Text } from '../lib/errors.ts';
import type { Dependence, RuleSource } from './dependence.ts';

/** Criteria of the state's data-quality index, in its order (CV 4856/BCA-TTDLQG, Phụ lục 3). */
export const CRITERIA = {
  correct: { vi: 'Đúng', en: 'Correct' },
  complete: { vi: 'Đủ', en: 'Complete' },
  clean: { vi: 'Sạch', en: 'Clean' },
  current: { vi: 'Sống', en: 'Current' },
  consistent: { vi: 'Thống nhất', en: 'Consistent' },
} as const satisfies Readonly<Record<string, Text>>;

export type Criterion = keyof typeof CRITERIA;

export const SEVERITIES = {
  error: { vi: 'Lỗi', en: 'Error' },
  warning: { vi: 'Cảnh báo', en: 'Warning' },
  notice: { vi: 'Lưu ý', en: 'Notice' },
} as const satisfies Readonly<Record<string, Text>>;

export type Severity = keyof typeof SEVERITIES;

/** Layer of a rule that assesses the columns of all public layers. */
export const ALL_LAYERS = '*';

const headText = z.string().min(1);
const layerId = z.string().regex(/^[^.\s"]+\.[^.\s"]+$/);

/** The head of a file of `sql/quality`, every value as the text that it holds. */
export const ruleHead = z.strictObject({
  title_vi: headText,
  title_en: headText,
  layer: layerId.or(z.literal(ALL_LAYERS)),
  counts: z.enum(['records', 'amounts']).default('records'),
  /** Layer of the features that findings name, if it is another one. */
  subject: layerId.optional(),
  criterion: z.enum(Object.keys(CRITERIA) as [Criterion, ...Criterion[]]),
  severity: z.enum(Object.keys(SEVERITIES) as [Severity, ...Severity[]]),
  weight: z.coerce.number().positive().max(100),
  /** SQL condition on a row of the layer: those that are assessed. */
  scope: headText,
  scope_vi: headText,
  scope_en: headText,
  tolerance: z.coerce.number().nonnegative().optional(),
  tolerance_vi: headText.optional(),
  tolerance_en: headText.optional(),
  measure_unit: headText.optional(),
  depends: headText.optional(),
  /** Metres from an edited feature to findings that may follow from it. */
  reach: z.coerce.number().positive().max(1000).optional(),
  /** Kind of fault among shapes that should cover the ground once. */
  coverage: z.enum(['overlaps', 'gaps']).optional(),
  /** Square metres of the largest gap. */
  largest: z.coerce.number().positive().optional(),
  /** Hours after which all records are due, also without a change. */
  recheck_hours: z.coerce.number().min(0.1).max(8760).default(24),
  basis: headText,
  advice_vi: headText,
  advice_en: headText,
  lacking_vi: headText.optional(),
  lacking_en: headText.optional(),
});

/** A rule of `sql/quality`, one a file. */
export interface QualityRule {
  /** Name of its file. */
  readonly id: string;
  readonly title: Text;
  /** {@link ALL_LAYERS}: all public ones. */
  readonly layer: string;
  /**
   * `records` pass or fail one by one. `amounts` are expected of a unit as a whole, such as its area, and some of them
   * are missing; what was expected is counted in whole runs only.
   */
  readonly counts: 'records' | 'amounts';
  /** Layer of the features that findings name; {@link ALL_LAYERS}: a finding's key is the layer. */
  readonly subject: string;
  readonly criterion: Criterion;
  readonly severity: Severity;
  /** Weight in the mean of its criterion. */
  readonly weight: number;
  /** The assessed records or amounts in words, and the rows of the layer as an SQL condition. */
  readonly scope: Text & { readonly condition: string };
  /** Deviation that is no finding yet. */
  readonly tolerance: (Text & { readonly value: number }) | undefined;
  /** Unit of the measure; that of all amounts, if the rule counts those. */
  readonly measureUnit: string | undefined;
  /** Tables that its SELECT reads beside the layer. */
  readonly depends: readonly Dependence[];
  /**
   * Metres from an edited feature to findings that may follow from it. A rule that counts amounts then follows edits by
   * their places; undefined: it runs as a whole only.
   */
  readonly reach: number | undefined;
  /**
   * Kind of fault among shapes that should cover the ground once. It shows in their edges, and a whole run assesses only
   * what is suspected there.
   */
  readonly coverage: 'overlaps' | 'gaps' | undefined;
  /** Square metres of the largest gap; undefined: any. */
  readonly largest: number | undefined;
  /** Hours after which all records are due, since findings may follow from the date. */
  readonly recheckHours: number;
  readonly basis: string;
  /** Tells how to mend a finding. */
  readonly advice: Text;
  /** Tells why nothing was assessed. */
  readonly lacking: Text | undefined;
  /** SELECT of the findings of the rows of `scope`; see sql/README.md. */
  readonly findings: string;
  /** Digest of the file. */
  readonly hash: string;
}

/** A rule whose layer is in the catalog. */
export interface BoundRule {
  readonly rule: QualityRule;
  /** That of the findings themselves, if the rule assesses all layers. */
  readonly layer: Layer;
  /** Column of the layer's key; the first of several, if the rule counts amounts. */
  readonly key: string;
  /** Tables whose changes make its records due. */
  readonly sources: readonly RuleSource[];
}
