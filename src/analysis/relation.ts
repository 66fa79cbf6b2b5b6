export const RELATIONS = ['intersecting', 'within', 'clipped'] as const;
/**
 * `intersecting`: shares at least a point with the area. `within`: lies wholly inside, edge included. `clipped`: has a
 * part inside, and only that part is returned; features that merely touch the edge have none.
 */
export type Relation = (typeof RELATIONS)[number];
