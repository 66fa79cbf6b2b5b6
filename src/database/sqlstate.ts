/** Meaning of SQLSTATE codes (PostgreSQL, appendix A). No other file reads the codes. */
import { Late } from '../lib/deadline.ts';
import { DatabaseError } from './database.ts';

/** An error of the database itself; also what has no code. */
export const INTERNAL_ERROR = 'XX000';
const QUERY_CANCELED = '57014';
const CONNECTION_FAILURE = '08006';
const DISK_FULL = '53100';
const TOO_MANY_CONNECTIONS = '53300';

/** Returns a test for errors of the database by code or class. */
function has(codes: RegExp) {
  return (error: unknown): error is DatabaseError => error instanceof DatabaseError && codes.test(error.code);
}

/** The server of a foreign table is unreachable, or its wrapper cannot read it. */
export function isForeignFailure(error: unknown): error is DatabaseError {
  return isOfWrapper(error) || (isAway(error) && /^could not connect to server "/.test(error.message));
}
const isOfWrapper = has(/^HV/);
const isAway = has(/^(08|53(?!100)|57P)/);

/** The database is unreachable or has no connection left; a retry may succeed. */
export function isUnreachable(error: unknown): error is DatabaseError {
  return isAway(error) && !isForeignFailure(error);
}
/** The disk is full. */
export const isDiskFull = has(/^53100$/);
/** A page of a table or an index is damaged. */
export const isDamaged = has(/^XX00[12]$/);
/** The disk is at fault instead of the statement: it is full, damaged, or unreadable. */
export const isFault = has(/^(53100|58030|XX00[12])$/);
/** The statement was cancelled, or timed out. */
export const isCancelled = has(/^57014$/);

/** A text is malformed, out of the range of its type, or outside of its domain. */
export const isUnreadable = has(/^(22P02|22003|22007|22008|22021|23514)$/);
/** The type rejects a value, for whatever reason. */
export const isBadValue = has(/^22/);
/** A function rejects its arguments: RAISE, a check, or a value of a wrong type. */
export const isRefusedByFunction = has(/^(22|23514|P0001)/);
/** A table, or a constraint or trigger of it, rejects a row. */
export const isRefusedByTable = has(/^(22|23|44|P0|428C9)/);
export const isMissingValue = has(/^23502$/);
/** Another row has the same value. */
export const isUniqueViolation = has(/^(23505|23P01)$/);
/** Another row refers to this one, or this one refers to a missing row. */
export const isReference = has(/^23503$/);
/** Another transaction is changing the row. */
export const isLocked = has(/^(40001|40P01|55P03)$/);
/** The role lacks the privilege, or the session is read-only. */
export const isForbidden = has(/^(42501|25006)$/);
/** A materialized view that was never filled. */
export const isEmptyView = has(/^55000$/);

/** The server lacks a feature, such as an extension that is not installed. */
export const isUnavailable = has(/^0A000$/);

/** The statement is wrong: its syntax, or a name or type in it. */
export const isWrongStatement = has(/^42(?!501)/);

/** A table, or its schema, does not exist. */
export const isNoTable = has(/^(3F000|42P01)$/);

/** GEOS failed: PostgreSQL reports it, and the embedded engine loses the statement. */
export function isGeometryFailure(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    /^XX/.test(error.code) &&
    /TopologyException|^the engine has lost/.test(error.message)
  );
}

/** A prepared statement whose column types have changed, so that its text must be prepared again. */
export function isStalePlan(error: unknown): boolean {
  return isUnavailable(error) && error.message.includes('cached plan');
}

/** Types that do not match: of the catalog's columns, or of a comparison in a request. */
export const isMismatched = has(/^(42804|42846|42883)$/);
const isGone = has(/^(3F000|42P01|42703|42704|55000|42501)$/);

/**
 * The catalog is outdated. A table, column or type was dropped, renamed or altered; privileges were revoked; a view is
 * no longer filled; or a foreign server is unreachable.
 */
export function isOutdated(error: unknown): boolean {
  // Dropped while the statement was planned.
  const isLost = error instanceof DatabaseError && /^(could not open relation|cache lookup failed)/.test(error.message);
  return isGone(error) || isMismatched(error) || isForeignFailure(error) || isStalePlan(error) || isLost;
}

export function cancelled(): DatabaseError {
  return new DatabaseError('canceled before it began', QUERY_CANCELED);
}

/** Returns the error of a timeout. */
export function timeoutError(message: string): DatabaseError {
  return new DatabaseError(message, QUERY_CANCELED);
}

/** Returns the error of a full disk. */
export function outOfRoom(message: string): DatabaseError {
  return new DatabaseError(message, DISK_FULL);
}

/** Returns the error of a full queue for connections. */
export function noConnectionLeft(): DatabaseError {
  return new DatabaseError('too many wait for a connection', TOO_MANY_CONNECTIONS);
}

/** Returns the error of a connection that failed or broke. */
export function disconnected(message: string): DatabaseError {
  return new DatabaseError(message, CONNECTION_FAILURE);
}

/**
 * Converts an error of a driver to one of the database. Errors of neither the database nor the network stay as they
 * are.
 */
export function toDatabaseError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof DatabaseError) return error;
  const { message, code, detail } = error as { message: string; code?: unknown; detail?: string };
  // Codes of Node such as ECONNREFUSED; EPIPE and EPERM are as long as a SQLSTATE. Errors of pg have no code.
  const isNetwork =
    error instanceof Late ||
    /^E[A-Z]+$/.test(String(code)) ||
    /connection (terminated|timeout|error)|timeout (expired|exceeded)|client was closed/i.test(message);
  if (isNetwork) return disconnected(message);
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? new DatabaseError(message, code, detail) : error;
}
