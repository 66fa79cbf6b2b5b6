/** A point inside a parcel as people write it: systems, marks of decimals and thousands, minutes and seconds. */
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { one, type Values } from './one-row.ts';

/** Suffix of the placeholders `x…` and `y…` -> EPSG code. */
const SYSTEMS = {
  '': 9210,
  107: 9214,
  1055: 9209,
  106: 9211,
  10775: 5899,
  105: 5897,
  108: 5898,
  Utm: 3405,
  Wgs: 32648,
};

export async function coordinateValues(db: Database, parcel: number): Promise<Values> {
  const inside = sql`SELECT ST_SnapToGrid(ST_PointOnSurface(geom), 0.01) AS point FROM land.parcel WHERE id = ${parcel}::bigint`;
  const metres: Record<string, string> = {};
  for (const [suffix, srid] of Object.entries(SYSTEMS)) {
    const at = await one<{ x: number; y: number }>(
      db,
      sql`SELECT ST_Y(p) AS x, ST_X(p) AS y FROM (${inside}) AS t, ST_Transform(point, ${srid}::integer) AS p`,
    );
    metres[`x${suffix}`] = at.x.toFixed(2);
    metres[`y${suffix}`] = at.y.toFixed(2);
  }
  const { lat, lon } = await one<{ lat: number; lon: number }>(
    db,
    sql`SELECT ST_Y(p) AS lat, ST_X(p) AS lon FROM (${inside}) AS t, ST_Transform(point, 4326) AS p`,
  );
  const vn = await one<{ lat: number; lon: number }>(
    db,
    sql`SELECT ST_Y(p) AS lat, ST_X(p) AS lon FROM (${inside}) AS t, ST_Transform(point, 4756) AS p`,
  );
  return {
    ...metres,
    ...markedValues(metres),
    ...degreeValues(lat, lon),
    latVn: vn.lat.toFixed(8),
    lonVn: vn.lon.toFixed(8),
  };
}

/** Decimal commas, and marks between thousands. */
function markedValues(metres: Values): Values {
  const marked = (name: string, locale: string) =>
    Number(metres[name]).toLocaleString(locale, { minimumFractionDigits: 2 });
  const comma = (name: string) => String(metres[name]).replace('.', ',');
  return {
    xComma: comma('x'),
    yComma: comma('y'),
    x10775Comma: comma('x10775'),
    y10775Comma: comma('y10775'),
    xThousands: marked('x', 'vi-VN'),
    yThousands: marked('y', 'vi-VN'),
    xEnglish: marked('x', 'en-US'),
    yEnglish: marked('y', 'en-US'),
    xSpaces: marked('x', 'vi-VN').replaceAll('.', ' '),
    ySpaces: marked('y', 'vi-VN').replaceAll('.', ' '),
  };
}

const twoDigits = (value: number) => String(value).padStart(2, '0');

function degreeValues(lat: number, lon: number): Values {
  const angle = (value: number) => {
    const milliseconds = Math.round(value * 3_600_000);
    const [degrees, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60];
    return [String(degrees), twoDigits(minutes), ((milliseconds % 60_000) / 1000).toFixed(3)] as const;
  };
  const minutes = (value: number) => `${Math.floor(value)}°${((value % 1) * 60).toFixed(5)}'`;
  const [a, b] = [angle(lat), angle(lon)];
  return {
    lat: lat.toFixed(7),
    lon: lon.toFixed(7),
    latComma: lat.toFixed(7).replace('.', ','),
    lonComma: lon.toFixed(7).replace('.', ','),
    dms: `${a[0]}°${a[1]}'${a[2]}"N ${b[0]}°${b[1]}'${b[2]}"E`,
    dmsLetters: `N ${a[0]}° ${a[1]}' ${a[2]}" E ${b[0]}° ${b[1]}' ${b[2]}"`,
    dmsPlain: `${a[0]}°${a[1]}′${a[2]}″ ${b[0]}°${b[1]}′${b[2]}″`,
    dmsViet: `${a[0]}°${a[1]}'${a[2].replace('.', ',')}"B 106°${b[1]}'${b[2].replace('.', ',')}"Đ`,
    dmsComma: `${a[0]}°${a[1]}'${a[2].replace('.', ',')}", ${b[0]}°${b[1]}'${b[2].replace('.', ',')}"`,
    dmsSpaces: `${a.join(' ')} ${b.join(' ')}`,
    dmsColon: `${a.join(':')} ${b.join(':')}`,
    dmsMinutes: `${minutes(lat)}N ${minutes(lon)}E`,
    dmsMinutesComma: `${minutes(lat)} N, ${minutes(lon)} E`.replaceAll('.', ','),
    dmsWords: `${a[0]} độ ${a[1]} phút ${a[2].replace('.', ',')} giây Bắc, ${b[0]} độ ${b[1]} phút ${b[2].replace('.', ',')} giây Đông`,
    dmsLatSigns: `${a[0]}°${a[1]}'${a[2]}"`,
    dmsLonSigns: `${b[0]}°${b[1]}'${b[2]}"`,
    dmsLat: `${a[0]} độ ${a[1]} phút ${a[2]} giây`,
    dmsLon: `${b[0]} độ ${b[1]} phút ${b[2]} giây`,
    dmsTypographic: `${a[0]}º${a[1]}’${a[2]}”N ${b[0]}º${b[1]}’${b[2]}”E`,
    dmsUrl: `${a[0]}%C2%B0${a[1]}'${a[2]}%22N+${b[0]}%C2%B0${b[1]}'${b[2]}%22E`,
  };
}
