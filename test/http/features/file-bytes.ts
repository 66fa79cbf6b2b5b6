import type { Test } from 'supertest';

/** Sends a request whose answer is a file: its body is a Buffer. */
export function bytesOf(asked: Test): Test {
  return asked.buffer(true).parse((response, done) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
  });
}
