import type { Activity } from './activity.ts';
import { readLink, type View, writeLink } from './link.ts';

interface AddressOptions {
  readonly activity: Activity;
  /** Returns the present view. */
  readonly read: () => View;
  /** Shows a view. */
  readonly show: (view: View) => Promise<void>;
}

/** The address of the page: the view in it is shown, and every change of the view is written to it. */
export class Address {
  readonly #options: AddressOptions;
  /** The part behind `#`, as last read or written; undefined before the first. */
  #written: string | undefined;
  #isRestoring = false;
  #isPending = false;

  constructor(options: AddressOptions) {
    this.#options = options;
    addEventListener('hashchange', () => void options.activity.during(this.restore()));
  }

  /** Shows the view in the address, unless it was written by this page. */
  async restore(): Promise<void> {
    const hash = location.hash.slice(1);
    if (hash === this.#written) return;
    this.#isRestoring = true;
    await this.#options.show(readLink(hash));
    this.#isRestoring = false;
    this.write();
  }

  /** Writes the view soon, once for all changes of this moment. */
  write(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    const pause = new Promise((resume) => setTimeout(resume, 100));
    void this.#options.activity.during(
      pause.then(() => {
        this.#isPending = false;
        this.writeNow();
      }),
    );
  }

  writeNow(): void {
    if (this.#isRestoring) return;
    this.#written = writeLink(this.#options.read());
    history.replaceState(history.state, '', `#${this.#written}`);
  }
}
