import { join } from 'node:path';

/** Files of a service that a Prometheus without an operator reads in its directory. */
export function serviceFiles(
  directory: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): { readonly scrape: string; readonly rules: string } {
  const file = `${namespace}-${name}.yml`;
  return { scrape: join(directory, 'scrape', file), rules: join(directory, 'rules', file) };
}
