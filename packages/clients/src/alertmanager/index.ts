import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { addressBelow } from '../address.ts';
import { withLogin } from '../http-login.ts';
import type { HttpLogin } from '../http-login.ts';
import { send } from '../request.ts';
import { ToolError } from '../tool-error.ts';

/** An alert as Alertmanager holds it. */
export interface GettableAlert {
  readonly fingerprint: string;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: {
    readonly state: 'active' | 'suppressed' | 'unprocessed';
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
  };
}

export interface Silence {
  /** Labels that an alert must have, word for word, to be silenced. */
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly createdBy: string;
  readonly comment: string;
}

/** An alert that is raised without a Prometheus. Its labels say which one it is: the same again is the same alert. */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Of the same alert twice the earlier counts. */
  readonly startsAt: Date;
  /** When it is over unless it is posted again; one that is over is resolved. */
  readonly endsAt: Date;
}

/** An Alertmanager over its HTTP API, version 2. Every method throws ToolError when it does not answer. */
export interface Alertmanager {
  /** All alerts that are not resolved, silenced and inhibited ones too. */
  alerts(): Promise<readonly GettableAlert[]>;
  post(alerts: readonly PostableAlert[]): Promise<void>;
  /** @returns the silence's id */
  silence(silence: Silence): Promise<string>;
}

const timeout = 5000;
const advice = reasonOf('alertmanager.check');

/** @param url base address, such as http://127.0.0.1:9093; it may have a login and a query */
export function alertmanager(url: string, signal?: AbortSignal, login: HttpLogin = {}): Alertmanager {
  const access = withLogin(login);
  const answerTo = (address: string, body?: unknown): Promise<string> =>
    send({
      tool: 'alertmanager',
      url: address,
      method: body === undefined ? 'GET' : 'POST',
      ...access,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...access.headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      timeout,
      advice,
    });
  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const address = addressBelow(url, `/api/v2${path}`);
    const text = await answerTo(address, body);
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      // a login page or a proxy's own words
      throw new ToolError(
        'alertmanager',
        `${body === undefined ? 'GET' : 'POST'} ${address}`,
        undefined,
        reasonOf('alertmanager.noJson', { words: (error as Error).message }),
        advice,
      );
    }
  };
  return {
    async alerts() {
      const path = '/alerts?active=true&silenced=true&inhibited=true&unprocessed=true';
      const answer = await ask<readonly GettableAlert[]>(path);
      if (Array.isArray(answer)) return answer as readonly GettableAlert[];
      throw new ToolError(
        'alertmanager',
        `GET ${addressBelow(url, `/api/v2${path}`)}`,
        undefined,
        reasonOf('alertmanager.noList'),
        advice,
      );
    },
    async post(alerts) {
      // the answer to a post is empty
      await answerTo(addressBelow(url, '/api/v2/alerts'), alerts);
    },
    async silence({ labels, startsAt, endsAt, createdBy, comment }) {
      const matchers = Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
      const made = await ask<{ silenceID: string }>('/silences', {
        matchers,
        startsAt: startsAt.toISOString(),
        endsAt: endsAt.toISOString(),
        createdBy,
        comment,
      });
      return made.silenceID;
    },
  };
}
