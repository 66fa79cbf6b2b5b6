import type { z } from 'zod';
import type { Field, Layer } from '../catalog/layer.ts';
import type { QueryOptions } from '../database/database.ts';
import type { BBox } from '../geo/bbox.ts';
import type { Text } from '../lib/errors.ts';
import type { Job, JobContext } from './jobs.ts';

export interface ProcessInput {
  readonly description: Text;
  /** What may be given, as the description of the process says it; reads the value where there is no `read`. */
  readonly schema: z.ZodType;
  /**
   * Reads the value before all that schemas read: for bounds and faults that a schema cannot tell.
   * @param path the name of the value in messages, e.g. `inputs.geometry`
   * @throws Problem
   */
  readonly read?: (value: unknown, path: string) => unknown;
}

/** Media types of a value by itself. */
export type OutputType = 'application/json' | 'application/geo+json' | 'text/plain';

export interface ProcessOutput {
  readonly title: Text;
  readonly schema: z.ZodType;
  readonly type: OutputType;
}

/** Rows that help to choose an input, e.g. rules by law. */
export interface ProcessTable {
  readonly title: Text;
  readonly summary: Text;
  /** Of one row. */
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

/** The one who asks: the layers that they may see, and whether they are still there. */
export interface PrepareContext {
  /** @throws Problem not-found */
  readonly layerOf: (id: string) => Layer;
  readonly signal: AbortSignal;
}

/**
 * A computation that can take minutes, as a value: what it needs, what it gives, and how it is run.
 *
 * `prepare` and `run` are methods, so that one list can hold processes of different inputs: `prepare` receives what the
 * process's own `inputs` have read, and `run` what its own `prepare` returned.
 */
export interface Process<Inputs = unknown, Prepared = unknown> {
  /** In the URL. */
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
  /** Looks whether the inputs are sound, before any long work. @throws Problem that says what would be right */
  prepare(inputs: Inputs, context: PrepareContext): Promise<Prepared>;
  run(prepared: Prepared, context: JobContext): Promise<Outcome>;
}

/** Inputs as they are read: those without a default can be undefined. */
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
  /** What can be seen on a map; absent: nothing. */
  readonly features?: ResultFeatures;
  /** Characters that are stored. */
  readonly weight: number;
}

/** Features as they were when the process ran, for pages and tiles. */
export interface ResultFeatures {
  readonly bbox: BBox;
  /** What the process made: in tiles alone, before the layers. */
  readonly made: readonly ResultLayer[];
  /** What it found, in tiles and page by page. */
  readonly found: readonly FoundLayer[];
  /** Not all that was found is stored. */
  readonly isTruncated: boolean;
}

export interface ResultLayer {
  readonly id: string;
  readonly title: Text;
  readonly columns: readonly Pick<Field, 'name' | 'type'>[];
  /** GeoJSON text of each feature (CRS84), so that pages and tiles are made without reading it. */
  readonly features: readonly string[];
}

export interface FoundLayer extends ResultLayer {
  /** Of all that was found, stored or not. */
  readonly count: number;
}

/** One run of a process, as it was asked for. */
export interface Execution {
  readonly process: Process;
  /** Names of outputs, in their order. */
  readonly outputs: readonly string[];
  /** Each output by itself, or all as members of one document. */
  readonly form: 'raw' | 'document';
}

export type ProcessJob = Job<Outcome, Execution>;
