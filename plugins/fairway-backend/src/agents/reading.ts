import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { fairwayReadPermission, type ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { reasonOf } from '@fairway/service/reasons/reason';
import { callerOf } from '../access/caller.ts';
import { noScope, type Scopes } from '../access/scope.ts';
import { codedError } from '../http/coded-error.ts';
import type { Call, Handlers } from '../http/mount.ts';
import type { Redaction } from '../redaction.ts';

/** Operations that agents are offered; all of them read. */
export type Readable = 'services' | 'service' | 'deliveries' | 'deployments' | 'alerts';

/** Answers the operations of the API inside of the process, with the rights of whoever asks and without credentials in the answer. */
export class Reading {
  readonly #handlers: Pick<Handlers, Readable>;
  readonly #scopes: Scopes;
  readonly #redaction: Redaction;

  constructor(handlers: Pick<Handlers, Readable>, scopes: Scopes, redaction: Redaction) {
    this.#handlers = handlers;
    this.#scopes = scopes;
    this.#redaction = redaction;
  }

  /** @throws NotAllowedError for who may see no service at all, and what the operation throws */
  async ask<Name extends Readable>(
    name: Name,
    credentials: BackstageCredentials,
    given: Pick<Call<Name>, 'parameters' | 'query'>,
  ): Promise<ResponseOf<Name>> {
    const caller = callerOf(credentials);
    const [seen] = await this.#scopes.of(credentials, fairwayReadPermission);
    if (seen === noScope)
      throw codedError(NotAllowedError, reasonOf('answer.permission', { permission: fairwayReadPermission.name }));
    // what only reads looks at no request
    const call = { ...given, body: undefined, caller, scope: seen, seen } as unknown as Call<Name>;
    const answer = this.#handlers[name] as (call: Call<Name>) => ResponseOf<Name> | Promise<ResponseOf<Name>>;
    try {
      return this.#redaction.value(await answer(call));
    } catch (error) {
      throw this.#redaction.error(error);
    }
  }
}
