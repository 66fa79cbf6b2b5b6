import { type Command, InvalidArgumentError } from 'commander';
import { listAudit, MAX_AUDIT_ROWS } from '../access/audit.ts';
import type { AuditFilter, AuditRow } from '../access/audit-query.ts';
import { withDatabase } from './database.ts';
import { printLine } from './progress.ts';

interface AuditOptions {
  readonly holder?: string;
  readonly key?: string;
  readonly parcel?: string;
  readonly since?: string;
}

/** Adds `diaba audit`. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('list who read restricted data and who changed what, newest first, as tab-separated text')
    .option('--holder <text>', 'keys of agencies whose name holds this text')
    .option('--key <id>', 'one key')
    .option('--parcel <id>', 'accesses to this parcel and its right holders, or to several features of their layers')
    .option('--since <date>', 'from this day or time on (ISO 8601)', readSince)
    .action((options: AuditOptions) => withDatabase(async (db) => print(await listAudit(db, auditFilter(options)))));
}

function auditFilter({ holder, ...filter }: AuditOptions): AuditFilter {
  return { ...filter, agency: holder };
}

function readSince(text: string): string {
  const isDate = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDate) throw new InvalidArgumentError('must be a day or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z.');
  return text;
}

function print(rows: readonly AuditRow[]): void {
  printLine(['time', 'key', 'agency', 'action', 'layer', 'feature', 'purpose', 'request', 'request id'].join('\t'));
  for (const { at, key_id, agency, action, layer, feature, purpose, request, request_id } of rows)
    printLine([at, key_id, agency, action, layer, feature, purpose, request, request_id].map(cell).join('\t'));
  if (rows.length === MAX_AUDIT_ROWS) printLine(`Only the newest ${MAX_AUDIT_ROWS}. Ask for less with --since.`);
}

function cell(value: string | null): string {
  return (value ?? '-').replace(/[\t\r\n]+/g, ' ');
}
