import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A file and its imports, by paths from `src`. */
export interface Module {
  readonly file: string;
  readonly imports: readonly string[];
}

/** Returns every module of a folder, with the modules of the same folder that it imports or starts as a thread. */
export function readModules(folder: string): Module[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((file) => readModule(file, readFileSync(join(folder, file), 'utf8')));
}

/** Matches static imports and exports, also of types; dynamic imports; and modules started as threads. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|new URL\(\s*)'(\.[^']+\.ts)'/g;

/** Matches a thread that `lib/thread.ts` starts, by its module's path without an ending. */
const THREAD = /\bstartThread\(\s*'(\.[^']+)'/g;

/** @param file path from `src` */
export function readModule(file: string, text: string): Module {
  const threads = [...text.matchAll(THREAD)].map(([, path = '']) => `${path}.ts`);
  const paths = [...text.matchAll(IMPORT)].map(([, path = '']) => path);
  return { file, imports: [...paths, ...threads].map((path) => normalize(join(dirname(file), path))) };
}

/** Returns the room of a file: the longest that is a prefix of its path. undefined: it is in no room. */
export function roomOf(file: string, rooms: readonly string[]): string | undefined {
  const path = file.replace(/\.ts$/, '');
  const around = rooms.filter((room) => path === room || path.startsWith(`${room}/`));
  return around.sort((a, b) => b.length - a.length)[0];
}

/** Returns a line for each import that the table does not allow. */
export function wrongImports(modules: readonly Module[], table: Readonly<Record<string, string>>): string[] {
  const rooms = Object.keys(table);
  return modules.flatMap(({ file, imports }) => {
    const room = roomOf(file, rooms);
    if (room === undefined) return [`${file} stands in no room`];
    const allowed = new Set([room, ...(table[room] ?? '').split(' ')]);
    return imports
      .filter((path) => !allowed.has(roomOf(path, rooms) ?? ''))
      .map((path) => `${file} (${room}) must not import ${path} (${roomOf(path, rooms)})`);
  });
}

/** Returns circles of names, each as the chain of its names. */
export function circles(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) return void found.push([...trail.slice(start), name].join(' -> '));
    if (done.has(name)) return;
    for (const next of arrows.get(name) ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of arrows.keys()) visit(name, []);
  return found;
}
