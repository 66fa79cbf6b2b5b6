import { type Crs, epsgUri, meridianOf } from './crs.ts';

const ELLIPSOID = { name: 'WGS 84', semi_major_axis: 6_378_137, inverse_flattening: 298.257223563 };
const VN2000_CODE = 4756;
const WGS84_CODE = 4326;
/** Central meridians of the supported UTM zones, by SRID. */
const UTM_MERIDIANS: Readonly<Record<number, number>> = { 3405: 105, 3406: 111, 32648: 105, 32649: 111 };
const WEB_MERCATOR = 3857;

/** Methods and parameters of EPSG: code and unit. */
const METHODS = { 'Transverse Mercator': 9807, 'Popular Visualisation Pseudo Mercator': 1024 } as const;
const PARAMETERS = {
  'Latitude of natural origin': [8801, 'degree'],
  'Longitude of natural origin': [8802, 'degree'],
  'Scale factor at natural origin': [8805, 'unity'],
  'False easting': [8806, 'metre'],
  'False northing': [8807, 'metre'],
} as const;

type ProjectionValues = Readonly<Partial<Record<keyof typeof PARAMETERS, number>>>;

/**
 * Returns a CRS as PROJJSON 0.5, which names its code in EPSG and defines it in full
 * (https://proj.org/schemas/v0.5/projjson.schema.json). Longitude and latitude of WGS 84 are OGC:CRS84.
 */
export function projJsonOf(crs: Crs): object {
  const head = { $schema: 'https://proj.org/schemas/v0.5/projjson.schema.json' };
  if (crs.srid === WGS84_CODE) {
    const id = { authority: 'OGC', code: 'CRS84' };
    return { ...head, ...geographicCrs(WGS84_CODE, [LONGITUDE, LATITUDE]), name: crs.name, id };
  }
  if (crs.unit === 'degree') return { ...head, ...geographicCrs(VN2000_CODE, [LATITUDE, LONGITUDE]) };
  const { type: _, ...base } = geographicCrs(isOfWgs84(crs) ? WGS84_CODE : VN2000_CODE, [LATITUDE, LONGITUDE]);
  return {
    ...head,
    type: 'ProjectedCRS',
    name: crs.name,
    base_crs: base,
    conversion: conversionOf(crs),
    coordinate_system: { subtype: 'Cartesian', axis: [EASTING, NORTHING] },
    id: epsgId(crs.srid),
  };
}

const EASTING = { name: 'Easting', abbreviation: 'E', direction: 'east', unit: 'metre' };
const NORTHING = { name: 'Northing', abbreviation: 'N', direction: 'north', unit: 'metre' };
const LATITUDE = { name: 'Geodetic latitude', abbreviation: 'Lat', direction: 'north', unit: 'degree' };
const LONGITUDE = { name: 'Geodetic longitude', abbreviation: 'Lon', direction: 'east', unit: 'degree' };

const epsgId = (code: number) => ({ authority: 'EPSG', code });

const isOfWgs84 = ({ srid }: Crs) => srid === WEB_MERCATOR || /^326\d\d$/.test(String(srid));

function geographicCrs(code: typeof VN2000_CODE | typeof WGS84_CODE, axis: readonly object[]) {
  const isWgs84 = code === WGS84_CODE;
  const datum = {
    type: 'GeodeticReferenceFrame',
    name: isWgs84 ? 'World Geodetic System 1984' : 'Vietnam 2000',
    ellipsoid: ELLIPSOID,
  };
  return {
    ...{ type: 'GeographicCRS', name: isWgs84 ? 'WGS 84' : 'VN-2000', datum },
    ...{ coordinate_system: { subtype: 'ellipsoidal', axis }, id: epsgId(code) },
  };
}

function conversionOf({ srid, name }: Crs): object {
  if (srid === WEB_MERCATOR) {
    return describeConversion(name, 'Popular Visualisation Pseudo Mercator', {
      ...{ 'Latitude of natural origin': 0, 'Longitude of natural origin': 0 },
      ...{ 'False easting': 0, 'False northing': 0 },
    });
  }
  const zone = meridianOf(srid);
  const meridian = zone ?? UTM_MERIDIANS[srid];
  if (meridian === undefined) throw new Error(`no projection of ${epsgUri(srid)}`);
  return describeConversion(name, 'Transverse Mercator', {
    ...{ 'Latitude of natural origin': 0, 'Longitude of natural origin': meridian },
    'Scale factor at natural origin': zone === undefined ? 0.9996 : 0.9999,
    ...{ 'False easting': 500_000, 'False northing': 0 },
  });
}

function describeConversion(name: string, method: keyof typeof METHODS, values: ProjectionValues): object {
  return {
    name,
    method: { name: method, id: epsgId(METHODS[method]) },
    parameters: Object.entries(values).map(([parameter, value]) => {
      const [code, unit] = PARAMETERS[parameter as keyof typeof PARAMETERS];
      return { name: parameter, value, unit, id: epsgId(code) };
    }),
  };
}
