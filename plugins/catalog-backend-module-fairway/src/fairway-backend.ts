import type { AuthService, DiscoveryService } from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { type ResponseOf, operations } from '@fairway/backstage-plugin-fairway-common';

const pluginId = 'fairway';
const timeoutMilliseconds = 20_000;

/** The operations of the Fairway backend that the catalog asks for, as the catalog itself and not as a user. */
export class FairwayBackend {
  private readonly auth: AuthService;
  private readonly discovery: DiscoveryService;

  constructor({ auth, discovery }: { auth: AuthService; discovery: DiscoveryService }) {
    this.auth = auth;
    this.discovery = discovery;
  }

  /** @throws ResponseError when the backend refuses, ZodError when it answers in another form than the operation's */
  async ask<Name extends 'services' | 'deployments'>(name: Name): Promise<ResponseOf<Name>> {
    const { token } = await this.auth.getPluginRequestToken({
      onBehalfOf: await this.auth.getOwnServiceCredentials(),
      targetPluginId: pluginId,
    });
    const answer = await fetch(`${await this.discovery.getBaseUrl(pluginId)}${operations[name].path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (!answer.ok) throw await ResponseError.fromResponse(answer);
    return operations[name].response.parse(await answer.json()) as ResponseOf<Name>;
  }
}
