import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '@fairway/service';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import { longestStreamSeconds } from '@fairway/service/longest-stream';

/** How many requests a version is answering; undefined while nobody says so. */
export type OpenRequests = () => Promise<number | undefined>;

/** @param query PromQL of their sum. Its series are there with none open too: without any, their proxies are not scraped */
export function openRequests(server: Pick<Prometheus, 'query'>, query: string): OpenRequests {
  return async () => (await server.query(query))[0]?.value;
}

interface Draining {
  readonly stable: string | undefined;
  /** Undefined where nobody can tell. */
  readonly open: OpenRequests | undefined;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** Scrapes that must agree: one may be older than the last request. */
const calm = 3;
const interval = 5000;

/** Waits until the previous version answers nothing any more; false when nobody can tell or a stream lasts. */
export async function drained(service: Service, { stable, open, signal, progress }: Draining): Promise<boolean> {
  if (!open) return false;
  const end = Date.now() + longestStreamSeconds(service) * 1000;
  for (let quiet = 0; Date.now() < end;) {
    await sleep(interval, undefined, { signal });
    const running = await open().catch((error: Error) => error);
    quiet = running === 0 ? quiet + 1 : 0;
    if (quiet === calm) return true;
    progress(
      running instanceof Error
        ? running.message
        : running === undefined
          ? `Prometheus does not know how many requests ${stable} is still answering`
          : `${stable} is still answering ${running} requests`,
    );
  }
  return false;
}
