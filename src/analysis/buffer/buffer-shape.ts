import type { LineString, Position } from 'geojson';
import type { Database, QueryOptions } from '../../database/database.ts';
import { type Query, sql } from '../../database/sql.ts';
import { isGeometryFailure } from '../../database/sqlstate.ts';
import { Problem } from '../../lib/errors.ts';
import { stretchesOf } from '../corridor/corridor.ts';
import { joinedLinesQuery, STRETCHES, stretchesQuery } from '../corridor/corridor-query.ts';
import { groupsOf } from '../groups.ts';
import { hasOneText } from '../source/source.ts';
import { tooMuch } from '../source/source-check.ts';
import { UNION_VERTICES, uniteAll, VERTEX_DIGITS } from '../union.ts';
import { wrongInput } from '../wrong-input.ts';
import { bufferQuery, givenQuery, halfWidthOf, type Piece, ringQuery, selectedQuery } from './buffer-query.ts';
import { type BufferRequest, LIMITS, QUARTER_SEGMENTS } from './buffer-request.ts';
import { addsWidth, isWide } from './edge-rule.ts';

/** Vertices buffered in one statement: 40 ms on the embedded engine. */
const BATCH_VERTICES = 1000;

export interface BufferShape {
  /** Hexadecimal EWKB in the measuring zone. */
  readonly geom: string;
  /** Metres that were added to the distance, from the middle of lines to their edges. */
  readonly halfWidthM?: { readonly min: number; readonly max: number };
}

export interface ReachOptions extends QueryOptions {
  /** @param share of the work that is done, 0 to 1 */
  readonly onProgress: (share: number) => void;
}

/** A source that can be buffered. */
interface Outline {
  readonly halfWidths: readonly number[];
  /** Returns statements with rows `{geom}`, whose union is the buffer. */
  buffersAt(distance: number): Query[];
}

/**
 * Returns the buffer of a request, in statements of bounded size.
 * @param zone SRID of the measuring zone
 * @throws Problem too-much
 */
export async function shapeBuffer(
  db: Database,
  request: BufferRequest,
  zone: number,
  options: ReachOptions,
): Promise<BufferShape> {
  const { source, distance, ring } = request;
  const outline = await outlineOf(db, request, zone, { ...options, prepared: hasOneText(source) });
  const share = ring ? 0.5 : 1;
  const unite = (reach: number, from: number) =>
    uniteBuffers(db, outline.buffersAt(reach), {
      ...options,
      onProgress: (done) => options.onProgress(from + done * share),
    });
  const outer = await unite(distance, 0);
  if (outer === undefined) throw noLength();
  const inner = ring ? await unite(0, share) : undefined;
  const geom = inner === undefined ? outer : await oneGeometry(db, ringQuery(outer, inner), options);
  const { halfWidths } = outline;
  if (!isWide(request)) return { geom };
  const [min, max] = [halfWidths.reduce((a, b) => Math.min(a, b)), halfWidths.reduce((a, b) => Math.max(a, b))];
  return { geom, halfWidthM: { min, max } };
}

function outlineOf(db: Database, request: BufferRequest, zone: number, options: QueryOptions): Promise<Outline> {
  return request.caps === 'flat' ? flatOutline(db, request, zone, options) : roundOutline(db, request, zone, options);
}

async function roundOutline(
  db: Database,
  request: BufferRequest,
  zone: number,
  options: QueryOptions,
): Promise<Outline> {
  const { source } = request;
  const query =
    source.kind === 'geometry'
      ? givenQuery(source, zone, (request.width ?? 0) / 2)
      : selectedQuery(source, zone, addsWidth(request, source));
  const pieces = await db.query<Piece>(query, options);
  const areDissolved = source.kind === 'features';
  return {
    halfWidths: pieces.flatMap(({ extra }) => extra ?? []),
    buffersAt: (distance) => batches(pieces, areDissolved).map((group) => bufferQuery(group, distance, areDissolved)),
  };
}

