import { expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Layer } from '../../src/catalog/layer.ts';
import { sql } from '../../src/database/sql.ts';
import { searchCondition } from '../../src/filter/search.ts';
import { fold } from '../../src/lib/text.ts';
import { Random } from '../../src/sample/random.ts';
import { describeEngines } from '../engine.ts';

const WORDS = [
  'Phú Lợi',
  'đường Đ. số 5',
  'ĐẤT Ở',
  'Thủ\u00a0Dầu\t Một',
  'Angstro\u0308m \u212b',
  '100% a_b',
  '[x]^y\\z-w',
  'K\u212aK',
  '한글',
  'ﬁ',
  'İ',
  'a≠b',
];
const TERMS = [
  'phu loi',
  'loi',
  'duong d',
  'dat o',
  'thu dau mot',
  'angstrom',
  'g',
  '100%',
  'a_b',
  '[x]',
  '^y',
  'y\\z',
  'z-w',
  'kkk',
  '한',
  'fi',
  'i',
  '=',
  'a=b',
  'q q',
  'x'.repeat(300),
];

describeEngines('text search', (engine) => {
  it('finds in a text, as it is, what it finds in the folded one', async () => {
    await engine.db.script(
      `CREATE SCHEMA odd; CREATE TABLE odd.said (id integer PRIMARY KEY, one text, two text, geom geometry(Point, 4326))`,
    );
    const random = new Random(7);
    const rows = Array.from({ length: 300 }, (_, id) => {
      const words = Array.from({ length: 3 }, () => random.pick(WORDS));
      const text = words.join(random.pick([' ', '  ', '\n', '']));
      return {
        id,
        one: random.integer(0, 1) ? text.normalize('NFD') : text,
        two: random.integer(0, 3) ? random.pick(TERMS) : null,
      };
    });
    await engine.db.query(
      sql`INSERT INTO odd.said SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id int, one text, two text)`,
    );
    const layer = (await discover(engine.db, ['odd'])).layers.get('odd.said') as Layer;
    for (const terms of [...TERMS.map((term) => [term]), ['kkk', '한'], ['dat o', 'phu loi']]) {
      const found = await engine.db.query<{ id: number }>(
        sql`SELECT id FROM odd.said WHERE ${searchCondition(layer, terms.map(fold))} ORDER BY id`,
      );
      const expected = rows.filter(({ one, two }) =>
        terms.some((term) => [one, two ?? ''].some((text) => fold(text).includes(fold(term)))),
      );
      expect(
        found.map(({ id }) => id),
        terms.join(),
      ).toEqual(expected.map(({ id }) => id));
      if (terms[0] !== 'q q') expect(found.length, terms.join()).toBeGreaterThan(0);
    }
  });
});
