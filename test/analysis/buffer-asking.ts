import type { Express } from 'express';
import request from 'supertest';
import { expect } from 'vitest';
import type { Engine } from '../engine.ts';

export const SIZE = 40;
export const CENTRE = [602_037, 1_222_041] as const;
export const RADIUS = 500;
export const point = { type: 'Point', coordinates: CENTRE };
export const lineOf = (...coordinates: number[][]) => ({ type: 'LineString', coordinates });

/** Expects a value within a thousandth: an arc is drawn by its corners. */
export function expectNear(value: number, expected: number): void {
  expect(value).toBeGreaterThan(expected * 0.999);
  expect(value).toBeLessThan(expected * 1.001);
}

/** An engine with the grid of parcels, and requests for buffers to its server. */
export type BufferAsking = ReturnType<typeof bufferAsking>;

/** @param app of the server, once it is open */
export function bufferAsking(engine: Engine, app: () => Express) {
  const post = (inputs: object) => request(app()).post('/processes/buffer/execution').send({ inputs });
  return {
    engine,
    get: (path: string) => request(app()).get(path).expect(200),
    run: async (inputs: object) => {
      const { body, status } = await post(inputs);
      expect(status, JSON.stringify(body)).toBe(200);
      return body;
    },
    refused: async (inputs: object, status = 400): Promise<string> => {
      const answer = await post(inputs);
      expect(answer.status, JSON.stringify(inputs)).toBe(status);
      return answer.body.details.en;
    },
  };
}
