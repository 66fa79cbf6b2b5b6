import type { z } from 'zod';
import type { FieldType, Layer } from '../catalog/layer.ts';
import type { QueryOptions } from '../database/database.ts';
import type { Sql } from '../database/sql.ts';
import type { Language, Text } from '../lib/errors.ts';
import type { ResultForm } from './form.ts';

export interface ProcessInput {
  readonly description: Text;
  /** Valid values, for the description of the process; it parses the value unless `read` is set. */
  readonly schema: z.ZodType;
  /**
   * Parses the value before all schemas do, for limits and errors that a schema cannot express.
   * @param path name of the value in messages, e.g. `inputs.geometry`
   * @throws Problem
   */
  readonly read?: (value: unknown, path: string) => unknown;
}

/** Media types of a single value. */
export type OutputType = 'application/json' | 'application/geo+json' | 'text/plain';

export interface ProcessOutput {
  readonly title: Text;
  readonly schema: z.ZodType;
  readonly type: OutputType;
}

/** Rows that help to choose an input, such as legal rules. */
export interface ProcessTable {
  readonly title: Text;
  readonly summary: Text;
  /** Schema of one row. */
  readonly schema: z.ZodType;
  /** Members of a row that a page shows, in order, with their titles. */
  readonly columns: Readonly<Record<string, Text>>;
  readonly choices: Readonly<Record<string, TableChoice>>;
  /** @param chosen a value of every choice */
  list(chosen: Readonly<Record<string, string>>, options: QueryOptions): Promise<readonly unknown[]>;
}

export interface TableChoice {
  readonly description: Text;
  readonly values: readonly string[];
  readonly fallback: string;
}

/** The principal's view of the catalog: the layers that they may see. */
export interface PrepareContext {
  /** @throws Problem not-found */
  readonly layerOf: (id: string) => Layer;
  /** Tables and views, in the catalog's order. */
  readonly layers: readonly Layer[];
  readonly signal: AbortSignal;
}

/** State of the run of a process. */
export interface JobContext {
  /** Aborted when the job is dismissed or runs out of time. */
  readonly signal: AbortSignal;
  /** @param share of the work that is done, 0 to 1 */
  readonly onProgress: (share: number) => void;
}

/**
 * A computation that can take minutes, as a value: its inputs, its outputs, and the function that runs it.
 *
 * `prepare` and `run` are methods, so that one list can hold processes of different inputs. `prepare` receives the
 * inputs read by the process's own schemas, and `run` the result of its own `prepare`. Inputs that were read are JSON of
 * the same form: they are stored with the job, which another instance may prepare and run again.
 */
export interface Process<Inputs = unknown, Prepared = unknown> {
  /** Its name in the URL. */
  readonly id: string;
  readonly version: string;
  readonly title: Text;
  readonly description: Text;
  readonly inputs: Readonly<Record<string, ProcessInput>>;
  /** Groups of inputs of which exactly one is given. */
  readonly alternatives?: readonly (readonly string[])[];
  readonly outputs: Readonly<Record<string, ProcessOutput>>;
  /** By their names in the URL. */
  readonly tables?: Readonly<Record<string, ProcessTable>>;
  /**
   * Validates the inputs before any long work.
   * @throws Problem that says what would be right
   */
  prepare(inputs: Inputs, context: PrepareContext): Promise<Prepared>;
  run(prepared: Prepared, context: JobContext): Promise<Outcome>;
  /** Returns sheets of the workbook of a result, before those of its layers. Pure. */
  sheets?(values: Readonly<Record<string, unknown>>, language: Language): readonly ResultSheet[];
  /** Returns the forms of a result: sheets of its workbook, before all others, and a page that prints. Pure. */
  forms?(values: Readonly<Record<string, unknown>>): readonly ResultForm[];
}

/** Parsed inputs: those without a default can be undefined. */
export type InputValues<I extends Readonly<Record<string, ProcessInput>>> = {
  readonly [K in keyof I]: z.output<I[K]['schema']>;
};

/** A value for each output. */
export type OutputValues<O extends Readonly<Record<string, ProcessOutput>>> = {
  readonly [K in keyof O]: z.output<O[K]['schema']>;
};

export interface Outcome {
  /** A value for each output of the process; JSON. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Rows that become layers of their own, in order. */
  readonly layers: readonly ResultLayer[];
  /** A file, written while it is read. */
  readonly file?: ResultFile;
}

export interface ResultFile {
  /** With its extension. */
  readonly name: string;
  readonly chunks: AsyncIterable<string | Uint8Array>;
}

export interface ResultLayer {
  /** Short, of `[a-z_]`, unique in the outcome: `parcels`, `zones`, `taken`. */
  readonly id: string;
  readonly title: Text;
  /** Ordered; none is called `id`, which is the number of the row. */
  readonly fields: readonly ResultField[];
  readonly geometry: { readonly type: ResultGeometry; readonly srid: number };
  /** A query whose columns are the fields and `geom`, in the order of the rows; or the rows themselves. */
  readonly rows: Sql | readonly ResultRow[];
}

/** Single lines and areas become those of one part. EMPTY becomes no geometry. */
export type ResultGeometry = 'POINT' | 'MULTILINESTRING' | 'MULTIPOLYGON' | 'GEOMETRY';

export interface ResultField {
  readonly name: string;
  readonly type: FieldType;
  readonly title: Text;
}

export interface ResultRow {
  /** Hexadecimal EWKB in the layer's SRID. */
  readonly geom: string | null;
  /** JSON values by the names of fields, dates as ISO 8601; or all as JSON text, which loses no digit. */
  readonly properties: Readonly<Record<string, unknown>> | string;
}

/** A sheet of the workbook of a result. */
export interface ResultSheet {
  readonly title: string;
  readonly columns: readonly SheetColumn[];
  /** A value for each column. */
  readonly rows: readonly (readonly SheetValue[])[];
}

export interface SheetColumn {
  readonly title: string;
  readonly type: FieldType;
  /** Characters. */
  readonly width?: number;
}

/** Dates and times are text, ISO 8601. */
export type SheetValue = string | number | boolean | null;
