import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readConfig, workerConfig } from '../src/config.ts';

describe('settings', () => {
  it('have defaults that serve the embedded database on localhost:8080', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      dataFolder: '.diaba',
      databaseUrl: undefined,
      srid: 9210,
    });
  });

  it('are frozen', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it.each([
    [{ PORT: '80800' }, /PORT must be a port .* \(it is "80800"\)/],
    [{ PORT: 'http' }, /PORT must be/],
    [{ DIABA_PORT: '80' }, /Unknown setting DIABA_PORT. Known: .*PORT/],
    [{ DIABA_SRID: '4326' }, /DIABA_SRID must be the SRID of a VN-2000/],
    [{ DIABA_SCHEMAS: 'a,,b' }, /DIABA_SCHEMAS must be/],
    [{ DATABASE_URL: 'mysql://root:secret@db' }, /DATABASE_URL must be postgres:/],
    [{ DIABA_TRUSTED_PROXIES: '10.0.0.0/33' }, /DIABA_TRUSTED_PROXIES must be addresses or ranges/],
    [{ DIABA_TRUSTED_PROXIES: '10.0.0.0/0' }, /DIABA_TRUSTED_PROXIES must be/],
    [{ DIABA_TRUSTED_PROXIES: 'everyone' }, /DIABA_TRUSTED_PROXIES must be/],
    [{ DIABA_TRUSTED_PROXIES: '10.0.0.1,,' }, /DIABA_TRUSTED_PROXIES must be/],
    [{ DIABA_WORKERS: '0' }, /DIABA_WORKERS must be a number of processes from 1 to 256/],
    [{ DIABA_WORKERS: '2' }, /DIABA_WORKERS above 1 goes with DATABASE_URL, which is not set/],
    [{ DIABA_LOG: 'loud' }, /DIABA_LOG must be silent, error/],
  ])('%j stops the start with one clear line', (env, line) => {
    expect(() => readConfig(env)).toThrow(line);
  });

  it('name the proxies that are believed', () => {
    expect(readConfig({}).trustedProxies).toEqual(['loopback']);
    expect(readConfig({ DIABA_TRUSTED_PROXIES: 'none' }).trustedProxies).toEqual([]);
    const several = 'loopback, 10.0.0.0/8,2001:db8::/32,192.0.2.1';
    expect(readConfig({ DIABA_TRUSTED_PROXIES: several }).trustedProxies).toEqual([
      'loopback',
      '10.0.0.0/8',
      '2001:db8::/32',
      '192.0.2.1',
    ]);
  });

  it('never repeat a password', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://root:secret@db' })).not.toThrow(/secret/);
  });

  it('serve by a worker on each core, as long as each has a connection', () => {
    const database = { DATABASE_URL: 'postgres://a@b/c' };
    expect(readConfig({}).workers).toBe(1);
    expect(readConfig({ DIABA_WORKERS: '1' }).workers).toBe(1);
    expect(readConfig({ ...database, DIABA_POOL: '200' }).workers).toBe(Math.min(200, availableParallelism()));
    expect(readConfig({ ...database, DIABA_POOL: '1' }).workers).toBe(1);
    expect(readConfig({ ...database, DIABA_POOL: '1', DIABA_WORKERS: '3' }).workers).toBe(3);
  });

  it('are divided among workers, of which one does what need be done once', () => {
    const whole = readConfig({ DATABASE_URL: 'postgres://a@b/c', DIABA_WORKERS: '2', DIABA_REQUEST_LIMIT: '1001' });
    expect(whole).toMatchObject({ share: 1, isLead: true, poolSize: 8, isChecking: true });
    const half = { share: 0.5, poolSize: 4, tileCacheBytes: 128 * 1_048_576, requestLimit: 500 };
    expect(workerConfig(whole, true)).toEqual({ ...whole, ...half });
    expect(workerConfig(whole, false)).toEqual({ ...whole, ...half, isLead: false, isChecking: false });
  });

  it('leave each of many workers what a request needs, and nothing where all have nothing', () => {
    const many = { DATABASE_URL: 'postgres://a@b/c', DIABA_WORKERS: '64' };
    const least = { poolSize: 2, tileCacheBytes: 8 * 1_048_576, requestLimit: 100 };
    expect(workerConfig(readConfig({ ...many, DIABA_REQUEST_LIMIT: '900' }), true)).toMatchObject(least);
    const none = { DIABA_POOL: '1', DIABA_TILE_CACHE: '0', DIABA_REQUEST_LIMIT: '0' };
    const nothing = { poolSize: 1, tileCacheBytes: 0, requestLimit: 0 };
    expect(workerConfig(readConfig({ ...many, ...none }), true)).toMatchObject(nothing);
  });
});
