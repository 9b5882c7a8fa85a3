import type { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import { operations } from '@fairway/backstage-plugin-fairway-common';
import type { Operation, Operations, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import type { FairwayApi } from './fairway-api.ts';
import { refusalOf } from './refusal.ts';
import { addressOf } from './request.ts';
import type { RequestOf } from './request.ts';
import { UnansweredError } from './unanswered-error.ts';

/** Seconds for an answer, where the operation says nothing else; the backend answers from memory and its database. */
const patience = 30;

interface Access {
  readonly discoveryApi: DiscoveryApi;
  readonly fetchApi: FetchApi;
}

/** Asks the backend over HTTP; answers are checked against the operation's schema. */
export class FairwayClient implements FairwayApi {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  async call<Name extends keyof Operations>(name: Name, request: RequestOf<Name>): Promise<ResponseOf<Name>> {
    const operation: Operation = operations[name];
    const base = await this.#access.discoveryApi.getBaseUrl('fairway');
    const address = `${base}${addressOf(operation, request)}`;
    const method = operation.method.toUpperCase();
    const place = `${method} ${new URL(address).pathname}`;
    const seconds = operation.patience ?? patience;
    const given = await this.#text(place, seconds, address, {
      method,
      // the next question waits for the answer to this one
      signal: AbortSignal.timeout(seconds * 1000),
      ...(request.body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body) }),
    });
    const answer = operation.response.safeParse(jsonOf(given, place));
    if (!answer.success) {
      const { path = [], message = '' } = answer.error.issues[0] ?? {};
      throw new UnansweredError('version', { place, problem: `${path.join('.')}: ${message}` }, answer.error);
    }
    // the schema that was parsed with is the one of this operation
    return answer.data as ResponseOf<Name>;
  }
  /** What a good answer holds. */
  async #text(place: string, seconds: number, address: string, init: RequestInit): Promise<string> {
    let response: Response;
    try {
      response = await this.#access.fetchApi.fetch(address, init);
      if (response.ok) return await response.text();
    } catch (error) {
      throw unansweredFor(error, place, seconds);
    }
    throw await refusalOf(response, place);
  }
}

/** Browsers say by a TypeError that a connection failed; what else fails before a request is sent is the sign-in that goes with it. */
function unansweredFor(error: unknown, place: string, seconds: number): Error {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'TimeoutError') return new UnansweredError('late', { place, seconds: String(seconds) }, error);
  return new UnansweredError(name === 'TypeError' ? 'unreachable' : 'unsent', { place }, error);
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnansweredError('page', { place }, error);
  }
}
