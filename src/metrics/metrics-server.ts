import { createServer } from 'node:http';
import { type ListenAddress, listenAt } from '../lib/listen.ts';

/** Media type of the text format of Prometheus. */
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface MetricsServer {
  readonly port: number;
  close(): void;
}

/**
 * Answers `/metrics` on a port of its own, which a proxy for the public does not pass on.
 * @param text returns all figures
 * @throws BootError if the port is in use
 */
export async function serveMetrics(address: ListenAddress, text: () => Promise<string>): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    try {
      const body = await text();
      response.writeHead(200, { 'content-type': TYPE, 'content-length': Buffer.byteLength(body) });
      response.end(request.method === 'HEAD' ? undefined : body);
    } catch {
      response.writeHead(500).end();
    }
  });
  return {
    port: await listenAt(server, address),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
