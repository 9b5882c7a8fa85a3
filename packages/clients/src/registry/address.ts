import { ToolError } from '../tool-error.ts';

/** A place in a registry: `127.0.0.1:5000/team/name`. */
export interface Repository {
  /** Host and port. */
  readonly host: string;
  /** Path below /v2/. */
  readonly name: string;
  /** Loopback registries speak plain HTTP, all others HTTPS. */
  readonly origin: string;
}

const loopback = /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/;

/** Reads `host[:port]/path`. Docker Hub's short names are not taken: a delivery names its registry. */
export function parseRepository(text: string): Repository {
  const slash = text.indexOf('/');
  const [host, name] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 1 || !/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(name)) {
    throw new ToolError(
      'registry',
      `reading the repository "${text}"`,
      undefined,
      'it must be host[:port]/path in lower case without a scheme, such as registry.example.org/team/name.',
    );
  }
  return { host, name, origin: `${loopback.test(host) ? 'http' : 'https'}://${host}` };
}
