import type { Config } from '@backstage/config';
import { ConfigurationError } from '@fairway/service/configuration-error';

const loopback = ['127.0.0.1', '::1', 'localhost'];

/**
 * Guests prove nothing, so they sign in only where nobody else can reach the portal.
 * @throws ConfigurationError when the portal listens anywhere but on the loopback
 */
export function requireLoopback(config: Config): void {
  const listen = config.getOptional('backend.listen');
  const host =
    typeof listen === 'string' ? listen.replace(/:\d*$/, '') : config.getOptionalString('backend.listen.host');
  if (host !== undefined && loopback.includes(host)) return;
  throw new ConfigurationError(
    `auth.providers.guest lets everybody in, but backend.listen takes connections from ${host ? `"${host}"` : 'every address'}. Set backend.listen.host to 127.0.0.1, or remove auth.providers.guest and configure a provider that proves who somebody is (docs/portal.md).`,
  );
}
