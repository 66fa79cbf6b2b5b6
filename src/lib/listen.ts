import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BootError } from './errors.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Name of the setting of the port, for the error. */
  readonly setting: string;
}

/**
 * Starts to listen.
 * @returns the port
 * @throws BootError if it is in use, or cannot be listened at
 */
export function listenAt(server: Server, { host, port, setting }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(
        new BootError(
          code === 'EADDRINUSE'
            ? `Port ${port} on ${host} is in use. Set ${setting} to another one (0: any free one).`
            : `Cannot listen on ${host}:${port} (${message}).`,
        ),
      ),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
