import { sendRecord } from '@fairway/report';
import type { ToldPortal } from './told-portal.ts';

/**
 * Tells a portal what a delivery has come to, while it runs and at its end. A portal that cannot be told is a warning: the
 * delivery itself is not touched by it.
 */
export class PortalReport {
  readonly #portal: ToldPortal;
  readonly #folder: string;
  readonly #warn: (message: string) => void;
  #sending: Promise<void> = Promise.resolve();
  #waiting = false;

  /** @param folder of the service */
  constructor(portal: ToldPortal, folder: string, warn: (message: string) => void) {
    this.#portal = portal;
    this.#folder = folder;
    this.#warn = warn;
  }

  /** Sends the record as it is then, in the background; what comes while one is sent goes together with the next. */
  update(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#sending = this.#sending.then(() => {
      this.#waiting = false;
      return this.#send();
    });
  }

  /** Sends the last state and waits for it. */
  async end(): Promise<void> {
    this.update();
    await this.#sending;
  }

  async #send(): Promise<void> {
    try {
      const { url: baseUrl, token } = this.#portal;
      await sendRecord(this.#folder, { baseUrl, token: () => token });
    } catch (error) {
      this.#warn(`The portal was not told of this delivery. ${(error as Error).message}`);
    }
  }
}
