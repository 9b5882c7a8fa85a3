import { setTimeout as sleep } from 'node:timers/promises';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { secondsOfRetryAfter } from '@fairway/clients/retry-after';

/** Longest that a server may ask to wait before a load, in seconds; with more it is an error that says so. */
const longestWait = 120;

/** How often a server that is busy is asked: an overload passes, and three times is enough to know. */
const attempts = 3;

/** What a server answered, or why no answer came. */
export interface Said {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Code of the error where no answer came. */
  readonly code?: string;
}

export interface PatienceOptions {
  /** Seconds in which the server may still start. */
  readonly startsWithin: number;
  /** Called with each wait. */
  readonly says: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Asks a server again, before a load, where it is busy or may still start. The time in which it may start runs from the creation on. */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #since = performance.now();
  #last: Said | undefined;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Whether what was said last may be said by a server that starts. */
  get mayStart(): boolean {
    return this.#last !== undefined && mayStart(this.#last);
  }

  /** @returns the first answer after which waiting does not help, or not in time */
  async ask<Answer>(once: () => Promise<Answer>, saidBy: (answer: Answer) => Said): Promise<Answer> {
    for (let busy = 1; ;) {
      const answer = await once();
      const said = (this.#last = saidBy(answer));
      if (await this.#waitedForStart(said)) continue;
      if (!isBusy(said) || busy === attempts || asksTooMuch(said)) return answer;
      const asked = askedToWait(said);
      const seconds = asked ?? busy;
      await this.#wait(
        seconds,
        `waits ${Math.ceil(seconds)} s${asked === undefined ? '' : ', as the server asks'} (HTTP ${said.status})`,
      );
      busy++;
    }
  }

  async #waitedForStart(said: Said): Promise<boolean> {
    const { startsWithin } = this.#options;
    const spent = (performance.now() - this.#since) / 1000;
    if (!mayStart(said) || spent >= startsWithin) return false;
    const seen = said.code ?? `HTTP ${said.status}`;
    await this.#wait(
      Math.min(askedToWait(said) ?? 1, startsWithin - spent),
      `waits for the server to start (${seen}), ${Math.floor(spent)} of ${startsWithin} s`,
    );
    return true;
  }

  async #wait(seconds: number, text: string): Promise<void> {
    const { says, signal } = this.#options;
    says(text);
    await sleep(1000 * seconds, undefined, { signal }).catch(error => {
      signal?.throwIfAborted();
      throw error;
    });
  }
}

/** What to do about a server that asks to come back later than anybody waits here; undefined for another. */
export function comeBackAdvice(said: Said): Reason | undefined {
  if (!isBusy(said) || !asksTooMuch(said)) return undefined;
  return reasonOf('endpoint.asksToWait', { seconds: Math.ceil(askedToWait(said)!), most: longestWait });
}

function askedToWait({ headers }: Said): number | undefined {
  const value = headers['retry-after'];
  return secondsOfRetryAfter(Array.isArray(value) ? value[0] : value, Date.now());
}

function asksTooMuch(said: Said): boolean {
  return (askedToWait(said) ?? 0) > longestWait;
}

function isBusy({ status }: Said): boolean {
  return status === 429 || status === 503;
}

/** Codes of a server that does not listen yet, or whose name or address is made with it. */
const notThere = ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'];

/** Whether a server that loads its model may look so, from itself or from what stands before it. */
function mayStart({ status, code }: Said): boolean {
  if (status === undefined) return notThere.includes(code ?? '');
  return status === 502 || status === 503 || status === 504;
}
