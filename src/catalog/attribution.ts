import type { Text } from '../lib/errors.ts';

/** Whose data it is; says so where it is the sample, invented from a seed. */
export function attributionOf(agency: string, synthetic: boolean): Text {
  if (!synthetic) return { vi: agency, en: agency };
  return { vi: `${agency} · dữ liệu mô phỏng, không có thật`, en: `${agency} · synthetic data, not real` };
}
