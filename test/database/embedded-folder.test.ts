/** The folder of the embedded database is never overwritten, and a fault in it is reported in one line. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openEmbedded } from '../../src/database/embedded.ts';
import { sql } from '../../src/database/sql.ts';
import { BootError } from '../../src/lib/errors.ts';

describe('the folder of the embedded database', { timeout: 240_000 }, () => {
  let root: string;
  let whole: string;
  let filenode: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'diaba-folder-'));
    whole = join(root, 'whole');
    // Created as the first start does.
    const db = await openEmbedded({ folder: whole });
    await db.script('CREATE TABLE public.kept AS SELECT g AS id FROM generate_series(1, 1000) AS g; CHECKPOINT');
    const [row] = await db.query<{ path: string; checksums: string }>(
      sql`SELECT pg_relation_filepath('public.kept') AS path, current_setting('data_checksums') AS checksums`,
    );
    await db.close();
    expect(row?.checksums).toBe('on');
    filenode = row!.path;
  }, 240_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** Returns a damaged copy of the whole folder, and its content. */
  function copy(name: string, spoil: (folder: string) => void): string {
    const folder = join(root, name);
    cpSync(whole, folder, { recursive: true });
    spoil(folder);
    return folder;
  }

  const contents = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return entry.isFile() ? `${path} ${readFileSync(path).toString('base64')}` : path;
      })
      .sort();

  it.each([
    ['PG_VERSION', /is not whole: PG_VERSION missing\. Nothing was changed\. Restore the folder from a backup/],
    ['global/pg_control', /is not whole: global\/pg_control missing/],
    ['base', /is not whole: base missing/],
    ['pg_wal', /is not whole: pg_wal missing/],
  ])('without %s is refused and left as it is', async (part, message) => {
    const folder = copy(part.replace('/', '-'), (copied) => rmSync(join(copied, part), { recursive: true }));
    const before = contents(folder);
    const refusal = await openEmbedded({ folder }).catch((error) => error);
    expect(refusal).toBeInstanceOf(BootError);
    expect(refusal.message).toMatch(message);
    expect(refusal.message).not.toContain('\n');
    expect(contents(folder)).toEqual(before);
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });

  it('that holds something else is refused and left as it is', async () => {
    const folder = join(root, 'photos');
    mkdirSync(folder);
    writeFileSync(join(folder, 'ảnh.jpg'), 'x');
    await expect(openEmbedded({ folder })).rejects.toThrow(
      /holds files that are no database\. Empty it, or set DIABA_DATA/,
    );
    expect(readdirSync(folder)).toEqual(['ảnh.jpg']);
  });

  it('of another PostgreSQL is refused', async () => {
    const folder = copy('older', (copied) => writeFileSync(join(copied, 'PG_VERSION'), '17\n'));
    await expect(openEmbedded({ folder })).rejects.toThrow(/is of PostgreSQL "17" and this program has 18/);
  });

  it('whose files PostgreSQL cannot begin with is refused in its own words', async () => {
    const folder = copy('broken', (copied) => writeFileSync(join(copied, 'global/pg_control'), Buffer.alloc(8192)));
    const refusal = await openEmbedded({ folder }).catch((error) => error);
    expect(refusal).toBeInstanceOf(BootError);
    expect(refusal.message).toMatch(
      /cannot be opened \(.*(pg_control|control file|incompatible|checkpoint).*\)\. Restore its folder/,
    );
  });

  it('in which a first start was killed is begun anew', async () => {
    const folder = join(root, 'killed', 'pg');
    mkdirSync(`${folder}.new/base`, { recursive: true });
    const db = await openEmbedded({ folder, snapshot: readFileSync(inject('snapshot')) });
    expect(await db.query(sql`SELECT count(*) > 0 AS whole FROM land.parcel`)).toEqual([{ whole: true }]);
    await db.close();
    expect(readdirSync(join(root, 'killed'))).toEqual(['pg']);
  });

  it('whose table is damaged tells it, and gives everything else', async () => {
    const folder = copy('damaged', (copied) => {
      const page = readFileSync(join(copied, filenode));
      page.fill(7, 4000, 4100);
      writeFileSync(join(copied, filenode), page);
    });
    const db = await openEmbedded({ folder });
    await expect(db.query(sql`SELECT sum(id) FROM public.kept`)).rejects.toMatchObject({ code: 'XX001' });
    expect(await db.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
    await db.close();
  });
});
