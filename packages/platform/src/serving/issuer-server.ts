import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { Provider } from 'oidc-provider';
import type { Configuration } from 'oidc-provider';
import { emptyStore } from './issuer-store.ts';
import { issuerAddresses, issuerScopes, prepareIssuer, readKeys } from './issuer.ts';

/** Long enough for a load test, short enough that a leaked one is soon worth nothing. */
const tokenSeconds = 900;
/** Names the one resource that tokens are for, as RFC 8707 wants it: by an absolute URI. The audience may be any text. */
const resource = 'urn:fairway:inference';

/**
 * Serves the platform's OpenID Connect issuer on the loopback: client credentials only, access tokens as signed JWTs.
 * @param folder where `prepareIssuer` keeps keys and secrets
 * @param audience the `aud` of every token
 */
export async function serveIssuer(folder: string, port: number, audience: string): Promise<Server> {
  const issuer = await prepareIssuer(folder);
  const clients = await Promise.all(
    Object.values(issuer.clients).map(async ({ id, secretFile }) => ({
      client_id: id,
      client_secret: (await readFile(secretFile, 'utf8')).trim(),
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      scope: issuerScopes[id as keyof typeof issuerScopes].join(' '),
    })),
  );
  const everyScope = [...new Set(Object.values(issuerScopes).flat())];
  const configuration: Configuration = {
    adapter: emptyStore,
    jwks: await readKeys(issuer.keysFile),
    clients: clients as Configuration['clients'],
    scopes: everyScope,
    features: {
      clientCredentials: { enabled: true },
      // nobody signs in here, so there is nothing to show a person
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: everyScope.join(' '),
          audience,
          accessTokenTTL: tokenSeconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    ttl: { ClientCredentials: tokenSeconds },
  };
  const provider = new Provider(issuerAddresses(port).url, configuration);
  return new Promise((resolve, reject) => {
    const server = provider.listen(port, '127.0.0.1', () => resolve(server));
    server.on('error', reject);
  });
}
