import { describe, expect, it } from 'vitest';
import { circles, type Module, readModule, readModules, roomOf, wrongImports } from './imports.ts';
import { ROOMS } from './rooms.ts';

const SOURCE = new URL('../../src/', import.meta.url).pathname;
const modules = readModules(SOURCE);
const rooms = Object.keys(ROOMS);

describe('the layout of src', () => {
  it('has imports that go where the table of rooms lets them', () => {
    expect(modules.length).toBeGreaterThan(300);
    expect(wrongImports(modules, ROOMS)).toEqual([]);
  });

  it('has no files that import each other, by whatever way round', () => {
    expect(circles(new Map(modules.map(({ file, imports }) => [file, imports])))).toEqual([]);
  });

  it('has no file that nothing imports or starts', () => {
    const used = new Set(modules.flatMap(({ imports }) => imports));
    expect(modules.map(({ file }) => file).filter((file) => !used.has(file))).toEqual(['cli.ts', 'viewer/main.ts']);
  });

  it('has no rooms that may import each other', () => {
    expect(circles(new Map(rooms.map((room) => [room, (ROOMS[room] ?? '').split(' ').filter(Boolean)])))).toEqual([]);
  });

  it('has a file in every room, and only rooms in the table', () => {
    const lived = new Set(modules.map(({ file }) => roomOf(file, rooms)));
    expect(rooms.filter((room) => !lived.has(room))).toEqual([]);
    const named = Object.values(ROOMS).flatMap((list) => list.split(' ').filter(Boolean));
    expect(named.filter((room) => !rooms.includes(room))).toEqual([]);
  });
});

describe('the test of the layout sees', () => {
  const wrong: readonly (readonly [what: string, file: string, text: string])[] = [
    ['a helper that imports the server', 'lib/text.ts', "import { startServer } from '../server.ts';"],
    ['a face that imports a face', 'http/wfs/wfs.ts', "import { items } from '../features/items.ts';"],
    ['the kit that imports the app', 'http/kit/route.ts', "import { createApp } from '../../app.ts';"],
    ['the kit that imports the catalog', 'http/kit/route.ts', "import type { Layer } from '../../catalog/layer.ts';"],
    ['a pure room that asks the database', 'geo/bbox.ts', "import { sql } from '../database/sql.ts';"],
    ['derived rows that import tiles', 'tiles/derived/mosaic.ts', "import { Tiles } from '../tiles.ts';"],
    ['a question that imports HTTP', 'features/items.ts', "export { send } from '../http/kit/reply.ts';"],
    ['an import that is awaited', 'lib/text.ts', "const { sql } = await import('../database/sql.ts');"],
    ['a thread', 'lib/thread.ts', "new Worker(new URL('../raster/drafter-worker.ts', import.meta.url));"],
    ['a thread by name', 'lib/thread.ts', "startThread('../raster/drafter-worker', import.meta.url);"],
    ['a type alone', 'geo/bbox.ts', "import type { Sql } from '../database/sql.ts';"],
    ['a file in no room', 'odd/thing.ts', ''],
  ];
  it.each(wrong)('%s', (_what, file, text) => {
    expect(wrongImports([readModule(file, text)], ROOMS)).toHaveLength(1);
  });

  it('a circle of three files', () => {
    const around: Module[] = [
      { file: 'geo/a.ts', imports: ['geo/b.ts'] },
      { file: 'geo/b.ts', imports: ['geo/c.ts'] },
      { file: 'geo/c.ts', imports: ['geo/a.ts'] },
    ];
    expect(circles(new Map(around.map(({ file, imports }) => [file, imports])))).toEqual([
      'geo/a.ts -> geo/b.ts -> geo/c.ts -> geo/a.ts',
    ]);
  });
});
