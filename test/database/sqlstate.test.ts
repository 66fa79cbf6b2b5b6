import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DatabaseError } from '../../src/database/database.ts';
import {
  isGeometryFailure,
  isOutdated,
  isStalePlan,
  isUnreachable,
  toDatabaseError,
} from '../../src/database/sqlstate.ts';

const failure = (code: string | undefined, message = 'x') => Object.assign(new Error(message), { code });

it('errors of Node are of the network, also those as long as a SQLSTATE', () => {
  for (const code of ['EPIPE', 'EPERM', 'EBUSY', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT']) {
    expect([code, isUnreachable(toDatabaseError(failure(code)))]).toEqual([code, true]);
  }
  expect(isUnreachable(toDatabaseError(failure(undefined, 'Connection terminated unexpectedly')))).toBe(true);
  expect(toDatabaseError(failure(undefined, 'else'))).not.toBeInstanceOf(DatabaseError);
});

it('codes of the database stay what they are', () => {
  for (const code of ['42P01', '57014', 'HV00N', 'P0001', 'XX000', 'E1234']) {
    const error = toDatabaseError(failure(code));
    expect([error instanceof DatabaseError && error.code]).toEqual([code]);
  }
});

it('what the catalog no longer knows is outdated, and what a request says wrong is not', () => {
  expect(
    ['42P01', '42703', '42883', '3F000', '55000', '42501', 'HV00N'].filter(
      (code) => !isOutdated(new DatabaseError('x', code)),
    ),
  ).toEqual([]);
  expect(
    ['22P02', '57014', '08006', '23505', '0A000', 'XX000'].filter((code) => isOutdated(new DatabaseError('x', code))),
  ).toEqual([]);
  const stale = new DatabaseError('cached plan must not change result type', '0A000');
  expect([isStalePlan(stale), isOutdated(stale)]).toEqual([true, true]);
  expect(isOutdated(new DatabaseError('could not open relation with OID 7', 'XX000'))).toBe(true);
});

it('a failure of GEOS is known by its message, and no other internal error is one', () => {
  const messages = [
    'lwgeom_intersection_prec: GEOS Error: TopologyException: side location conflict at 1 2',
    'the engine has lost the statement: a function of PostGIS failed in it',
    'could not open relation with OID 7',
  ];
  expect(messages.map((message) => isGeometryFailure(new DatabaseError(message, 'XX000')))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isGeometryFailure(new DatabaseError('TopologyException', '22023'))).toBe(false);
});

it('codes are known by one file, and no other compares or makes them', () => {
  const source = new URL('../../src/', import.meta.url);
  const others = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => {
      const text = readFileSync(new URL(file, source), 'utf8');
      // A code that is compared, or given to an error of the database. EPERM and its like are Node's, CRS84 is a system.
      return /\bcode\b[^\n]*'(?!E[A-Z]{4}'|CRS84)[0-9A-Z]{5}'|DatabaseError\([^;]*'[0-9A-Z]{5}'/.test(text);
    });
  expect(others).toEqual([]);
});
