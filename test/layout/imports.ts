import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A file and what it imports, by paths from `src`. */
export interface Module {
  readonly file: string;
  readonly imports: readonly string[];
}

/** Every module of a folder, with the modules of the same folder that it imports, or starts as a thread. */
export function readModules(folder: string): Module[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((file) => readModule(file, readFileSync(join(folder, file), 'utf8')));
}

/** Static imports and exports, of types too; imports that are awaited; modules that are started as threads. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|new URL\(\s*)'(\.[^']+\.ts)'/g;

/** @param file its path from `src` */
export function readModule(file: string, text: string): Module {
  const imports = [...text.matchAll(IMPORT)].map(([, path = '']) => normalize(join(dirname(file), path)));
  return { file, imports };
}

/** The room of a file: the longest one that its path begins with. undefined: it stands in none. */
export function roomOf(file: string, rooms: readonly string[]): string | undefined {
  const path = file.replace(/\.ts$/, '');
  const around = rooms.filter((room) => path === room || path.startsWith(`${room}/`));
  return around.sort((a, b) => b.length - a.length)[0];
}

/** Imports that the table does not allow, each in a line that says which. */
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

/** Circles of names, each told once by the names on it. */
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
