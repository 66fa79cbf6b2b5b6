import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

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
});
