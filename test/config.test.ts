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
    [{ DIABA_LOG: 'loud' }, /DIABA_LOG must be silent, error/],
  ])('%j stops the start with one clear line', (env, line) => {
    expect(() => readConfig(env)).toThrow(line);
  });

  it('never repeat a password', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://root:secret@db' })).not.toThrow(/secret/);
  });
});
