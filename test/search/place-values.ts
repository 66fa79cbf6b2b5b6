/** Names of roads, stations and other places of the sample. */
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { fold } from '../../src/lib/text.ts';
import { bare, one, type Values } from './one-row.ts';
import { beside, doubled, swapped, telex, vni } from './spellings.ts';

export async function placeValues(db: Database): Promise<Values> {
  return {
    ...(await roadValues(db)),
    ...(await stationValues(db)),
    ...(await controlValues(db)),
    ...(await otherValues(db)),
  };
}

async function roadValues(db: Database): Promise<Values> {
  const road = await one<{ name: string; unit: string }>(
    db,
    sql`SELECT r.name, u.full_name AS unit FROM base.road r JOIN base.unit u ON u.level = 'commune' AND u.valid_to IS NULL AND ST_Intersects(u.geom, r.geom)
      WHERE r.name ~ '^[^ ]+ [^ ]+ [^ ]+$' AND r.kind = 'district' GROUP BY r.name, u.full_name ORDER BY r.name COLLATE "C", u.full_name COLLATE "C" LIMIT 1`,
  );
  const { ref } = await one(db, sql`SELECT ref FROM base.road WHERE ref LIKE 'ĐT74%' ORDER BY ref COLLATE "C" LIMIT 1`);
  return {
    road: road.name,
    roadFolded: fold(road.name),
    roadTypo: doubled(road.name),
    roadSwap: swapped(road.name),
    roadFoldedTypo: beside(fold(road.name)),
    roadTelex: telex(road.name),
    roadVni: vni(road.name),
    roadUnit: fold(road.unit),
    roadUnitName: bare(road.unit),
    ref: String(ref),
    refSpaced: String(ref).replace(/^ĐT/, 'đường tỉnh '),
  };
}

async function stationValues(db: Database): Promise<Values> {
  const { code, name } = await one<{ code: string; name: string }>(
    db,
    sql`SELECT code, name FROM environment.station WHERE kind = 'air' ORDER BY code LIMIT 1`,
  );
  return {
    station: code,
    stationLoose: code.replace(/0*(\d+)$/, ' $1'),
    stationStart: code.slice(0, -1),
    stationDash: code.replace(/(\d+)$/, '-$1'),
    stationName: name,
    stationNameTypo: doubled(name),
  };
}

async function controlValues(db: Database): Promise<Values> {
  const control = await one(db, sql`SELECT name FROM base.control_point ORDER BY id LIMIT 1`);
  const { name } = await one<{ name: string }>(
    db,
    sql`SELECT name FROM base.control_point WHERE name LIKE 'ĐCCS-%' ORDER BY id LIMIT 1`,
  );
  return {
    control: String(control.name),
    controlBase: name,
    controlBaseLoose: fold(name).replace('-', ' '),
    controlBaseNumber: name.replace(/\D+/, ''),
  };
}

async function otherValues(db: Database): Promise<Values> {
  const { name: waste } = await one<{ name: string }>(
    db,
    sql`SELECT name FROM environment.waste_site ORDER BY id LIMIT 1`,
  );
  const { decision } = await one<{ decision: string }>(
    db,
    sql`SELECT decision FROM land.planning_zone WHERE decision IS NOT NULL ORDER BY id DESC LIMIT 1`,
  );
  const { name: place } = await one<{ name: string }>(
    db,
    sql`SELECT p.name FROM base.place p WHERE p.kind IN ('quarter', 'hamlet') AND p.name ~ '[0-9]' ORDER BY p.id LIMIT 1`,
  );
  const { address } = await one<{ address: string }>(
    db,
    sql`SELECT address FROM land.parcel WHERE address LIKE 'Hẻm%' ORDER BY md5(address) LIMIT 1`,
  );
  return {
    waste,
    wasteFolded: fold(waste),
    decision,
    decisionNumber: decision.replace(/\D+/g, ' ').trim().split(' ')[0] as string,
    place,
    placeFolded: fold(place),
    address,
    addressFolded: fold(address),
    addressUpper: address.toUpperCase(),
  };
}
