/**
 * Points that a request takes beside the one of every request. One is about a millisecond: of the database, or of a
 * core that draws.
 */
export const COST = Object.freeze({
  /** A page of features, or an answer of the search. */
  page: 4,
  /** A picture. */
  picture: 9,
  /** The page of data quality. */
  document: 19,
  /** A digest of a layer, which reads all of its rows. */
  digest: 99,
  /** A process. */
  analysis: 99,
});
