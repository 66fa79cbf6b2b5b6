import { z } from 'zod';
import type { Database, QueryOptions } from '../../database/database.ts';
import type { Text } from '../../lib/errors.ts';
import { roundToHundredth } from '../../lib/number.ts';
import type { InputValues, JobContext, Outcome, PrepareContext, Process, ProcessInput } from '../process.ts';
import { inputLayer, wrongInput } from '../wrong-input.ts';
import {
  FORM_CODES,
  type FormCode,
  type FormDefinition,
  readStatisticsDefinition,
  type StatisticsDefinition,
} from './definition.ts';
import { statisticsNotes } from './notes.ts';
import { type FilledForm, STATISTICS_OUTPUTS, type StatisticsValues } from './outputs.ts';
import { printedForm } from './printed-form.ts';
import {
  type AreaRow,
  areasQuery,
  communesQuery,
  type ReportingUnit,
  reportingUnitsQuery,
  type UseName,
  type UsersRow,
  useNamesQuery,
  usersQuery,
} from './statistics-query.ts';
import { areasForm, type StatisticsInput, type SubjectTable, sharesForm, subjectTable } from './subject-forms.ts';
import { statisticsRows } from './table-rows.ts';
import { changesForm, defenceForm } from './unfilled-forms.ts';
import { type Commune, communesForm } from './unit-form.ts';
import { usersForm } from './users-form.ts';

