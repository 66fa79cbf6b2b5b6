import type { Text } from '../lib/errors.ts';

/** Returns the owner of the data, and tells if it is the sample, invented from a seed. */
export function attributionOf(agency: string, synthetic: boolean): Text {
  if (!synthetic) return { vi: agency, en: agency };
  return { vi: `${agency} · dữ liệu mô phỏng, không có thật`, en: `${agency} · synthetic data, not real` };
}
