import type { AuthService, DiscoveryService } from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { type ResponseOf, operations } from '@fairway/backstage-plugin-fairway-common';
import { z } from 'zod';

const pluginId = 'fairway';
const timeoutMilliseconds = 20_000;

/** An answer without the items that cannot be read. */
export interface Asked<Name extends 'services' | 'deployments'> {
  readonly answer: ResponseOf<Name>;
  /** What is wrong with each item that was left out; all others are there. */
  readonly unreadable: readonly string[];
}

/** The operations of the Fairway backend that the catalog asks for, as the catalog itself and not as a user. */
export class FairwayBackend {
  private readonly auth: AuthService;
  private readonly discovery: DiscoveryService;

  constructor({ auth, discovery }: { auth: AuthService; discovery: DiscoveryService }) {
    this.auth = auth;
    this.discovery = discovery;
  }

  /** @throws ResponseError when the backend refuses, ZodError when it answers in another form than the operation's */
  async ask<Name extends 'services' | 'deployments'>(name: Name): Promise<Asked<Name>> {
    const { token } = await this.auth.getPluginRequestToken({
      onBehalfOf: await this.auth.getOwnServiceCredentials(),
      targetPluginId: pluginId,
    });
    const answer = await fetch(`${await this.discovery.getBaseUrl(pluginId)}${operations[name].path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (!answer.ok) throw await ResponseError.fromResponse(answer);
    return readItems(name, await answer.json());
  }
}

/** @throws ZodError when the answer has not the form of the operation's, whatever its items are */
function readItems<Name extends 'services' | 'deployments'>(name: Name, body: unknown): Asked<Name> {
  const { response } = operations[name];
  const { items } = z.object({ items: z.array(z.unknown()) }).parse(body);
  const unreadable: string[] = [];
  const readable = items.filter((item, index) => {
    const { error } = response.shape.items.element.safeParse(item);
    if (error)
      unreadable.push(`item ${index} of ${name} (${JSON.stringify(item).slice(0, 80)}): ${z.prettifyError(error)}`);
    return !error;
  });
  const answer = response.parse({ ...(body as object), items: readable }) as ResponseOf<Name>;
  return { answer, unreadable };
}
