import { ResponseError } from '@backstage/errors';
import type { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import { operations } from '@fairway/backstage-plugin-fairway-common';
import type { Operation, Operations, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { z } from 'zod';
import type { FairwayApi } from './fairway-api.ts';
import { addressOf } from './request.ts';
import type { RequestOf } from './request.ts';

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
    const response = await this.#access.fetchApi.fetch(address, {
      method: operation.method.toUpperCase(),
      // the next question waits for the answer to this one
      signal: AbortSignal.timeout((operation.patience ?? patience) * 1000),
      ...(request.body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body) }),
    });
    if (!response.ok) throw await ResponseError.fromResponse(response);
    const answer = operation.response.safeParse(await response.json());
    if (!answer.success) {
      throw new Error(
        `The answer to ${operation.method.toUpperCase()} ${operation.path} is not what this portal expects: ${z.prettifyError(answer.error)}. Bring the backend and the frontend of Fairway to the same version.`,
      );
    }
    // the schema that was parsed with is the one of this operation
    return answer.data as ResponseOf<Name>;
  }
}
