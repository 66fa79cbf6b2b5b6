import type pg from 'pg';
import { type TileAddress, tileAt } from '../src/geo/tile.ts';

/** What marks the parcels that the bench adds, edits and takes away: no parcel of the province is touched. */
const MARK = 'diaba bench';

/** A parcel that may be edited. */
export interface EditedParcel {
  readonly id: number;
  readonly lon: number;
  readonly lat: number;
}

export interface PickOptions {
  readonly count: number;
  /** 0 to 1: another seed, other parcels. */
  readonly seed: number;
  /** Only parcels of so many m² or more. */
  readonly minimumArea: number;
}

export function tileOf({ lon, lat }: EditedParcel, z: number): TileAddress {
  return tileAt(z, lon, lat);
}

/** Copies parcels of the province to where they lie. */
export async function addParcels(client: pg.ClientBase, options: PickOptions): Promise<EditedParcel[]> {
  await client.query(`SELECT setseed(${options.seed})`);
  const { rows } = await client.query<EditedParcel>(
    `INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, address, legal_area_m2, geom)
     SELECT unit_code, unit_valid_from, sheet, number, main_use, $1, 0, geom FROM land.parcel
     WHERE id IN (SELECT id FROM land.parcel TABLESAMPLE SYSTEM (5) REPEATABLE ($4)
       WHERE measured_area_m2 >= $3 AND address IS DISTINCT FROM $1 ORDER BY random() LIMIT $2)
     RETURNING id::float8, ST_X(ST_Transform(ST_PointOnSurface(geom), 4326)) AS lon,
       ST_Y(ST_Transform(ST_PointOnSurface(geom), 4326)) AS lat`,
    [MARK, options.count, options.minimumArea, options.seed],
  );
  return rows;
}

/** Also takes away what an earlier bench left when it was ended. */
export async function removeParcels(client: pg.ClientBase): Promise<void> {
  await client.query('DELETE FROM land.parcel WHERE address = $1', [MARK]);
}

/** `value` goes into a field that tiles carry, so that a tile tells how new it is. */
export async function setValue(client: pg.ClientBase, { id }: EditedParcel, value: number): Promise<void> {
  await client.query('UPDATE land.parcel SET legal_area_m2 = $2 WHERE id = $1', [id, value]);
}

/** The use too: it is what a generalised tile shows. */
export async function setUse(client: pg.ClientBase, { id }: EditedParcel, value: number): Promise<void> {
  await client.query(
    `UPDATE land.parcel SET legal_area_m2 = $2, main_use = CASE main_use WHEN 'ODT' THEN 'LUC' ELSE 'ODT' END WHERE id = $1`,
    [id, value],
  );
}

/** By metres to the east. */
export async function move(
  client: pg.ClientBase,
  { id }: EditedParcel,
  { value, metres }: { value: number; metres: number },
): Promise<void> {
  await client.query('UPDATE land.parcel SET legal_area_m2 = $2, geom = ST_Translate(geom, $3, 0) WHERE id = $1', [
    id,
    value,
    metres,
  ]);
}

/** Deleted and inserted again in one statement: nobody may see it missing. */
export async function replace(client: pg.ClientBase, { id }: EditedParcel, value: number): Promise<void> {
  await client.query(
    `WITH gone AS (DELETE FROM land.parcel WHERE id = $1 RETURNING *)
     INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, address, legal_area_m2, geom)
     SELECT id, unit_code, unit_valid_from, sheet, number, main_use, address, $2, geom FROM gone`,
    [id, value],
  );
}

/** A copy of the parcel. @returns its id */
export async function copy(client: pg.ClientBase, { id }: EditedParcel, value: number): Promise<number> {
  const { rows } = await client.query(
    `INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, address, legal_area_m2, geom)
     SELECT unit_code, unit_valid_from, sheet, number, main_use, address, $2, geom FROM land.parcel WHERE id = $1
     RETURNING id::float8`,
    [id, value],
  );
  return rows[0].id;
}

export async function remove(client: pg.ClientBase, id: number): Promise<void> {
  await client.query('DELETE FROM land.parcel WHERE id = $1', [id]);
}
