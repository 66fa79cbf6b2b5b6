/** Values for the placeholders of the corpora in `test/fixtures/search`, read from the sample by rule. */
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { fold } from '../../src/lib/text.ts';
import { coordinateValues } from './coordinate-values.ts';
import { cornerValues } from './corner-values.ts';
import { bare, one, type Row, type Values } from './one-row.ts';
import { placeValues } from './place-values.ts';
import { beside, doubled, dropped, swapped, telex, vni } from './spellings.ts';

/** @param nth which of the parcels that fit */
export async function readValues(db: Database, nth: number): Promise<Values> {
  return {
    ...(await parcelValues(db, nth)),
    ...(await formerValues(db, nth)),
    ...(await successionValues(db, nth)),
    ...(await placeValues(db)),
  };
}

async function parcelValues(db: Database, nth: number): Promise<Values> {
  const p = await one(
    db,
    sql`SELECT p.id, p.sheet, p.number, p.national_id AS identifier, p.unit_code AS code, u.full_name AS unit, u.name_en AS english
      FROM land.parcel p
      JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
      WHERE (SELECT count(*) FROM land.parcel q WHERE (q.unit_code, q.sheet, q.number) = (p.unit_code, p.sheet, p.number)) = 1
        AND (SELECT count(*) FROM base.unit v WHERE base.fold(v.name) = base.fold(u.name) AND v.valid_to IS NULL) = 1
        AND p.sheet ~ '^[0-9]+$' AND p.national_id IS NOT NULL
      ORDER BY md5(p.id::text) OFFSET ${nth * 7} LIMIT 1`,
  );
  const unit = String(p.unit);
  const name = bare(unit);
  return {
    parcel: String(p.id),
    sheet: String(p.sheet),
    number: String(p.number),
    identifier: String(p.identifier),
    code: String(p.code),
    unit,
    UNIT: unit.toUpperCase(),
    folded: fold(unit),
    name,
    NAME: name.toUpperCase(),
    foldedName: fold(name),
    joined: fold(name).replaceAll(' ', ''),
    typo: doubled(name),
    typoSwap: swapped(name),
    typoDrop: dropped(name),
    typoNear: beside(name),
    foldedTypoNear: beside(fold(name)),
    nameNfd: name.normalize('NFD'),
    unitNfd: unit.normalize('NFD'),
    unitEn: String(p.english),
    IDENTIFIER: String(p.identifier).toUpperCase(),
    ...(await besideValues(db, Number(p.id))),
    ...(await coordinateValues(db, Number(p.id))),
    ...(await cornerValues(db, Number(p.id))),
  };
}

/** The unit of its old certificate, and other parcels with which it can be confused. */
async function besideValues(db: Database, parcel: number): Promise<Values> {
  const former = await one(
    db,
    sql`SELECT u.full_name AS unit, u.parent_name AS district FROM land.parcel_alias a
      JOIN base.unit u ON (u.code, u.valid_from) = (a.unit_code, a.unit_valid_from) WHERE a.parcel_id = ${parcel}::bigint ORDER BY a.id LIMIT 1`,
  );
  const others = await one(
    db,
    sql`SELECT (SELECT string_agg(q.id::text, ' ') FROM land.parcel q WHERE (q.sheet, q.number) = (p.sheet, p.number)) AS same,
        (SELECT min(q.number) FROM land.parcel q WHERE (q.unit_code, q.sheet) = (p.unit_code, p.sheet) AND q.number > p.number) AS next
      FROM land.parcel p WHERE p.id = ${parcel}::bigint`,
  );
  return {
    unitFormer: String(former.unit),
    unitFormerDistrict: String(former.district),
    sameNumbers: String(others.same),
    nextNumber: String(others.next ?? 9),
  };
}

async function formerValues(db: Database, nth: number): Promise<Values> {
  const a = await one(
    db,
    sql`SELECT a.parcel_id AS parcel, a.sheet, a.number, u.full_name AS unit, u.parent_name AS district, now.full_name AS now
      FROM land.parcel_alias a JOIN base.unit u ON (u.code, u.valid_from) = (a.unit_code, a.unit_valid_from)
      JOIN land.parcel p ON p.id = a.parcel_id JOIN base.unit now ON (now.code, now.valid_from) = (p.unit_code, p.unit_valid_from)
      WHERE u.valid_to IS NOT NULL
        AND (SELECT count(*) FROM land.parcel_alias b WHERE (b.unit_code, b.sheet, b.number) = (a.unit_code, a.sheet, a.number)) = 1
        AND (SELECT count(*) FROM base.unit v WHERE base.fold(v.name) = base.fold(u.name) AND v.level = 'commune') = 1
        AND NOT EXISTS (SELECT FROM land.parcel_lineage l WHERE (l.parent_unit_code, l.parent_sheet, l.parent_number) = (a.unit_code, a.sheet, a.number))
      ORDER BY md5(a.id::text) OFFSET ${nth * 5} LIMIT 1`,
  );
  const [unit, district] = [String(a.unit), String(a.district)];
  return {
    oldParcel: String(a.parcel),
    oldSheet: String(a.sheet),
    oldNumber: String(a.number),
    oldUnit: unit,
    OLDUNIT: unit.toUpperCase(),
    oldFolded: fold(unit),
    oldName: bare(unit),
    oldFoldedName: fold(bare(unit)),
    oldDistrict: district,
    oldDistrictName: bare(district),
    oldDistrictFolded: fold(district),
    oldUnitNow: String(a.now),
  };
}

async function successionValues(db: Database, nth: number): Promise<Values> {
  const l = await one<Row & { heirs: string[] }>(
    db,
    sql`SELECT l.parent_sheet AS sheet, l.parent_number AS number, u.full_name AS unit, u.parent_name AS district,
        array_agg(l.child_id::text ORDER BY l.child_id) AS heirs
      FROM land.parcel_lineage l JOIN base.unit u ON (u.code, u.valid_from) = (l.parent_unit_code, l.parent_unit_valid_from)
      WHERE NOT EXISTS (SELECT FROM land.parcel_alias a WHERE (a.sheet, a.number) = (l.parent_sheet, l.parent_number))
        AND NOT EXISTS (SELECT FROM land.parcel p WHERE (p.sheet, p.number) = (l.parent_sheet, l.parent_number))
      GROUP BY l.parent_id, l.parent_sheet, l.parent_number, u.full_name, u.parent_name ORDER BY md5(l.parent_id::text) OFFSET ${nth} LIMIT 1`,
  );
  const unit = String(l.unit);
  const heirs = l.heirs as unknown as string[];
  return {
    heir: heirs.join(' '),
    goneSheet: String(l.sheet),
    goneNumber: String(l.number),
    goneUnit: unit,
    goneDistrict: String(l.district),
    goneFolded: fold(unit),
    goneName: bare(unit),
    goneNameTelex: telex(bare(unit)),
    goneNameVni: vni(bare(unit)),
  };
}
