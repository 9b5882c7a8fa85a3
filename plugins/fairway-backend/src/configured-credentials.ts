import type { Config } from '@backstage/config';
import { isCredentialName } from '@fairway/clients/redacted';

/** Keys of a configuration whose text is a credential, or holds one, and that are not named like a field of an answer. */
const otherNames = /(?:account-?key|passphrase|token-?command|connection-?string|external-?id)$/i;

/**
 * Every credential that the configuration of the portal holds, its own and those of other plugins: a failing system of any of them may
 * repeat one. Known by the name of its key, and by its place in an address.
 */
export function configuredCredentials(config: Config): readonly string[] {
  const clusters = config.getOptional('fairway.clusters');
  return [
    ...found(config.getOptional() ?? {}, '', ({ name }) => isCredentialName(name)),
    // a portal sends no parameter to the systems of its clusters but to log in
    ...found(clusters ?? [], '', () => true),
  ];
}

type IsSecret = (parameter: { readonly name: string }) => boolean;

function found(value: unknown, name: string, secret: IsSecret): readonly string[] {
  if (typeof value === 'string')
    return isCredentialName(name) || otherNames.test(name)
      ? [value, ...found(jsonOf(value), '', secret)]
      : addressSecrets(value, secret);
  if (Array.isArray(value)) return value.flatMap(one => found(one, name, secret));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => found(one, key, secret));
}

/** A credential may be the text of a key file, such as that of a service account of Google, of which a system repeats a part. */
function jsonOf(text: string): unknown {
  try {
    return text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The password of an address as it is written and as it is meant, or the user where that is all of the login; both as a header of
 * HTTP has them; its parameters.
 */
function addressSecrets(address: string, secret: IsSecret): readonly string[] {
  const url = address.includes('://') ? URL.parse(address) : null;
  if (!url) return [];
  const login = url.password || url.username;
  const header = Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64');
  const parameters = [...url.searchParams].flatMap(([name, value]) => (secret({ name }) ? [value] : []));
  return [...(login ? [login, decoded(login), header] : []), ...parameters];
}

/** A lone percent sign is no encoding, and no reason for a portal not to start. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
