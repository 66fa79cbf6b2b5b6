/** Events of which all worker processes of a server must know before the client gets its answer. */
export type SiblingTopic =
  /** The change log has new changes. */
  | 'changes'
  /** Results of jobs were stored or dropped. */
  | 'results'
  /** A job waits, and the announcing worker has no room for it. */
  | 'jobs'
  /** Derived rows were built or dropped. */
  | 'derived';

/** The other worker processes of this server. Other servers learn of the same from the database, somewhat later. */
export interface Siblings {
  /** Handles announcements of the others. */
  on(topic: SiblingTopic, handle: () => unknown): void;
  /** Resolves when all others have handled it, or after 2 s; a cache is not trusted after a silence of 2 s. */
  announce(topic: SiblingTopic): Promise<void>;
}

/** A server of one process. */
export const NO_SIBLINGS: Siblings = { on: () => {}, announce: () => Promise.resolve() };
