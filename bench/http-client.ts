import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface Answer {
  /** From the call to the last byte. */
  readonly ms: number;
  readonly status: number;
  /** As sent. */
  readonly body: Buffer;
  readonly isGzipped: boolean;
  readonly etag: string | undefined;
}

interface Options {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Longer than any server here may take for anything. */
const TIMEOUT_MS = 120_000;

/** Connections that are kept, as a browser keeps them; gzip is asked of all alike. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true });

  async get(url: string, options: Options = {}): Promise<Answer> {
    const began = performance.now();
    try {
      return await this.#send(url, options, began);
    } catch (error) {
      // A server may close an idle connection just as it is used again: browsers ask once more, too.
      if ((error as { wasReused?: boolean }).wasReused) return this.#send(url, options, began);
      throw error;
    }
  }

  post(url: string, body: unknown): Promise<Answer> {
    return this.get(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(url: string, { method = 'GET', headers, body }: Options, began: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, agent: this.#agent, headers: { 'accept-encoding': 'gzip', ...headers } });
      const fail = (error: Error) => reject(Object.assign(error, { wasReused: sent.reusedSocket }));
      sent.setTimeout(TIMEOUT_MS, () => sent.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s: ${url}`)));
      sent.on('error', fail);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () =>
          resolve({
            ms: performance.now() - began,
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks),
            isGzipped: response.headers['content-encoding'] === 'gzip',
            etag: response.headers.etag,
          }),
        );
      });
      sent.end(body);
    });
  }
}

/** The body before compression. */
export function plainBody({ body, isGzipped }: Answer): Buffer {
  return isGzipped ? gunzipSync(body) : body;
}