const STATISTICS_INPUTS = {
  unit: {
    description: {
      vi: 'Phường, xã hoặc tỉnh đang có hiệu lực: tên hoặc mã',
      en: 'Commune or province in force: name or code',
    },
    schema: z.string().min(1).max(200),
  },
  forms: {
    description: {
      vi: 'Các biểu cần lập; không có: mọi biểu mà cấp của đơn vị lập',
      en: 'Forms to fill; absent: all that a unit of its level fills',
    },
    schema: z.array(z.enum(FORM_CODES)).min(1).max(FORM_CODES.length).optional(),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

type StatisticsInputs = InputValues<typeof STATISTICS_INPUTS>;

interface PreparedStatistics {
  readonly unit: ReportingUnit;
  readonly forms: readonly FormDefinition[];
}

/** Returns the process that fills the forms of land statistics (TT 08/2024/TT-BTNMT) from the parcels of a unit. */
export function landStatisticsProcess(db: Database): Process<StatisticsInputs, PreparedStatistics> {
  const definition = readStatisticsDefinition();
  return {
    id: 'land-statistics',
    version: '1.0.0',
    title: { vi: 'Thống kê đất đai', en: 'Land statistics' },
    description: {
      vi: 'Lập các biểu 01 đến 06/TKKK (TT 08/2024/TT-BTNMT) của một phường, xã hoặc tỉnh từ dữ liệu hiện thời: diện tích theo loại đất, đối tượng, đơn vị; tổng khớp đến 0,01 ha; mỗi ô dẫn đến các thửa của nó; ô chưa điền được để trống và nói vì sao.',
      en: 'Fills forms 01 to 06/TKKK (TT 08/2024/TT-BTNMT) of a commune or a province from live data: areas by use, subject and unit; totals close to 0.01 ha; every cell links to its parcels; cells that the data cannot fill are empty and say why.',
    },
    inputs: STATISTICS_INPUTS,
    outputs: STATISTICS_OUTPUTS,
    prepare: (inputs, context) => prepareStatistics(db, definition, { inputs, context }),
    run: (prepared, context) => runStatistics(db, definition, { prepared, context }),
    forms: (values) => {
      const { forms, ...others } = values as StatisticsValues;
      return forms.map((form) => printedForm(form, requireForm(definition, form.code), { forms, ...others }));
    },
  };
}

function requireForm({ forms }: StatisticsDefinition, code: FormCode): FormDefinition {
  const form = forms.get(code);
  if (!form) throw new Error(`data/land_statistics/form.csv lacks ${code}`);
  return form;
}

async function prepareStatistics(
  db: Database,
  definition: StatisticsDefinition,
  { inputs, context }: { readonly inputs: StatisticsInputs; readonly context: PrepareContext },
): Promise<PreparedStatistics> {
  inputLayer(context, 'land.parcel', 'unit');
  const units = await db.query<ReportingUnit>(reportingUnitsQuery(inputs.unit), { signal: context.signal });
  const [unit] = units;
  if (!unit || units.length > 1) throw wrongInput('unit', unitFault(inputs.unit, units));
  const own = [...definition.forms.values()].filter(({ tiers }) => tiers.includes(unit.level));
  const wrong = inputs.forms?.find((code) => !own.some((form) => form.code === code));
  if (wrong) throw wrongInput('forms', tierFault(wrong, own));
  return { unit, forms: own.filter(({ code }) => inputs.forms?.includes(code) ?? true) };
}

function unitFault(asked: string, units: readonly ReportingUnit[]): Text {
  const listed = units.map(({ code, name }) => `${name} (${code})`).join(', ');
  if (units.length > 1) {
    return {
      vi: `Nhiều đơn vị mang tên "${asked}": ${listed}. Hãy ghi mã.`,
      en: `Several units are called "${asked}": ${listed}. Give the code.`,
    };
  }
  return {
    vi: `Không có phường, xã hay tỉnh đang có hiệu lực mang tên hoặc mã "${asked}". Đơn vị đã hết hiệu lực không lập biểu từ dữ liệu hiện thời.`,
    en: `No commune or province in force has the name or code "${asked}". Units of before have no forms from live data.`,
  };
}

function tierFault(form: FormCode, own: readonly FormDefinition[]): Text {
  const listed = own.map(({ code }) => code).join(', ');
  return {
    vi: `Cấp của đơn vị này không lập biểu ${form}. Có thể là: ${listed}.`,
    en: `A unit of this level does not fill form ${form}. It can be: ${listed}.`,
  };
}

async function runStatistics(
  db: Database,
  definition: StatisticsDefinition,
  { prepared, context }: { readonly prepared: PreparedStatistics; readonly context: JobContext },
): Promise<Outcome> {
  const { unit, forms } = prepared;
  const options: QueryOptions = { signal: context.signal, priority: 'background' };
  const areas = await db.query<AreaRow>(areasQuery(unit.code), options);
  const names = await db.query<UseName>(useNamesQuery(), options);
  context.onProgress(0.5);
  const rows = statisticsRows(definition, names, [...new Set(areas.map(({ use }) => use))].sort());
  const input: StatisticsInput = { unit: unit.code, rows, areas };
  const table = subjectTable(input, requireForm(definition, '01/TKKK'));
  const filled: FilledForm[] = [];
  for (const form of forms) filled.push(await fill(db, form, { input, table, options }));
  const { code, name, level, parentName, today: asOf } = unit;
  const checks = checksOf(unit, table);
  const values: StatisticsValues = {
    ...{ unit: { code, name, level, parentName }, asOf, forms: filled, checks },
    notes: statisticsNotes(checks, rows),
  };
  return { values, layers: [] };
}

interface FillContext {
  readonly input: StatisticsInput;
  readonly table: SubjectTable;
  readonly options: QueryOptions;
}

async function fill(db: Database, form: FormDefinition, { input, table, options }: FillContext): Promise<FilledForm> {
  switch (form.code) {
    case '01/TKKK':
      return areasForm(input, form, table);
    case '02/TKKK': {
      const places = input.rows.flatMap(({ uses }, row) => uses.map((use) => ({ row, use })));
      return usersForm(input, form, await db.query<UsersRow>(usersQuery(input.unit, places), options));
    }
    case '03/TKKK':
      return communesForm(input, form, {
        table,
        communes: await db.query<Commune>(communesQuery(input.unit), options),
      });
    case '04/TKKK':
      return sharesForm(input, form, table);
    case '05/TKKK':
      return changesForm(input, form);
    case '06/TKKKQPAN':
      return defenceForm(form);
  }
}

function checksOf({ boundaryM2, registeredKm2 }: ReportingUnit, table: SubjectTable): StatisticsValues['checks'] {
  return {
    parcelsHa: (table.closed[0]?.[0] ?? 0) / 100,
    boundaryHa: boundaryM2 === null ? null : roundToHundredth(boundaryM2 / 10_000),
    registeredHa: registeredKm2 === null ? null : roundToHundredth(registeredKm2 * 100),
    unknownSubjectHa: (table.closed[0]?.[table.unknown] ?? 0) / 100,
  };
}
