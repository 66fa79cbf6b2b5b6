import type { Text } from '../lib/errors.ts';

/** Kinds of plan of `land.planning_zone`, in the order in which they are listed. */
export const PLAN_TITLES: Readonly<Record<'land_use' | 'construction', Text>> = {
  land_use: { vi: 'Quy hoạch sử dụng đất', en: 'Land-use plan' },
  construction: { vi: 'Quy hoạch xây dựng', en: 'Construction plan' },
};

/** Returns the title of a kind of plan; the kind itself if it is unknown. */
export function planTitle(plan: string): Text {
  return Object.hasOwn(PLAN_TITLES, plan) ? PLAN_TITLES[plan as keyof typeof PLAN_TITLES] : { vi: plan, en: plan };
}
