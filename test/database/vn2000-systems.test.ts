import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { openPostgres } from '../../src/database/postgres.ts';
import { sql } from '../../src/database/sql.ts';
import { restoreSystems } from '../../src/database/vn2000-systems.ts';
import { copyPostgres, describeEngines, hasPostgres } from '../engine.ts';
import { filled } from '../filled.ts';

const hasGdal = spawnSync('ogr2ogr', ['--version']).status === 0;
if (!hasGdal) process.stdout.write('Skipped: VN-2000 as GDAL sees it. GDAL is not installed (Debian: gdal-bin).\n');

/** Positions in SRID 9210, and longitude and latitude by the official shift (QĐ 05/2007, EPSG:6960). */
const VECTORS = [
  [598_000, 1_214_000, 106.648492002, 10.9764653849],
  [611_500, 1_206_500, 106.7717721492, 10.9082766863],
  [592_000, 1_233_500, 106.5941006825, 11.1529078498],
  [605_000, 1_191_500, 106.7118839596, 10.7728675511],
] as const;
/** A millimetre in degrees. */
const MILLIMETRE = 9e-9;

describeEngines('the VN-2000 rows of spatial_ref_sys', (engine) => {
  it('give what their proj4text gives, to the official position', async () => {
    for (const [x, y, lon, lat] of VECTORS) {
      const [row] = await engine.db.query<{ lon: number; lat: number }>(sql`
        SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM ST_Transform(ST_SetSRID(ST_MakePoint(${x}::float8, ${y}::float8), 9210), 4326) AS p`);
      expect(Math.abs((row?.lon ?? 0) - lon)).toBeLessThan(MILLIMETRE);
      expect(Math.abs((row?.lat ?? 0) - lat)).toBeLessThan(MILLIMETRE);
    }
    const rows = await engine.db.query<{ srid: number; metres: number }>(sql`
      SELECT srid, ST_Distance(ST_Transform(there, 32648), ST_Transform(there, proj4text, 32648)) AS metres
      FROM spatial_ref_sys, ST_Transform(ST_SetSRID(ST_MakePoint(106.65, 11), 4326), srid) AS there
      WHERE srtext LIKE '%VN-2000 (QD 05/2007)%' ORDER BY srid`);
    expect(rows.map(({ srid }) => srid)).toHaveLength(21);
    for (const { srid, metres } of rows) expect(metres, `${srid}`).toBeLessThan(0.001);
  });

  it('are written again where PostGIS has put its own in their place', async () => {
    const read = () => engine.db.query(sql`SELECT * FROM spatial_ref_sys WHERE srtext LIKE '%VN-2000%' ORDER BY srid`);
    const before = await read();
    expect(await restoreSystems(engine.db)).toBe(false);
    await engine.db.script(`DELETE FROM spatial_ref_sys WHERE srid = 9210;
      UPDATE spatial_ref_sys SET auth_name = 'EPSG', auth_srid = srid, srtext = 'PROJCS["VN-2000 / TM-3 102-00"]',
        proj4text = '+proj=tmerc +lat_0=0 +lon_0=102 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m +no_defs' WHERE srid = 5896`);
    expect(await restoreSystems(engine.db)).toBe(true);
    expect(await read()).toEqual(before);
  });

  it('are named, so that PostGIS writes GeoJSON and GML of them', async () => {
    const [row] = await engine.db.query<{ json: string; gml: string }>(
      sql`SELECT ST_AsGeoJSON(p) AS json, ST_AsGML(p) AS gml FROM ST_SetSRID(ST_MakePoint(600000, 1230000), 9210) AS p`,
    );
    expect(JSON.parse(row?.json ?? '').coordinates).toEqual([600_000, 1_230_000]);
    expect(row?.gml).toContain('600000,1230000');
  });
});

it.skipIf(!hasGdal || !hasPostgres())('GDAL reads the system from the database, and no other shift', async () => {
  const url = await copyPostgres();
  const db = await openPostgres({ url, poolSize: 1, statementTimeout: 30_000 });
  await db.script('CREATE TABLE seen (id integer PRIMARY KEY, geom geometry(Point, 9210))');
  for (const [id, [x, y]] of VECTORS.entries()) {
    await db.query(sql`INSERT INTO seen VALUES (${id}, ST_SetSRID(ST_MakePoint(${x}::float8, ${y}::float8), 9210))`);
  }
  await db.close();
  const { hostname, port, username, pathname } = new URL(url);
  const source = `PG:host=${hostname} port=${port} user=${username} dbname=${pathname.slice(1)}`;
  const options = ['-f', 'CSV', '/vsistdout/', '-lco', 'GEOMETRY=AS_XY', '-t_srs', 'EPSG:4326', source, 'seen'];
  const { stdout, stderr } = spawnSync('ogr2ogr', options, { encoding: 'utf8' });
  const [, ...lines] = stdout.trim().split('\n');
  expect(stderr).toBe('');
  expect(lines).toHaveLength(VECTORS.length);
  for (const [id, line] of filled([...lines.entries()])) {
    const [lon = 0, lat = 0] = line.split(',').map(Number);
    expect(Math.abs(lon - (VECTORS[id]?.[2] ?? 0))).toBeLessThan(MILLIMETRE);
    expect(Math.abs(lat - (VECTORS[id]?.[3] ?? 0))).toBeLessThan(MILLIMETRE);
  }
});
