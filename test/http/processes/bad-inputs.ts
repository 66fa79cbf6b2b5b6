const point = { type: 'Point', coordinates: [106.66, 11.04] };
/** Inputs that are right. */
export const GOOD_INPUTS = { geometry: point, distance: 100 };
const polygon = (...rings: number[][][]) => ({ type: 'Polygon', coordinates: rings });
const [a, b, c, d] = [
  [106.6, 11],
  [106.7, 11],
  [106.7, 11.1],
  [106.6, 11.1],
] as [number[], number[], number[], number[]];
const line = (count: number) => ({
  type: 'LineString',
  coordinates: Array.from({ length: count }, (_, i) => [106.6 + i * 1e-6, 11]),
});
const filter = (op: string, ...args: unknown[]) => ({
  features: { layer: 'land.parcel', filter: { op, args } },
  distance: 10,
});
const nested = (depth: number): object =>
  depth ? { op: 'not', args: [nested(depth - 1)] } : { op: 'isNull', args: [{ property: 'id' }] };
const id = { property: 'id' };

/** [what is wrong, inputs, type of the problem, expected detail] */
export const BAD_INPUTS: readonly [string, unknown, string, RegExp][] = [
  ['no inputs', undefined, 'invalid-body', /"inputs" must be an object/],
  ['inputs that are a list', [], 'invalid-body', /"inputs" must be an object/],
  ['nothing to buffer', { distance: 5 }, 'invalid-body', /"geometry" or "features"/],
  [
    'both geometry and features',
    { ...GOOD_INPUTS, features: { layer: 'base.road', ids: [1] } },
    'invalid-body',
    /"geometry" or "features"/,
  ],
  ['no distance', { geometry: point }, 'invalid-body', /"distance" or "preset"/],
  ['distance and preset', { ...GOOD_INPUTS, preset: 'road_9' }, 'invalid-body', /"distance" or "preset"/],
  ['distance 0', { ...GOOD_INPUTS, distance: 0 }, 'invalid-body', /"inputs.distance" must be ≥ 0.01/],
  ['distance below 0', { ...GOOD_INPUTS, distance: -5 }, 'invalid-body', /must be ≥ 0\./],
  ['distance that leaves no area', { ...GOOD_INPUTS, distance: 1e-300 }, 'invalid-body', /must be ≥ 0.01/],
  ['distance of 10 000 km', { ...GOOD_INPUTS, distance: 1e7 }, 'invalid-body', /must be ≤ 50000/],
  ['distance as text', { ...GOOD_INPUTS, distance: '100' }, 'invalid-body', /must be a number/],
  ['distance null', { ...GOOD_INPUTS, distance: null }, 'invalid-body', /must be a number/],
  [
    'an unknown preset',
    { geometry: point, preset: "x'; DROP TABLE land.parcel; --" },
    'invalid-body',
    /no distance rule/,
  ],
  [
    'a preset without a distance',
    { geometry: point, preset: 'env_qcvn01_2025' },
    'invalid-body',
    /sets no single distance/,
  ],
  ['an unknown input', { ...GOOD_INPUTS, radius: 5 }, 'invalid-body', /must not have "radius"/],
  ['an unknown relation', { ...GOOD_INPUTS, relation: 'near' }, 'invalid-body', /intersecting, within, clipped/],
  ['no layers', { ...GOOD_INPUTS, layers: [] }, 'invalid-body', /items ≥ 1/],
  ['an unknown layer', { ...GOOD_INPUTS, layers: ['land.nothing'] }, 'invalid-body', /no layer "land.nothing"/],
  ['a table that is no layer', { ...GOOD_INPUTS, layers: ['land.right_holder'] }, 'invalid-body', /no layer/],
  ['too many layers', { ...GOOD_INPUTS, layers: Array(21).fill('base.road') }, 'invalid-body', /items ≤ 20/],
  ['an unknown CRS', { ...GOOD_INPUTS, crs: 'EPSG:27700' }, 'unknown-crs', /Supported: CRS84/],
  ['a CRS that is a number', { ...GOOD_INPUTS, crs: 9210 }, 'invalid-body', /must be text/],
  [
    'a CRS for features',
    { features: { layer: 'base.road', ids: [1] }, crs: 'EPSG:9210', distance: 5 },
    'invalid-body',
    /goes with "geometry" only/,
  ],
  ['geometry null', { ...GOOD_INPUTS, geometry: null }, 'invalid-geometry', /must be an object/],
  ['geometry as text', { ...GOOD_INPUTS, geometry: 'POINT(1 2)' }, 'invalid-geometry', /must be an object/],
  [
    'a feature for a geometry',
    { ...GOOD_INPUTS, geometry: { type: 'Feature', geometry: point } },
    'invalid-geometry',
    /one of: Point, MultiPoint/,
  ],
  ['no coordinates', { ...GOOD_INPUTS, geometry: { type: 'Point' } }, 'invalid-geometry', /must be a list/],
  ['an empty point', { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: [] } }, 'invalid-geometry', /items ≥ 2/],
  ['an empty polygon', { ...GOOD_INPUTS, geometry: polygon() }, 'invalid-geometry', /items ≥ 1/],
  [
    'an empty collection',
    { ...GOOD_INPUTS, geometry: { type: 'GeometryCollection', geometries: [] } },
    'invalid-geometry',
    /items ≥ 1/,
  ],
  [
    'a coordinate that is null',
    { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: [106, null] } },
    'invalid-geometry',
    /coordinates\[1\]" must be a number/,
  ],
  [
    'a coordinate that is text',
    { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: ['106', 11] } },
    'invalid-geometry',
    /must be a number/,
  ],
  [
    'wrong nesting',
    { ...GOOD_INPUTS, geometry: { type: 'Polygon', coordinates: [a, b, c, a] } },
    'invalid-geometry',
    /must/,
  ],
  [
    'five numbers',
    { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: [106, 11, 1, 2, 3] } },
    'invalid-geometry',
    /items ≤ 4/,
  ],
  ['a line of one point', { ...GOOD_INPUTS, geometry: line(1) }, 'invalid-geometry', /items ≥ 2/],
  [
    'a line of no length',
    { ...GOOD_INPUTS, geometry: { type: 'LineString', coordinates: [a, a] } },
    'invalid-geometry',
    /Too few points/,
  ],
  ['a ring of three points', { ...GOOD_INPUTS, geometry: polygon([a, b, a]) }, 'invalid-geometry', /items ≥ 4/],
  ['an open ring', { ...GOOD_INPUTS, geometry: polygon([a, b, c, d]) }, 'invalid-geometry', /not closed.*106.6,11/],
  [
    'a bowtie',
    { ...GOOD_INPUTS, geometry: polygon([a, c, b, d, a]) },
    'invalid-geometry',
    /Self-intersection at \[106.65,11.05/,
  ],
  [
    'a hole outside',
    {
      ...GOOD_INPUTS,
      geometry: polygon(
        [a, b, c, d, a],
        [
          [107, 12],
          [107.1, 12],
          [107.1, 12.1],
          [107, 12],
        ],
      ),
    },
    'invalid-geometry',
    /Hole lies outside shell/,
  ],
  [
    'degrees swapped',
    { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: [11.04, 106.66] } },
    'invalid-geometry',
    /Send \[106.66, 11.04\]/,
  ],
  [
    'metres swapped: X is north',
    { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: [1_222_041, 602_037] }, crs: 'EPSG:9210' },
    'invalid-geometry',
    /X for north.*Send \[602037, 1222041\]/,
  ],
  [
    'EPSG:4326 north first',
    {
      ...GOOD_INPUTS,
      geometry: { type: 'Point', coordinates: [11.04, 106.66] },
      crs: 'http://www.opengis.net/def/crs/EPSG/0/4326',
    },
    'invalid-geometry',
    /Send/,
  ],
  [
    'metres without a CRS',
    { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: [602_037, 1_222_041] } },
    'invalid-geometry',
    /outside Vietnam.*Check "crs"/,
  ],
  ['degrees in metres', { ...GOOD_INPUTS, crs: 'EPSG:9210' }, 'invalid-geometry', /outside Vietnam/],
  [
    'a place in France',
    { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: [2.35, 48.85] } },
    'invalid-geometry',
    /outside Vietnam/,
  ],
  [
    'a number too large',
    { ...GOOD_INPUTS, geometry: { type: 'Point', coordinates: [1e308, 11] } },
    'invalid-geometry',
    /outside Vietnam/,
  ],
  ['too many vertices', { ...GOOD_INPUTS, geometry: line(20_001) }, 'too-much', /20001 vertices; the most is 20000/],
  [
    'too wide for one zone',
    {
      ...GOOD_INPUTS,
      geometry: {
        type: 'LineString',
        coordinates: [
          [103, 15],
          [109, 15],
        ],
      },
    },
    'too-much',
    /from the meridian/,
  ],
  ['features of nothing', { features: { layer: 'land.parcel' }, distance: 5 }, 'invalid-body', /"ids" or "filter"/],
  [
    'features without a layer',
    { features: { ids: [1] }, distance: 5 },
    'invalid-body',
    /"inputs.features.layer" must be text/,
  ],
  [
    'ids that are no numbers',
    { features: { layer: 'land.parcel', ids: ['1; DROP'] }, distance: 5 },
    'invalid-body',
    /whole numbers \(here is "1; DROP"\)/,
  ],
  [
    'ids that are fractions',
    { features: { layer: 'land.parcel', ids: [1.5] }, distance: 5 },
    'invalid-body',
    /whole numbers/,
  ],
  [
    'ids beyond numbers',
    { features: { layer: 'land.parcel', ids: ['99999999999999999999'] }, distance: 5 },
    'invalid-body',
    /whole numbers/,
  ],
  [
    'ids that are not there',
    { features: { layer: 'land.parcel', ids: [1, 987654321] }, distance: 5 },
    'invalid-body',
    /no feature.*987654321/,
  ],
  ['an id with U+0000', { features: { layer: 'base.unit', ids: ['\0'] }, distance: 5 }, 'invalid-body', /must be/],
  [
    'too many ids',
    { features: { layer: 'land.parcel', ids: Array(1001).fill(1) }, distance: 5 },
    'invalid-body',
    /items ≤ 1000/,
  ],
  [
    'a filter that is text',
    { features: { layer: 'land.parcel', filter: 'id = 1' }, distance: 5 },
    'invalid-body',
    /must be an object/,
  ],
  [
    'a filter of an unknown operator',
    filter('sounds_like', id, 1),
    'invalid-parameter',
    /without the function "sounds_like"/,
  ],
  [
    'a filter of an unknown property',
    filter('=', { property: 'owner' }, 1),
    'invalid-parameter',
    /properties of land.parcel: id, unit_code/,
  ],
  ['a filter of another type', filter('=', id, 'x'), 'invalid-parameter', /"id" with a number/],
  [
    'a filter that is too deep',
    { features: { layer: 'land.parcel', filter: nested(30) }, distance: 5 },
    'invalid-parameter',
    /20 levels/,
  ],
  ['a filter that nothing meets', filter('=', id, -1), 'invalid-body', /No feature of land.parcel meets/],
  ['a filter that too many meet', filter('>', id, 0), 'too-much', /5184 features are selected; the most is 5000/],
];
