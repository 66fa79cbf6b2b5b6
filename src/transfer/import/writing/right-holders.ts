import type { Session } from '../../../database/database.ts';
import { ident, type Sql, sql } from '../../../database/sql.ts';
import type { Text } from '../../../lib/errors.ts';
import { type Journal, WRITTEN } from '../journal/journal.ts';

const TABLE = { schema: 'land', table: 'right_holder' } as const;
/** Right holders of the file, one row each; `name` is NULL for a certificate without a holder. */
const HOLDER = ident('pg_temp', 'import_holder');
const CHANGED = ident('pg_temp', 'import_holder_change');

/**
 * Writes the right holders of staged details: `pg_temp.import_detail`, joined to their parcels by
 * `pg_temp.import_parcel`. A holder whom the parcel has receives the certificate and the day that he lacks. A certificate
 * without a name belongs to the only holder of its parcel.
 * @returns sentences on what was written, and on what was not and why
 */
export async function writeHolders(session: Session, journal: Journal): Promise<Text[]> {
  await stageHolders(session);
  const completed = await writeHolderChanges(session, journal, lackingCertificates());
  const written = await journal.write(TABLE, 'insert', newHolders());
  const named = await writeHolderChanges(session, journal, certificatesOfOnlyHolders());
  const [left] =
    await session.query<LeftHolders>(sql`SELECT count(*) FILTER (WHERE since IS NOT NULL AND day IS NULL) AS undated,
    count(DISTINCT id) FILTER (WHERE name IS NULL AND NOT EXISTS (SELECT FROM land.right_holder AS o
      WHERE o.parcel_id = h.id AND o.certificate_no IS NOT DISTINCT FROM coalesce(h.certificate, o.certificate_no))) AS unnamed
    FROM ${HOLDER} AS h`);
  return holderNotes(written, completed + named, left ?? { undated: 0, unnamed: 0 });
}

async function stageHolders(session: Session): Promise<void> {
  await session.script(`CREATE FUNCTION pg_temp.import_day(given text) RETURNS date LANGUAGE plpgsql AS $$
    BEGIN RETURN given::date; EXCEPTION WHEN data_exception THEN RETURN NULL; END $$;
    CREATE TEMP TABLE import_holder ON COMMIT DROP AS
      SELECT DISTINCT p.id, d.holder_kind AS kind, d.holder_name AS name, d.certificate_no AS certificate, d.since,
        pg_temp.import_day(d.since) AS day
      FROM pg_temp.import_detail AS d JOIN pg_temp.import_parcel AS p USING (n)
      WHERE coalesce(d.holder_name, d.certificate_no, d.since) IS NOT NULL;
    DROP FUNCTION pg_temp.import_day(text)`);
}

/** Returns SQL of holders (o) and what the file knows of them (h), who lack the certificate or its day. */
function lackingCertificates(): Sql {
  return sql`SELECT DISTINCT ON (o.id) o.id, h.certificate, h.day FROM land.right_holder AS o
    JOIN ${HOLDER} AS h ON h.id = o.parcel_id AND h.name = o.holder_name
    WHERE o.certificate_no IS NOT DISTINCT FROM h.certificate
      OR (o.certificate_no IS NULL AND NOT EXISTS (SELECT FROM land.right_holder AS other
        WHERE other.parcel_id = h.id AND other.holder_name = h.name AND other.certificate_no = h.certificate))
    ORDER BY o.id, h.certificate, h.day`;
}

/** Returns SQL of parcels' only holders, and the only certificate that the file has for the parcel without a name. */
function certificatesOfOnlyHolders(): Sql {
  return sql`SELECT min(o.id) AS id, min(h.certificate) AS certificate, min(h.day) AS day
    FROM ${HOLDER} AS h JOIN land.right_holder AS o ON o.parcel_id = h.id WHERE h.name IS NULL
    GROUP BY h.id HAVING count(DISTINCT o.id) = 1 AND count(DISTINCT h.certificate) <= 1 AND count(DISTINCT h.day) <= 1`;
}

/** Writes certificates and days to holders. One that has them already is not written. */
async function writeHolderChanges(session: Session, journal: Journal, changes: Sql): Promise<number> {
  await session.query(sql`CREATE TEMP TABLE import_holder_change ON COMMIT DROP AS
    SELECT o.id, coalesce(c.certificate, o.certificate_no) AS certificate, coalesce(c.day, o.since) AS day, o::text AS before
    FROM (${changes}) AS c JOIN land.right_holder AS o USING (id)
    WHERE (coalesce(c.certificate, o.certificate_no), coalesce(c.day, o.since)) IS DISTINCT FROM (o.certificate_no, o.since)`);
  const update = sql`UPDATE land.right_holder AS ${WRITTEN} SET certificate_no = c.certificate, since = c.day
    FROM ${CHANGED} AS c WHERE c.id = ${WRITTEN}.id`;
  const count = await journal.write(TABLE, 'update', update, sql`c.before`);
  await session.query(sql`DROP TABLE ${CHANGED}`);
  return count;
}

/** Returns the INSERT of named holders whom their parcels lack. A name without a certificate is no further holder. */
function newHolders(): Sql {
  return sql`INSERT INTO land.right_holder AS ${WRITTEN} (parcel_id, holder_kind, holder_name, certificate_no, since)
    SELECT id, kind, name, certificate, day FROM ${HOLDER} AS h WHERE name IS NOT NULL
      AND NOT EXISTS (SELECT FROM land.right_holder AS o WHERE o.parcel_id = h.id AND o.holder_name = h.name
        AND (h.certificate IS NULL OR o.certificate_no = h.certificate))
      AND NOT (certificate IS NULL AND EXISTS (SELECT FROM ${HOLDER} AS other
        WHERE other.id = h.id AND other.name = h.name AND other.certificate IS NOT NULL))`;
}

interface LeftHolders {
  /** Days that cannot be read. */
  readonly undated: number;
  /** Parcels whose certificate has no holder to belong to. */
  readonly unnamed: number;
}

function holderNotes(written: number, changed: number, { undated, unnamed }: LeftHolders): Text[] {
  const notes: (Text | false)[] = [
    {
      vi: `Đã ghi ${written} người sử dụng đất vào land.right_holder (bảng hạn chế).`,
      en: `${written} right holders were written to land.right_holder, which is restricted.`,
    },
    changed > 0 && {
      vi: `Đã bổ sung giấy chứng nhận hoặc ngày cấp cho ${changed} người sử dụng đất đã có.`,
      en: `${changed} right holders that were there received their certificate or its date.`,
    },
    unnamed > 0 && {
      vi: `Giấy chứng nhận của ${unnamed} thửa không ghi được: tệp không có tên, và thửa không có hoặc có nhiều người sử dụng đất.`,
      en: `Certificates of ${unnamed} parcels were not written: the file has no name, and the parcel has no right holder or several.`,
    },
    undated > 0 && {
      vi: `${undated} ngày cấp không đọc được, để trống.`,
      en: `${undated} dates cannot be read and are empty.`,
    },
  ];
  return notes.filter((note) => note !== false);
}
