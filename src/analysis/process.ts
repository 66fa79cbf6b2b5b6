import type { z } from 'zod';
import type { Field, Layer } from '../catalog/layer.ts';
import type { QueryOptions } from '../database/database.ts';
import type { BBox } from '../geo/bbox.ts';
import type { Text } from '../lib/errors.ts';
import type { Job, JobContext } from './jobs.ts';

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
  readonly signal: AbortSignal;
}

/**
 * A computation that can take minutes, as a value: its inputs, its outputs, and the function that runs it.
 *
 * `prepare` and `run` are methods, so that one list can hold processes of different inputs. `prepare` receives the
 * inputs read by the process's own schemas, and `run` the result of its own `prepare`.
 */
export interface Process<Inputs = unknown, Prepared = unknown> {
  /** Its name in the URL. */
  readonly id: string;
  readonly version: string;
  readonly title: Text;
  readonly description: Text;
  readonly inputs: Readonly<Record<string, ProcessInput>>;
  /** Pairs of inputs of which exactly one is given. */
  readonly alternatives?: readonly (readonly [string, string])[];
  readonly outputs: Readonly<Record<string, ProcessOutput>>;
  /** By their names in the URL. */
  readonly tables?: Readonly<Record<string, ProcessTable>>;
  /**
   * Validates the inputs before any long work.
   * @throws Problem that says what would be right
   */
  prepare(inputs: Inputs, context: PrepareContext): Promise<Prepared>;
  run(prepared: Prepared, context: JobContext): Promise<Outcome>;
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
  /** A value for each output of the process. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Features for a map; absent: none. */
  readonly features?: ResultFeatures;
  /** Characters that are stored. */
  readonly weight: number;
}

/** Features as of the run of the process, for pages and tiles. */
export interface ResultFeatures {
  readonly bbox: BBox;
  /** Features that the process created, only in tiles, before the layers. */
  readonly created: readonly ResultLayer[];
  /** Features that it found, in tiles and in pages. */
  readonly found: readonly FoundLayer[];
  /** True if not all features found are stored. */
  readonly isTruncated: boolean;
}

export interface ResultLayer {
  readonly id: string;
  readonly title: Text;
  readonly columns: readonly Pick<Field, 'name' | 'type'>[];
  /** GeoJSON text of each feature (CRS84), so that pages and tiles need not parse it. */
  readonly features: readonly string[];
}

export interface FoundLayer extends ResultLayer {
  /** Number of all features found, stored or not. */
  readonly count: number;
}

/** One requested run of a process. */
export interface Execution {
  readonly process: Process;
  /** Names of outputs, in their order. */
  readonly outputs: readonly string[];
  /** Each output by itself, or all as members of one document. */
  readonly form: 'raw' | 'document';
}

export type ProcessJob = Job<Outcome, Execution>;
