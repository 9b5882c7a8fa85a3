/** What a registry asks for in `WWW-Authenticate`. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service?: string; readonly scope?: string };

// a word alone begins a challenge; a word with a value, quoted or not, belongs to the one before (RFC 9110, 11.2 and 11.6.1)
const part = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

/** Reads a `WWW-Authenticate` header, which may hold several challenges; undefined when it asks for nothing known. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const found: { readonly scheme: string; readonly fields: Map<string, string> }[] = [];
  for (const [, word = '', quoted, plain] of (header ?? '').matchAll(part)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) found.push({ scheme: word.toLowerCase(), fields: new Map() });
    else found.at(-1)?.fields.set(word.toLowerCase(), value);
  }
  const fields = found.find(({ scheme, fields: of }) => scheme === 'bearer' && of.get('realm'))?.fields;
  if (fields)
    return {
      scheme: 'bearer',
      realm: fields.get('realm')!,
      service: fields.get('service'),
      scope: fields.get('scope'),
    };
  return found.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}
