import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';

/** One secret a line, or in double quotes over several, as docker/build-push-action takes them (its input `secrets`). */
const entry = /[ \t]*(?:"((?:[^"]|"")*)"[ \t]*(?=\r?\n|$)|([^\r\n]*))(?:\r?\n|$)/gy;

/**
 * Build secrets by their ID, of the input build-secrets.
 * @param certificates mounted as `ca-certificates`
 * @throws ConfigurationError that names the line, and nothing that stands in it
 */
export function buildSecrets(
  text: string | undefined,
  certificates: Uint8Array | undefined,
): ReadonlyMap<string, Uint8Array> {
  const secrets = new Map<string, Uint8Array>();
  if (certificates) secrets.set('ca-certificates', certificates);
  for (const found of (text ?? '').matchAll(entry)) {
    const pair = found[1]?.replaceAll('""', '"') ?? found[2] ?? '';
    if (pair.trim() === '') continue;
    const [, id, value = ''] = /^([\w.-]+)=(.*)$/s.exec(pair) ?? [];
    const line = (text ?? '').slice(0, found.index).split('\n').length;
    if (id === undefined) throw new ConfigurationError(reasonOf('input.secretForm', { line }));
    if (secrets.has(id)) throw new ConfigurationError(reasonOf('input.secretTwice', { id }));
    secrets.set(id, Buffer.from(value));
  }
  return secrets;
}

/**
 * Build secrets that steps of a Dockerfile mount and that were not given. BuildKit leaves their file out, unless they are required, and the step fails
 * of something else.
 */
export function lackingSecrets(
  dockerfile: string,
  given: ReadonlyMap<string, unknown>,
): readonly { readonly id: string; readonly line: number }[] {
  return dockerfile.split('\n').flatMap((text, at) =>
    /^\s*#/.test(text)
      ? []
      : [...text.matchAll(/--mount=(\S*\btype=secret\b\S*)/g)].flatMap(([, options = '']) => {
          // by default the last part of the path (https://docs.docker.com/reference/dockerfile/#run---mounttypesecret)
          const named =
            /(?:^|,)id=([^,]+)/.exec(options) ?? /(?:^|,)(?:target|dst|destination)=(?:.*\/)?([^,/]+)/.exec(options);
          const id = named?.[1];
          return id === undefined || given.has(id) ? [] : [{ id, line: at + 1 }];
        }),
  );
}
