/** Personal data in public layers is found by the names and the contents of their columns. */
import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import { readConfig } from '../../src/config.ts';
import { sql } from '../../src/database/sql.ts';
import { checkAll } from '../../src/quality/check.ts';
import { writePublicColumns } from '../../src/quality/public-columns.ts';
import { Quality } from '../../src/quality/quality.ts';
import { rulesOf } from '../../src/quality/score.ts';
import { describeEngines } from '../engine.ts';

const RULE = 'personal-data';
const ROWS = 100;

/** Columns of a table of 100 rows: a value in the first `count`, another in the rest, and the finding. */
const COLUMNS: readonly {
  readonly name: string;
  readonly type?: 'text' | 'bigint';
  readonly value: string;
  readonly count: number;
  readonly rest?: string | null;
  readonly found?: string;
}[] = [
  { name: 'ghi_chu', value: 'Nguyễn Văn An', count: 5, rest: 'đất vườn', found: '5% giá trị là họ tên' },
  { name: 'noi_dung', value: 'Nguyễn Văn An', count: 4, rest: 'đất vườn' },
  { name: 'ma_1', value: '079085001234', count: 100, found: '100% giá trị là số định danh' },
  { name: 'ma_2', type: 'bigint', value: '280123456', count: 50, rest: null, found: '100% giá trị là số định danh' },
  { name: 'lien_he_khi_can', value: '0274 3822 825', count: 10, rest: 'x', found: '10% giá trị là số điện thoại' },
  {
    name: 'mo_ta',
    value: '+84 903 123 456',
    count: 6,
    rest: 'Ông Trần Văn B',
    found: '100% giá trị là họ tên, số điện thoại',
  },
  { name: 'owner_name', value: 'A', count: 1, rest: null, found: 'tên cột là của dữ liệu cá nhân' },
  { name: 'so_dien_thoai', value: ' ', count: 100 },
  { name: 'ten_duong', value: 'Nguyễn Văn Trỗi', count: 100 },
  { name: 'ma_thua', value: '257470120345', count: 100 },
  { name: 'gio_do', value: '202501011200', count: 100 },
  { name: 'ho_nuoc', value: 'Hồ Dầu Tiếng', count: 100 },
  { name: 'so_nha', value: '12 Nguyễn Văn Cừ', count: 100 },
  { name: 'dien_tich', type: 'bigint', value: '987654321', count: 100 },
];

