/** What the five-letter codes of the database say (PostgreSQL, appendix A). Nobody else reads them. */
import { Late } from '../lib/deadline.ts';
import { DatabaseError } from './database.ts';

const QUERY_CANCELED = '57014';
const CONNECTION_FAILURE = '08006';
const DISK_FULL = '53100';
const TOO_MANY_CONNECTIONS = '53300';

/** Whether an error of the database has one of the codes, or one of the classes. */
function has(codes: RegExp) {
  return (error: unknown): error is DatabaseError => error instanceof DatabaseError && codes.test(error.code);
}

/** The server of a foreign table is away, or its wrapper cannot read it. */
export function isForeignFailure(error: unknown): error is DatabaseError {
  return isOfWrapper(error) || (isAway(error) && /^could not connect to server "/.test(error.message));
}
const isOfWrapper = has(/^HV/);
const isAway = has(/^(08|53(?!100)|57P)/);

/** The database is away or has no connection left: asking again later may help. */
export function isUnreachable(error: unknown): error is DatabaseError {
  return isAway(error) && !isForeignFailure(error);
}
/** There was no room on the disk. */
export const isDiskFull = has(/^53100$/);
/** A page of a table or an index is not as it was written. */
export const isDamaged = has(/^XX00[12]$/);
/** The disk is at fault, and not the statement: it is full, damaged, or cannot be read. */
export const isFault = has(/^(53100|58030|XX00[12])$/);
/** It was cancelled, or ran out of time. */
export const isCancelled = has(/^57014$/);

/** A text is malformed, out of the range of its type, or outside of its domain: it is no value of its field. */
export const isUnreadable = has(/^(22P02|22003|22007|22008|22021|23514)$/);
/** A value that the type does not take, for whatever reason. */
export const isBadValue = has(/^22/);
/** A function refuses its arguments: RAISE, a check, or a value that is none of its type. */
export const isRefusedByFunction = has(/^(22|23514|P0001)/);
/** A table, or what guards it, refuses a row. */
export const isRefusedByTable = has(/^(22|23|44|P0|428C9)/);
export const isMissingValue = has(/^23502$/);
/** Another row has the value already. */
export const isTaken = has(/^(23505|23P01)$/);
/** Another row refers to it, or it to none. */
export const isReference = has(/^23503$/);
/** Somebody else is changing the row. */
export const isLocked = has(/^(40001|40P01|55P03)$/);
/** The role has no right to it, or the session may not write. */
export const isForbidden = has(/^(42501|25006)$/);
/** A materialised view that was never filled. */
export const isEmptyView = has(/^55000$/);

/** A table, or its schema, is not there. */
export const isNoTable = has(/^(3F000|42P01)$/);

/** A prepared statement whose columns have changed their types: its text has to be prepared anew. */
export function isStalePlan(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '0A000' && error.message.includes('cached plan');
}

/** Types that do not go together: of the catalog's columns, or of what a request compares them with. */
export const isMismatched = has(/^(42804|42846|42883)$/);
const isGone = has(/^(3F000|42P01|42703|42704|55000|42501)$/);

/**
 * What a statement names is not as the catalog has it: a table, a column or a type that was dropped, renamed or altered,
 * rights that were taken away, a view that holds nothing any more, a foreign table whose server is gone.
 */
export function isOutdated(error: unknown): boolean {
  // Dropped while the statement was planned.
  const isLost = error instanceof DatabaseError && /^(could not open relation|cache lookup failed)/.test(error.message);
  return isGone(error) || isMismatched(error) || isForeignFailure(error) || isStalePlan(error) || isLost;
}

export function cancelled(): DatabaseError {
  return new DatabaseError('canceled before it began', QUERY_CANCELED);
}

/** It took longer than it may. */
export function tookTooLong(message: string): DatabaseError {
  return new DatabaseError(message, QUERY_CANCELED);
}

/** There was no room on the disk. */
export function outOfRoom(message: string): DatabaseError {
  return new DatabaseError(message, DISK_FULL);
}

/** Too many wait for a connection already. */
export function noConnectionLeft(): DatabaseError {
  return new DatabaseError('too many wait for a connection', TOO_MANY_CONNECTIONS);
}

/** A connection that could not be made, or broke. */
export function disconnected(message: string): DatabaseError {
  return new DatabaseError(message, CONNECTION_FAILURE);
}

/** An error of a driver as one of the database; what is neither the database's nor the network's stays as it is. */
export function toDatabaseError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof DatabaseError) return error;
  const { message, code, detail } = error as { message: string; code?: unknown; detail?: string };
  // Node's own, ECONNREFUSED and its kin; EPIPE and EPERM are as long as a SQLSTATE. pg's, which have no code.
  const isNetwork =
    error instanceof Late ||
    /^E[A-Z]+$/.test(String(code)) ||
    /connection (terminated|timeout|error)|timeout (expired|exceeded)|client was closed/i.test(message);
  if (isNetwork) return disconnected(message);
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? new DatabaseError(message, code, detail) : error;
}
