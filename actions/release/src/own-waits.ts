import type { RequestSample } from '@fairway/indicators';
import type { Way } from './way.ts';

/** Milliseconds between two questions. */
const interval = 2000;

/**
 * Says of requests that get no answer whether they wait for the version, and not for the gateway. While some wait longer than they may, the
 * version that serves is asked by the same way: its answer shows that what was sent before, and still waits, waits for the candidate.
 */
export class OwnWaits {
  readonly #way: Way;
  readonly #limit: number;
  readonly #timer: NodeJS.Timeout;
  /** When the last request was sent that the version that serves answered. */
  #passedAt: number;
  #wanted = false;
  #asking = false;

  /** @param limit milliseconds for which an answer is waited for */
  constructor(way: Way, limit: number) {
    this.#way = way;
    this.#limit = limit;
    this.#passedAt = way.direct ? Infinity : -Infinity;
    this.#timer = setInterval(() => void this.#ask(), interval);
  }

  /** Whether a request, which waits or has just ended without an answer, waited for the version. */
  has({ scheduledAt, endedAt }: RequestSample): boolean {
    return Date.now() - (endedAt - scheduledAt) < this.#passedAt;
  }

  /** @param waiting requests that wait longer than they may now */
  seen(waiting: readonly RequestSample[]): void {
    this.#wanted = waiting.length > 0;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #ask(): Promise<void> {
    if (this.#way.direct || !this.#wanted || this.#asking) return;
    this.#asking = true;
    const sent = Date.now();
    // without a token nothing is shown; the requests of the release say why there is none
    if (await this.#way.passes(this.#limit).catch(() => false)) this.#passedAt = sent;
    this.#asking = false;
  }
}