describeEngines('personal data', (engine) => {
  let quality: Quality;
  const check = async () => {
    const catalog = await discover(engine.db, readConfig({}).schemas);
    quality = new Quality(engine.db, catalog);
    await writePublicColumns(engine.db, catalog, quality.rules);
    const bound = quality.rules.find(({ rule }) => rule.id === RULE);
    return bound && checkAll(engine.db, bound);
  };
  const findings = () => quality.findings({ rule: RULE, unit: undefined, limit: 100 });
  const score = async () => rulesOf((await quality.scores()).databases).find(({ rule }) => rule.id === RULE);

  beforeAll(async () => {
    const columns = COLUMNS.map(({ name, type = 'text' }) => `${name} ${type}`).join(', ');
    await engine.db.script(`CREATE TABLE land.house (cccd_so text PRIMARY KEY, ${columns}, geom geometry(Point, 9210));
      CREATE TABLE base.lane (id integer PRIMARY KEY, label text, geom geometry(LineString, 9210));
      INSERT INTO base.lane SELECT n, 'Lê Văn Sỹ', ST_SetSRID(ST_MakeLine(ST_Point(n, 0), ST_Point(n, 9)), 9210) FROM generate_series(1, 20) AS n;
      INSERT INTO land.house (cccd_so, geom) SELECT '07908500' || 1000 + n, ST_SetSRID(ST_MakePoint(600000 + n, 1220000), 9210) FROM generate_series(1, ${ROWS}) AS n`);
    for (const { name, value, count, rest = null, type = 'text' } of COLUMNS)
      await engine.db.script(
        `UPDATE land.house SET ${name} = (CASE WHEN right(cccd_so, 4)::int - 1000 <= ${count} THEN '${value}' ELSE ${rest === null ? 'NULL' : `'${rest}'`} END)::${type}`,
      );
    await check();
  });

  it('is found in each column, and in no other of the database', async () => {
    const found = await findings();
    const expected = [
      ['cccd_so', '100% giá trị là số định danh'],
      ...COLUMNS.flatMap(({ name, found }) => (found ? [[name, found]] : [])),
    ];
    expect(found.map(({ vi }) => vi.replace(/ \(cột đang bị ẩn.*/, '')).sort()).toEqual(
      expected.map(([name, words]) => `Lớp land.house, cột ${name}: ${words}`).sort(),
    );
    expect(found[0]).toMatchObject({ layer: 'land.house', key: 'land.house', lon: null, lat: null, severity: 'error' });
    expect(JSON.stringify(found)).not.toContain('Văn');
  });

  it('counts against the score until somebody overrules it in words, or the column is gone', async () => {
    const before = await score();
    expect(before?.failing).toBe(7);
    expect(before?.records).toBeGreaterThan(60);
    await engine.db.query(
      sql`UPDATE quality.finding SET acknowledged_reason = 'số của công ty' WHERE rule = ${RULE} AND aspect = 'lien_he_khi_can'`,
    );
    await engine.db.script('ALTER TABLE land.house DROP COLUMN ma_2');
    expect(await check()).toMatchObject({ opened: 0, closed: 1 });
    expect((await score())?.failing).toBe(5);
  });

  it('of a new layer makes the rule due', async () => {
    const due = () => engine.db.query(sql`SELECT rule, keys FROM quality.due`);
    expect(await due()).toEqual([]);
    await writePublicColumns(engine.db, await discover(engine.db, readConfig({}).schemas), quality.rules);
    expect(await due()).toEqual([]);
    await engine.db.script('CREATE TABLE land.camera (id integer PRIMARY KEY, owner text, geom geometry(Point, 9210))');
    await writePublicColumns(engine.db, await discover(engine.db, readConfig({}).schemas), quality.rules);
    expect(await due()).toEqual([{ rule: RULE, keys: null }]);
    await engine.db.script('DROP TABLE land.camera');
  });

  it('is looked for in a sample of a large table', async () => {
    await engine.db.script(`CREATE TABLE land.many (id integer PRIMARY KEY, label text, geom geometry(Point, 9210));
      INSERT INTO land.many SELECT n, CASE WHEN n % 10 = 0 THEN 'Phạm Thị Hoa' ELSE 'x' END, ST_SetSRID(ST_MakePoint(n, 0), 9210) FROM generate_series(1, 30000) AS n;
      ANALYZE land.many`);
    const [share] = await engine.db.query<{ looked_at: number; several: number }>(
      sql`SELECT * FROM quality.personal_values('land.many', ARRAY['label']) WHERE kind = 'name'`,
    );
    expect(share?.looked_at).toBeGreaterThan(1500);
    expect(share?.looked_at).toBeLessThan(2500);
    expect(Number(share?.several) / Number(share?.looked_at)).toBeCloseTo(0.1, 1);
    await engine.db.script('DROP TABLE land.many');
  });

  it.each([
    ['NGUYỄN THỊ MINH KHAI', 'name'],
    ['Hộ ông Lê Văn Tám', 'name'],
    ['bà Võ Thị Sáu', 'name'],
    ['Tran Van A', 'name'],
    ['Công ty Hoàng Anh', null],
    ['Phan', null],
    ['Trường Tiểu học Nguyễn Du', null],
    ['Dương Minh Châu', null],
    ['280 123 456', 'identity'],
    ['400123456', null],
    ['001085001234', 'identity'],
    ['097085001234', null],
    ['0903.123.456', 'telephone'],
    ['84274-3822825', 'telephone'],
    ['0103123456', null],
    ['CCCD 079000000000, ĐT 0901234500', 'identity'],
    ['CMND số 280123456 cấp năm 2010', 'identity'],
    ['Thửa 280123456 cũ', null],
    ['150000000', null],
    ['106.079085001234', null],
    ['Gọi 0901234500 (vợ)', 'telephone'],
    ['Mã 10901234500', null],
    ['', null],
  ])('%s is %s', async (text, kind) => {
    expect(await engine.db.query(sql`SELECT catalog.personal_kind(${text}) AS kind`)).toEqual([{ kind }]);
  });
});
