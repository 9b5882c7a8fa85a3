/** An address as it may be sent to and shown, and the login that stood in it as the header that takes its place. */
export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes the login out of an address such as https://user:password@host: fetch takes none, and it must not be shown. */
export function splitLogin(given: string): Address {
  const url = URL.parse(given);
  if (!url || (url.username === '' && url.password === '')) return { url: given, headers: {} };
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } };
}

/**
 * An address below a base address.
 * @param base may have a query, such as ?token=…, which stays
 * @param path begins with a slash and may have a query
 */
export function addressBelow(base: string, path: string): string {
  const url = URL.parse(base);
  // what is no address is for fetch to say
  if (!url) return `${base}${path}`;
  const [pathname = '', query = ''] = path.split('?', 2);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${pathname}`;
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  return url.href;
}
