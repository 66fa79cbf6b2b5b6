/** Tables that the sample fills. */
export const WITH_GEOMETRY = [
  ['base', 'unit'],
  ['base', 'control_point'],
  ['base', 'contour'],
  ['base', 'waterway'],
  ['base', 'water_body'],
  ['base', 'place'],
  ['base', 'road'],
  ['base', 'railway'],
  ['base', 'building'],
  ['base', 'land_cover'],
  ['land', 'parcel'],
  ['land', 'planning_zone'],
  ['environment', 'station'],
  ['environment', 'discharge'],
  ['environment', 'waste_site'],
  ['environment', 'protection_corridor'],
] as const;

export const WITHOUT_GEOMETRY = [
  'land.parcel_use',
  'land.parcel_alias',
  'land.parcel_lineage',
  'land.right_holder',
  'environment.observation',
  'environment.permit',
];
