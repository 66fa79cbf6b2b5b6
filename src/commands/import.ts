import { type Command, InvalidArgumentError, Option } from 'commander';
import { importFile } from '../transfer/import/import.ts';
import { IMPORT_MODES, type ImportMode } from '../transfer/import/matching/mode.ts';
import type { ReportRow } from '../transfer/import/report-rows.ts';
import type { ImportReport, ImportStep } from '../transfer/import/request.ts';
import { listImports, type RecordedImport, undoImport } from '../transfer/import/undo.ts';
import { checkReportFile, writeReport } from '../transfer/report/report-file.ts';
import { withDatabase } from './database.ts';
import { printReport } from './import-report.ts';
import { printLine, withProgress } from './progress.ts';
import { readValueFiles, writeValueFiles } from './value-files.ts';

interface ImportOptions {
  readonly layer?: string;
  readonly register?: string;
  readonly profile?: string;
  readonly saveProfile?: string;
  readonly values?: readonly string[];
  readonly map?: readonly string[];
  readonly set?: readonly string[];
  readonly srid?: string;
  readonly encoding?: string;
  readonly sourceLayer?: string;
  readonly allLayers?: boolean;
  readonly cadastralMap?: boolean;
  readonly tolerance?: string;
  readonly repair?: boolean;
  readonly skipRefused?: boolean;
  readonly anywhere?: boolean;
  readonly again?: boolean;
  readonly mode?: ImportMode;
  readonly key?: readonly string[];
  readonly byUnit?: boolean;
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly list?: boolean;
  readonly undo?: string;
}

/** Adds `diaba import FILE… --layer schema.table …`. */
export function addImportCommand(program: Command): void {
  program
    .command('import [files...]')
    .description('import vector files into a layer, all or nothing')
    .option('--layer <schema.table>', 'the table to fill; made where it does not exist')
    .option('--map <field=column...>', 'fields of the layer and the columns of the file they come from')
    .option('--set <field=value...>', 'fields with the same value in every row')
    .option('--register <file>', 'CSV or XLSX that describes the parcels of the files, by unit, sheet and number')
    .option('--values <field=file...>', 'CSV with a code for each value of the file; made where it does not exist')
    .option('--profile <name>', 'which columns are which fields: vbdlis, pl3-01, or one that was saved')
    .option('--save-profile <name>', 'save map, set and values under a name')
    .addOption(new Option('--mode <mode>', 'how its rows meet those of the table').choices(IMPORT_MODES))
    .option('--key <field...>', 'fields by which upsert, update and sync know a feature')
    .option('--by-unit', 'replace and sync: only the units that the file names')
    .option('--dry-run', 'print the whole report, and write nothing')
    .option('--report <file>', 'write the report with every refused row: .html, .json, .csv or .gpkg')
    .option('--srid <n>', 'SRID of the file, where it does not say it')
    .option('--encoding <name>', 'encoding of its text: utf-8, tcvn3, vni, windows-1258 …')
    .option('--source-layer <name>', 'which layer of a file that holds several')
    .option('--all-layers', 'all layers of the file, as one')
    .option('--cadastral-map', 'one DXF or DGN v7: lines of level 10 and their labels become parcels')
    .option('--tolerance <metres>', 'cadastral map: ends of lines within this distance meet')
    .option('--repair', 'mend invalid polygons in place of refusing them')
    .option('--skip-refused', 'import what can be, leave what is refused')
    .option('--anywhere', 'import features that lie outside of the unit that they name')
    .option('--again', 'import a file that the layer has already')
    .option('--list', 'list the latest imports')
    .option('--undo <id>', 'put back what an import has written, changed and deleted')
    .action((files: string[], options: ImportOptions) => chooseAction(files, options));
}

function chooseAction([file, ...moreFiles]: string[], { list, undo, ...options }: ImportOptions): Promise<void> {
  if (list || undo !== undefined) {
    if (file !== undefined || (list && undo !== undefined))
      throw new InvalidArgumentError('--list and --undo <id> go alone, without a file.');
    return undo === undefined ? printImports() : undoOne(undo);
  }
  const { layer } = options;
  if (file === undefined || layer === undefined)
    throw new InvalidArgumentError('Name a file and its --layer schema.table, or use --list or --undo <id>.');
  return runImport([file, ...moreFiles], { ...options, layer });
}

async function runImport(
  [file, ...moreFiles]: [string, ...string[]],
  {
    map = [],
    set = [],
    values = [],
    srid,
    tolerance,
    report: reportFile,
    ...options
  }: ImportOptions & { readonly layer: string },
): Promise<void> {
  if (srid !== undefined && !/^\d{4,6}$/.test(srid))
    throw new InvalidArgumentError('--srid must be a number, e.g. 9210.');
  if (reportFile !== undefined) checkReportFile(reportFile);
  const valueFiles = readPairs(values);
  const request = {
    ...options,
    file,
    moreFiles,
    values: await readValueFiles(valueFiles),
    onStep: printStep,
    ...(reportFile !== undefined && {
      onReport: (report: ImportReport, rows: AsyncIterable<ReportRow>) => writeReport(reportFile, report, rows),
    }),
    map: readPairs(map),
    set: readPairs(set),
    srid: srid === undefined ? undefined : Number(srid),
    tolerance: tolerance === undefined ? undefined : Number(tolerance),
  };
  const report = await withDatabase((db, { schemas }) =>
    withProgress('Import', (onProgress) => importFile(db, { ...request, schemas, onProgress })),
  );
  printReport(report);
  for (const line of await writeValueFiles(valueFiles, request.values, report.unknownValues)) printLine(line);
  if (report.written === 0 && report.refused > 0) process.exitCode = 1;
}

const STEPS: Readonly<Record<ImportStep, string>> = {
  waiting: 'Another import writes to this layer: waiting for its end …',
  reading: 'Reading …',
  checking: 'Checking …',
  writing: 'Writing …',
};

function printStep(step: ImportStep): void {
  printLine(STEPS[step]);
}

async function printImports(): Promise<void> {
  const imports = await withDatabase((db) => listImports(db));
  if (!imports.length) printLine('No file has been imported yet.');
  for (const each of imports) printLine(describeImport(each));
}

async function undoOne(id: string): Promise<void> {
  if (!/^\d{1,15}$/.test(id))
    throw new InvalidArgumentError('--undo takes the number of an import: see import --list.');
  const undone = await withDatabase((db) => undoImport(db, Number(id), () => printStep('waiting')));
  printLine(`Undone: ${describeImport(undone)}`);
}

const STATES: Readonly<Record<RecordedImport['state'], string>> = {
  undoable: 'can be undone',
  'too-large': 'too large to be undone',
  expired: 'too old to be undone',
  undone: 'undone',
};

function describeImport({ id, layer, file, mode, importedAt, state, counts }: RecordedImport): string {
  const { inserted = 0, updated = 0, deleted = 0 } = counts;
  return `${id}  ${importedAt.slice(0, 16)}  ${layer}  ${mode}  ${file}: inserted ${inserted}, updated ${updated}, deleted ${deleted}; ${STATES[state]}`;
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
