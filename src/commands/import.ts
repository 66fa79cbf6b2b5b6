import { type Command, InvalidArgumentError } from 'commander';
import { type ImportReport, importFile } from '../transfer/import/import.ts';
import { withDatabase } from './database.ts';
import { printLine, withProgress } from './progress.ts';

interface ImportOptions {
  readonly layer: string;
  readonly map?: readonly string[];
  readonly set?: readonly string[];
  readonly srid?: string;
  readonly encoding?: string;
  readonly sourceLayer?: string;
  readonly repair?: boolean;
  readonly skipRefused?: boolean;
}

/** Adds `diaba import FILE --layer schema.table …`. */
export function addImportCommand(program: Command): void {
  program
    .command('import <file>')
    .description('import a vector file into a layer, all or nothing')
    .requiredOption('--layer <schema.table>', 'the table to fill; made where it does not exist')
    .option('--map <field=column...>', 'fields of the layer and the columns of the file they come from')
    .option('--set <field=value...>', 'fields with the same value in every row')
    .option('--srid <n>', 'SRID of the file, where it does not say it')
    .option('--encoding <name>', 'encoding of its text: utf-8, tcvn3, vni, windows-1258 …')
    .option('--source-layer <name>', 'which layer of a file that holds several')
    .option('--repair', 'mend invalid polygons in place of refusing them')
    .option('--skip-refused', 'import what can be, leave what is refused')
    .action((file: string, options: ImportOptions) => runImport(file, options));
}

async function runImport(file: string, { map = [], set = [], srid, ...options }: ImportOptions): Promise<void> {
  if (srid !== undefined && !/^\d{4,6}$/.test(srid))
    throw new InvalidArgumentError('--srid must be a number, e.g. 9210.');
  const request = {
    ...options,
    file,
    map: readPairs(map),
    set: readPairs(set),
    srid: srid === undefined ? undefined : Number(srid),
  };
  const report = await withDatabase((db, { schemas }) =>
    withProgress('Import', (onProgress) => importFile(db, { ...request, schemas, onProgress })),
  );
  tell(report);
  if (report.written === 0) process.exitCode = 1;
}

function readPairs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new InvalidArgumentError(`"${pair}" must be field=value.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function tell(report: ImportReport): void {
  const { layer, created, read, written, repaired, refused, reasons, leftOut, renamed, changes, srid } = report;
  const mended = repaired ? `, ${repaired} mended` : '';
  printLine(
    `${layer}${created ? ' (new)' : ''}: read ${read}, written ${written}, refused ${refused}${mended}; EPSG:${srid.source} -> EPSG:${srid.target}`,
  );
  for (const { reason, count, examples } of reasons)
    printLine(`  refused ${count}: ${reason.en} (features ${examples.join(', ')})`);
  for (const { from, to } of renamed) printLine(`  renamed ${from}: ${to}`);
  for (const { column = 'geometry', what, count } of changes) printLine(`  changed ${count} of ${column}: ${what.en}`);
  for (const { column, why } of leftOut) printLine(`  left out ${column}: ${why.en}`);
  if (refused && written === 0) printLine('Nothing was written. Mend the file, or use --repair or --skip-refused.');
}
