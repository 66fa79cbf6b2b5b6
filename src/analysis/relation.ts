export const RELATIONS = ['intersecting', 'within', 'clipped'] as const;
/**
 * `intersecting`: what shares at least a point with the area. `within`: what lies wholly inside, edge included.
 * `clipped`: what has a part inside, and only that part comes back; what merely touches the edge has none.
 */
export type Relation = (typeof RELATIONS)[number];
