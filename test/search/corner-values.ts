/** The corners of a parcel as they are copied out of an extract, a workbook or a drawing. */
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import type { Values } from './one-row.ts';

interface Corner {
  readonly x: number;
  readonly y: number;
  readonly lon: number;
  readonly lat: number;
  /** In the system of 107°45'. */
  readonly zoneX: number;
  readonly zoneY: number;
}

const metres = (value: number) => value.toFixed(3);
const comma = (value: number) => metres(value).replace('.', ',');
const marked = (value: number) => value.toLocaleString('vi-VN', { minimumFractionDigits: 3 });

/** Length of the edge from a corner to the next one, as printed. */
function edge(corners: readonly Corner[], index: number): string {
  const [a, b] = [corners[index] as Corner, corners[(index + 1) % corners.length] as Corner];
  return Math.hypot(a.x - b.x, a.y - b.y).toFixed(2);
}

export async function cornerValues(db: Database, parcel: number): Promise<Values> {
  const ring = await db.query<Corner>(sql`
    SELECT ST_Y(d.geom) AS x, ST_X(d.geom) AS y, ST_X(g) AS lon, ST_Y(g) AS lat, ST_Y(z) AS "zoneX", ST_X(z) AS "zoneY"
    FROM land.parcel p, ST_DumpPoints(ST_ExteriorRing(ST_GeometryN(p.geom, 1))) AS d,
      ST_Transform(d.geom, 4326) AS g, ST_Transform(d.geom, 5899) AS z
    WHERE p.id = ${parcel}::bigint ORDER BY d.path`);
  const corners = ring.slice(0, -1);
  return { cornerParcel: String(parcel), ...plainLists(corners), ...copiedLists(corners) };
}

function plainLists(corners: readonly Corner[]): Values {
  const lines = (of: (corner: Corner, nth: number) => string) => corners.map((c, index) => of(c, index + 1)).join('\n');
  const [first] = corners as [Corner];
  const spaced = lines((c) => `${metres(c.x)} ${metres(c.y)}`);
  return {
    cornersTab: lines((c) => `${metres(c.x)}\t${metres(c.y)}`),
    cornersNumbered: lines((c, nth) => `${nth}\t${metres(c.x)}\t${metres(c.y)}`),
    cornersSemicolon: lines((c, nth) => `${nth};${metres(c.x)};${metres(c.y)}`),
    cornersSpaces: spaced,
    cornersComma: lines((c) => `${comma(c.x)};${comma(c.y)}`),
    cornersClosed: `${spaced}\n${metres(first.x)} ${metres(first.y)}`,
    cornersSwapped: lines((c) => `${metres(c.y)} ${metres(c.x)}`),
    cornersDegrees: lines((c) => `${c.lat.toFixed(9)} ${c.lon.toFixed(9)}`),
    cornersThousands: lines((c) => `${marked(c.x)}\t${marked(c.y)}`),
    cornersCsv: lines((c, nth) => `${nth},${metres(c.x)},${metres(c.y)}`),
    cornersMarks: lines((c, nth) => `M${nth} ${metres(c.x)} ${metres(c.y)}`),
    cornersNumberedDot: lines((c, nth) => `${nth}. ${metres(c.x)} ${metres(c.y)}`),
    cornersParenthesis: lines((c, nth) => `${nth}) ${comma(c.x)} ; ${comma(c.y)}`),
    cornersCrlf: lines((c, nth) => `${nth}\t${metres(c.x)}\t${metres(c.y)}`).replaceAll('\n', '\r\n'),
    cornersBlank: lines((c) => `${metres(c.x)}\t${metres(c.y)}\n`),
    cornersLabelled: lines((c, nth) => `Điểm ${nth}: X = ${comma(c.x)}; Y = ${comma(c.y)}`),
    cornersMetres: lines((c) => `${metres(c.x)}m  ${metres(c.y)}m`),
    cornersVertex: lines((c, nth) => `Đỉnh ${nth}: ${metres(c.x)}, ${metres(c.y)}`),
    cornersLetters: lines((c, nth) => `${String.fromCharCode(64 + nth)}: X=${metres(c.x)} Y=${metres(c.y)}`),
    cornersCommaComma: lines((c, nth) => `${nth}. ${comma(c.x)}, ${comma(c.y)}`),
    cornersCommasInline: corners.map((c) => `${metres(c.x)}, ${metres(c.y)}`).join('; '),
    cornersPipes: `| STT | X | Y |\n|---|---|---|\n${lines((c, nth) => `| ${nth} | ${metres(c.x)} | ${metres(c.y)} |`)}`,
    cornersOneLine: corners.map((c, index) => `${index + 1}(${metres(c.x)}; ${metres(c.y)})`).join(', '),
    cornersWkt: `POLYGON((${[...corners, first].map((c) => `${metres(c.y)} ${metres(c.x)}`).join(', ')}))`,
    cornersGeoJson: JSON.stringify({
      type: 'Polygon',
      coordinates: [[...corners, first].map((c) => [Number(c.lon.toFixed(9)), Number(c.lat.toFixed(9))])],
    }),
  };
}

/** With headings, edges and feet. */
function copiedLists(corners: readonly Corner[]): Values {
  const [first] = corners as [Corner];
  const lines = (of: (corner: Corner, nth: number, length: string) => string) =>
    corners.map((c, index) => of(c, index + 1, edge(corners, index))).join('\n');
  const back = `1\t${metres(first.x)}\t${metres(first.y)}`;
  return {
    cornersEdges: `Số hiệu\tX (m)\tY (m)\tCạnh (m)\n${lines((c, nth, length) => `${nth}\t${metres(c.x)}\t${metres(c.y)}\t${length}`)}`,
    cornersExtract: `BẢNG LIỆT KÊ TỌA ĐỘ GÓC RANH\nSố hiệu điểm\tX(m)\tY(m)\tChiều dài cạnh (m)\n${lines((c, nth, length) => `${nth}\t${metres(c.x)}\t${metres(c.y)}\n\t\t\t${length}`)}\n${back}`,
    cornersEdgesSemicolon: `STT;X;Y;Cạnh\n${lines((c, nth, length) => `${nth};${comma(c.x)};${comma(c.y)};${length.replace('.', ',')}`)}`,
    cornersFoot: `${lines((c, nth) => `${nth}\t${comma(c.x)}\t${comma(c.y)}`)}\nDiện tích: 140,8 m²`,
    cornersZone: `Hệ tọa độ VN-2000, KTT 107°45', múi chiếu 3°\n${lines((c, nth) => `${nth}\t${metres(c.zoneX)}\t${metres(c.zoneY)}`)}`,
    cornersEdgeNames: lines(
      (c, nth, length) => `${nth}\t${metres(c.x)}\t${metres(c.y)}\t${nth}-${(nth % corners.length) + 1}\t${length}`,
    ),
    cornersSpacedEdges: `STT X Y S\n${lines((c, nth, length) => `${nth} ${metres(c.x)} ${metres(c.y)} ${length}`)}`,
    cornersHeadSwapped: `Điểm\tY (m)\tX (m)\n${lines((c, nth) => `${nth}\t${metres(c.y)}\t${metres(c.x)}`)}`,
  };
}
