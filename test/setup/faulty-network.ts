/** A TCP proxy that imitates network failures. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** `swallow`: nothing arrives, without notice; `freeze`: everything arrives once it thaws. */
export type Weather = 'fair' | 'swallow' | 'freeze';

export class FaultyNetwork {
  readonly #target: URL;
  readonly #server = createServer((socket) => this.#accept(socket));
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #weather: Weather = 'fair';
  #delayMs = 0;

  private constructor(target: URL) {
    this.#target = target;
  }

  static async start(url: string): Promise<FaultyNetwork> {
    const network = new FaultyNetwork(new URL(url));
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    return network;
  }

  /** URL of the target through the proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Affects present and future connections. Swallowed data is lost, so its connections stay dead silently. */
  set weather(weather: Weather) {
    this.#weather = weather;
    for (const [a, b] of this.#pairs) {
      if (weather === 'freeze') for (const socket of [a, b]) socket.pause();
      else if (weather === 'swallow') this.#silence(a, b);
      else for (const socket of [a, b]) socket.resume();
    }
  }

  /** Delays every packet. */
  set delayMs(ms: number) {
    this.#delayMs = ms;
  }

  /** Silences the present connections for good, like a firewall that forgot them. New ones work. */
  forget(): void {
    for (const [a, b] of this.#pairs) this.#silence(a, b);
  }

  /** Cuts the present connections, and notifies both ends. */
  cut(): void {
    for (const sockets of this.#pairs) for (const socket of sockets) socket.resetAndDestroy();
    this.#pairs.clear();
  }

  async stop(): Promise<void> {
    for (const sockets of this.#pairs) for (const socket of sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(near: Socket): void {
    const far = connect(Number(this.#target.port || 5432), this.#target.hostname);
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    const end = () => {
      for (const socket of pair) socket.destroy();
      this.#pairs.delete(pair);
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true);
      from.on('error', end).on('close', end);
      from.on('data', (bytes) => this.#pass(bytes, to));
    }
    if (this.#weather === 'freeze') for (const socket of pair) socket.pause();
    if (this.#weather === 'swallow') this.#silence(near, far);
  }

  #pass(bytes: Buffer, to: Socket): void {
    if (this.#delayMs > 0) setTimeout(() => !to.destroyed && to.write(bytes), this.#delayMs);
    else to.write(bytes);
  }

  #silence(...sockets: Socket[]): void {
    for (const socket of sockets) socket.removeAllListeners('data').on('data', () => {});
  }
}
