import type { Session } from '../../database/database.ts';
import { type Sql, sql } from '../../database/sql.ts';
import { FAULTS } from '../../geo/faults.ts';
import type { Text } from '../../lib/errors.ts';
import type { SourceNotice } from '../source/row/source-row.ts';
import { SUCCESSION, type SuccessionEvent } from './matching/succession.ts';
import { REFUSAL, ROW, shapeOfRow } from './staging/staged.ts';
import { indexRows } from './staging/staging.ts';

/** A row of the file that was not taken as it is, or a notice of its source. */
export interface ReportRow {
  /** 1 for the first row of the file; undefined for a notice. */
  readonly number: number | undefined;
  readonly outcome: 'refused' | 'mended' | 'beside' | SuccessionEvent;
  /** All reasons of a refused row, what was mended, or the keys before and after. */
  readonly reasons: readonly Text[];
  /** Longitude and latitude of the centre of its box; undefined without a readable geometry. */
  readonly place: readonly [number, number] | undefined;
  /** Geometry of a notice as hexadecimal WKB, in WGS 84. */
  readonly shape?: string | undefined;
}

/** The staged rows of which a report lists the outcome. */
export interface ListedRows {
  /** Texts of the numbers of reasons. */
  readonly texts: readonly Text[];
  /** True if splits, merges and renumberings were looked for. */
  readonly hasSuccessions: boolean;
  readonly notices: readonly SourceNotice[];
  /** SRID of the shapes of the notices. */
  readonly srid: number;
}

/** Rows read at once. */
const PAGE = 5000;

interface Placed {
  readonly number: number;
  readonly x: number | null;
  readonly y: number | null;
}

interface StagedReportRow extends Placed {
  readonly reasons: number[] | null;
  readonly mended: string | null;
}

interface StagedSuccession extends Placed {
  readonly event: SuccessionEvent;
  readonly before: string;
  readonly after: string;
}

/** Yields the refused and the mended rows in the order of the file, then splits, merges and renumberings, then notices. */
export async function* reportRows(session: Session, listed: ListedRows): AsyncGenerator<ReportRow> {
  const { texts, hasSuccessions, notices, srid } = listed;
  await indexRows(session);
  const notTaken = sql`SELECT s.n, f.reasons, s.mended, ${shapeOfRow('s')} AS shape FROM ${ROW} AS s
    LEFT JOIN ${REFUSAL} AS f USING (n) WHERE f.n IS NOT NULL OR s.mended IS NOT NULL`;
  for await (const row of stagedPages<StagedReportRow>(session, notTaken)) yield toReportRow(row, texts);
  if (hasSuccessions) yield* successionRows(session);
  for (let at = 0; at < notices.length; at += PAGE) yield* noticeRows(session, notices.slice(at, at + PAGE), srid);
}

async function* successionRows(session: Session): AsyncGenerator<ReportRow> {
  const successions = sql`SELECT r.n, s.event, s.before, s.after, r.geom AS shape FROM ${ROW} AS r JOIN (
    SELECT n, event, string_agg(key_before, '; ' ORDER BY key_before) AS before, min(key_after) AS after FROM ${SUCCESSION} GROUP BY n, event) AS s USING (n)`;
  for await (const row of stagedPages<StagedSuccession>(session, successions)) yield toSuccession(row);
}

async function* noticeRows(
  session: Session,
  notices: readonly SourceNotice[],
  srid: number,
): AsyncGenerator<ReportRow> {
  const shapes = JSON.stringify(notices.map(({ shape }) => shape));
  const rows = await session.query<Omit<Placed, 'number'> & { shape: string | null }>(sql`SELECT
      encode(ST_AsBinary(g), 'hex') AS shape, ST_X(centre) AS x, ST_Y(centre) AS y
    FROM (SELECT n, g, ST_Centroid(ST_Envelope(g)) AS centre FROM (
      SELECT n, pg_temp.import_move(ST_Force2D(pg_temp.import_shape(value, ${srid}::int)), 4326) AS g
      FROM json_array_elements_text(${shapes}::json) WITH ORDINALITY AS given (value, n)) AS moved) AS placed ORDER BY n`);
  for (const [index, { kind, text }] of notices.entries()) {
    const { shape = null, ...at } = rows[index] ?? { x: null, y: null };
    yield { number: undefined, outcome: kind, reasons: [text], place: shownPlace(at), shape: shape ?? undefined };
  }
}

/** Yields the rows of a query with `n`, once each, and `shape`, page by page. */
async function* stagedPages<R extends Placed>(session: Session, query: Sql): AsyncGenerator<R> {
  for (let last = 0; ; ) {
    const rows = await session.query<R>(sql`SELECT *, n AS number, ST_X(place) AS x, ST_Y(place) AS y
      FROM (SELECT *, pg_temp.import_move(ST_Centroid(ST_Envelope(shape)), 4326) AS place
        FROM (${query}) AS each WHERE n > ${last}::bigint ORDER BY n LIMIT ${PAGE}::int) AS page ORDER BY n`);
    yield* rows;
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.number ?? last;
  }
}

const shownPlace = ({ x, y }: Omit<Placed, 'number'>) =>
  Number.isFinite(x) && Number.isFinite(y) ? ([x, y] as [number, number]) : undefined;

function toSuccession({ number, event, before, after, ...at }: StagedSuccession): ReportRow {
  const { vi, en } = EVENTS[event];
  return {
    number,
    outcome: event,
    reasons: [{ vi: `${vi}: ${before} → ${after}.`, en: `${en}: ${before} → ${after}.` }],
    place: shownPlace(at),
  };
}

const EVENTS: Readonly<Record<SuccessionEvent, Text>> = {
  split: { vi: 'Tách', en: 'Split' },
  merge: { vi: 'Hợp', en: 'Merged' },
  renumber: { vi: 'Đổi số', en: 'Renumbered' },
};

function toReportRow({ number, reasons, mended, ...at }: StagedReportRow, texts: readonly Text[]): ReportRow {
  const place = shownPlace(at);
  if (!reasons) return { number, outcome: 'mended', reasons: [mendedText(mended ?? '')], place };
  return { number, outcome: 'refused', reasons: reasons.flatMap((index) => texts[index] ?? []), place };
}

function mendedText(fault: string): Text {
  const { vi, en } = (FAULTS as Readonly<Record<string, Text>>)[fault] ?? {
    vi: 'hình học sai',
    en: 'the geometry is invalid',
  };
  return { vi: `Đã sửa: ${vi}.`, en: `Mended: ${en}.` };
}
