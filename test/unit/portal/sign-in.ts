import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import request from 'supertest';

/** Groups of each person. */
export type People = Readonly<Record<string, readonly string[]>>;

const header = 'x-person';

/** Backstage's own sign-in by a header, as behind a proxy that authenticates: tokens and groups are the auth plugin's. */
export const signInAs = (people: People) =>
  createBackendModule({
    pluginId: 'auth',
    moduleId: 'test-sign-in',
    register({ registerInit }) {
      registerInit({
        deps: { providers: authProvidersExtensionPoint },
        async init({ providers }) {
          const factory = createProxyAuthProviderFactory({
            authenticator: createProxyAuthenticator({
              defaultProfileTransform: async () => ({ profile: {} }),
              initialize: () => undefined,
              authenticate: async ({ req }) => ({ result: String(req.headers[header]) }),
            }),
            signInResolver: async ({ result: name }, context) => {
              const groups = people[name];
              if (!groups) throw new Error(`Nobody is ${name}.`);
              const sub = `user:default/${name}`;
              return context.issueToken({ claims: { sub, ent: [sub, ...groups] } });
            },
          });
          providers.registerProvider({ providerId: 'test', factory });
        },
      });
    },
  });

/** Token of a person who signs in. */
export async function tokenOf(server: Parameters<typeof request>[0], name: string): Promise<string> {
  const { body } = await request(server).get('/api/auth/test/refresh').set(header, name).expect(200);
  return body.backstageIdentity.token;
}
