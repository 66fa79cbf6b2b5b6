import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Creates a folder that is removed after the tests of a file. @returns its path */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `diaba-test-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Returns a function that writes a new file of a folder, and returns its path. */
export function fileWriter(folder: string): (extension: string, content: string | Uint8Array) => string {
  let files = 0;
  return (extension, content) => {
    const file = join(folder, `v${files++}.${extension}`);
    writeFileSync(file, content);
    return file;
  };
}
