import type { SiblingTopic } from '../lib/siblings.ts';
import type { Measurements } from '../metrics/metrics.ts';

/** The first worker that listens, for the line that says so. */
export interface Listening {
  readonly url: string;
  /** Versions of the engine. */
  readonly engine: string;
}

/** An announcement passes from its worker to the primary, and on to the others. `id` is that of the sender. */
interface Announcement {
  readonly kind: 'announcement';
  readonly topic: SiblingTopic;
  readonly id: number;
}

/** The receiver of a message with this id, and all behind it, have handled it. */
interface Receipt {
  readonly kind: 'receipt';
  readonly id: number;
  /** The figures of a worker that was asked for them. */
  readonly measurements?: Measurements;
}

export type ToWorker =
  | {
      readonly kind: 'start';
      /** True for the one that does the work of a server that needs no second one. */
      readonly isLead: boolean;
    }
  | { readonly kind: 'stop' }
  /** Asks for the figures of the worker. */
  | { readonly kind: 'measure'; readonly id: number }
  | Announcement
  | Receipt;

export type ToPrimary =
  /** The worker receives messages from now on. Earlier ones would be lost. */
  | { readonly kind: 'open' }
  | ({ readonly kind: 'listening' } & Listening)
  /** The worker ends, for a reason that the operator reads. */
  | { readonly kind: 'failed'; readonly reason: string }
  | Announcement
  | Receipt;