/** Lines that end flat: a rectangle along each side, and an arc at each bend. */
async function flatOutline(
  db: Database,
  request: BufferRequest,
  zone: number,
  options: QueryOptions,
): Promise<Outline> {
  const { source } = request;
  const extra =
    source.kind === 'geometry' ? sql`${(request.width ?? 0) / 2}::float8` : halfWidthOf(addsWidth(request, source));
  const rows = await db.query<{ line: string; extra: number }>(joinedLinesQuery(source, zone, extra), options);
  const lines = rows.map((row) => ({ ...row, line: (JSON.parse(row.line) as LineString).coordinates }));
  const vertices = lines.reduce((sum, { line }) => sum + line.length, 0);
  if (vertices > LIMITS.flatVertices) throw tooManySides(vertices);
  return {
    halfWidths: lines.map((each) => each.extra),
    buffersAt: (distance) =>
      groupsOf(flatStretches(lines, distance), STRETCHES).map((group) => stretchesQuery(group, zone)),
  };
}

function flatStretches(
  lines: readonly { readonly line: readonly Position[]; readonly extra: number }[],
  distance: number,
) {
  return lines.flatMap(({ line, extra }) => {
    const side = distance + extra;
    return side > 0 ? stretchesOf([line], { left: side, right: side, caps: 'flat' }) : [];
  });
}

/** Returns the union of buffers; undefined if there are none. */
async function uniteBuffers(
  db: Database,
  queries: readonly Query[],
  { onProgress, ...options }: ReachOptions,
): Promise<string | undefined> {
  const buffers: string[] = [];
  for (const [index, query] of queries.entries()) {
    buffers.push(...(await geometries(db, query, options)));
    onProgress((index + 1) / (queries.length + 1));
  }
  return buffers.length === 0 ? undefined : uniteAll(buffers, (query) => oneGeometry(db, query, options));
}

async function oneGeometry(db: Database, query: Query, options: QueryOptions): Promise<string> {
  const [geom] = await geometries(db, query, options);
  if (geom === undefined) throw tooComplex(0);
  return geom;
}

async function geometries(db: Database, query: Query, options: QueryOptions): Promise<string[]> {
  const rows = await db.query<{ geom: string }>(query, options).catch((error) => {
    throw isGeometryFailure(error) ? notUnited() : error;
  });
  return rows.map(({ geom }) => {
    const vertices = Math.round(geom.length / VERTEX_DIGITS);
    if (vertices > LIMITS.bufferVertices) throw tooComplex(vertices);
    return geom;
  });
}

/**
 * Groups pieces in order by about {@link BATCH_VERTICES}. Pieces that are buffered one by one are grouped by about
 * {@link UNION_VERTICES} of their buffers.
 */
function batches(pieces: readonly Piece[], areDissolved: boolean): Piece[][] {
  const groups: Piece[][] = [];
  let room = 0;
  for (const piece of pieces) {
    if (room <= 0) {
      groups.push([]);
      room = areDissolved ? BATCH_VERTICES : UNION_VERTICES;
    }
    groups.at(-1)?.push(piece);
    const vertices = piece.geom.length / VERTEX_DIGITS;
    room -= areDissolved || piece.extra === null ? vertices : 2 * vertices + 4 * QUARTER_SEGMENTS;
  }
  return groups;
}

export function tooComplex(vertices: number): Problem {
  return tooMuch(
    { vi: `Vùng đệm có ${vertices} đỉnh`, en: `The buffer has ${vertices} vertices` },
    {
      vi: `${LIMITS.bufferVertices}. Hãy chọn ít đối tượng hơn.`,
      en: `${LIMITS.bufferVertices}. Select fewer features.`,
    },
  );
}

function tooManySides(vertices: number): Problem {
  return tooMuch(
    { vi: `Các đường có ${vertices} đỉnh`, en: `The lines have ${vertices} vertices` },
    {
      vi: `${LIMITS.flatVertices} với đầu bằng ("caps": "flat"). Hãy chọn ít đối tượng hơn.`,
      en: `${LIMITS.flatVertices} with flat ends ("caps": "flat"). Select fewer features.`,
    },
  );
}

function noLength(): Problem {
  return wrongInput('caps', {
    vi: 'Đường không có chiều dài nên không có đầu bằng: cần ít nhất hai điểm khác nhau.',
    en: 'A line without a length has no flat ends: it needs at least two different points.',
  });
}

/** GEOS gives up on a union of some 90 000 vertices in the embedded engine. */
function notUnited(): Problem {
  return new Problem('too-much', {
    vi: 'PostGIS không gộp được vùng đệm của các đối tượng này. Hãy chọn ít đối tượng hơn, hoặc chia nhỏ hình học.',
    en: 'PostGIS cannot unite the buffers of these features. Select fewer features, or split the geometry.',
  });
}
