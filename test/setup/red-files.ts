import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter } from 'vitest/node';

/**
 * Writes the paths of the files that failed to the file RED_FILES, one a line, for `.ci/run`. It writes none if
 * something failed outside of a file, as when a worker crashed: running files again would not show that.
 */
// biome-ignore lint/style/noDefaultExport: required by vitest
export default class RedFiles implements Reporter {
  onTestRunEnd: Reporter['onTestRunEnd'] = (files, errors, reason) => {
    const red = errors.length > 0 || reason === 'interrupted' ? [] : files.filter((file) => !file.ok());
    const target = process.env.RED_FILES;
    if (target) writeFileSync(target, red.map(({ moduleId }) => `${relative('.', moduleId)}\n`).join(''));
  };
}
