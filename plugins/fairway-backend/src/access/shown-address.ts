import { InputError } from '@backstage/errors';
import { redacted } from '@fairway/clients/redacted';

/**
 * An address of the configuration that readers of the portal open.
 * @throws InputError when no browser opens it, or when it holds a login that they would see
 */
export function shownAddress(address: string, key: string): string {
  const url = URL.parse(address);
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return address;
  throw new InputError(
    `The configuration ${key} is "${redacted(address)}"; it must be an http or https address, and without a login, since it is shown to every reader.`,
  );
}
