import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireRegularFile } from '@fairway/service/regular-file';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { RegistryCredentials } from './authorization.ts';

/** The part of Docker's config.json that says how to log in. */
interface DockerConfig {
  readonly auths?: Readonly<
    Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>
  >;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/**
 * What `docker login` left for a registry, in the order of Docker's client: the helper of the registry, the store of all, the file.
 * @param place the registry, or a repository in it: Podman's logins are for the repositories below a path too, and the nearest one counts
 * @param folder the folder of config.json (DOCKER_CONFIG); default ~/.docker
 * @returns nothing where nobody logged in
 */
export async function dockerCredentials(
  place: string,
  folder: string = join(homedir(), '.docker'),
  signal?: AbortSignal,
): Promise<RegistryCredentials> {
  const file = join(folder, 'config.json');
  await requireRegularFile(file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new ToolError(
      'docker',
      reasonOf('request.reading', { what: file }),
      error.code,
      reasonOf('token.unreadable'),
    );
  });
  // Docker's client takes an empty file for one that is not there, and null for an object without fields
  if (!text?.trim()) return {};
  let config: DockerConfig;
  try {
    config = (JSON.parse(text) as DockerConfig | null) ?? {};
  } catch {
    // the parser's own words would show what is in the file
    throw new ToolError('docker', `reading ${file}`, undefined, reasonOf('registry.noJson'));
  }
  const host = place.split('/', 1)[0] ?? '';
  // Docker Hub's entry has the address of its first API
  const servers = /^(index\.|registry-1\.)?docker\.io$/.test(host) ? ['https://index.docker.io/v1/'] : [];
  const above = (key: string) => `${place}/`.startsWith(`${withoutScheme(key)}/`);
  const entries = Object.keys(config.auths ?? {})
    .filter(key => withoutScheme(key).split('/', 1)[0] === host)
    .toSorted((a, b) => Number(above(b)) - Number(above(a)) || withoutScheme(b).length - withoutScheme(a).length);
  const names = [...entries, host, ...servers];
  const own = names.find(name => config.credHelpers?.[name]);
  if (own) return fromHelper(config.credHelpers?.[own] ?? '', own, signal);
  if (config.credsStore) return fromHelper(config.credsStore, servers[0] ?? host, signal);
  const entry = names.map(name => config.auths?.[name]).find(found => found !== undefined);
  const [user, password] = splitAuth(entry?.auth);
  const username = entry?.username ?? user;
  return {
    ...(username ? { username, password: entry?.password ?? password } : {}),
    ...(entry?.identitytoken ? { identityToken: entry.identitytoken } : {}),
  };
}

/** A key of `auths` as place; what Docker puts behind a host is the version of an API. */
function withoutScheme(server: string): string {
  return server.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');
}

function splitAuth(auth: string | undefined): readonly [string, string] | readonly [undefined, undefined] {
  if (!auth) return [undefined, undefined];
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  // Docker writes zero bytes behind some passwords
  return colon < 0 ? [undefined, undefined] : [text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/, '')];
}

/** Asks docker-credential-<name>, by the protocol of github.com/docker/docker-credential-helpers. */
async function fromHelper(name: string, server: string, signal: AbortSignal | undefined): Promise<RegistryCredentials> {
  const program = `docker-credential-${name}`;
  const child = spawn(program, ['get'], { signal, env: process.env, stdio: 'pipe' });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  // a helper that ends early closes its input: its exit code says why
  child.stdin.on('error', () => undefined).end(server);
  const code = await ended.catch((error: NodeJS.ErrnoException) => {
    signal?.throwIfAborted();
    const advice = reasonOf('registry.helper');
    throw new ToolError('docker', `${program} get`, error.code, error.message, advice);
  });
  if (code === 0) {
    const { Username = '', Secret = '' } = answerOf(program, output);
    if (Username === '<token>') return { identityToken: Secret };
    return Username === '' ? {} : { username: Username, password: Secret };
  }
  // the helpers' own words for a registry to which nobody logged in, on their output
  if (/credentials not found/i.test(output)) return {};
  throw new ToolError(
    'docker',
    `${program} get`,
    code ?? 'a signal',
    // the protocol has errors on the output; those of clouds are programs that say them elsewhere
    (output.trim() || errors.trim()).slice(0, 500),
    reasonOf('registry.loginAgain', { server }),
  );
}

function answerOf(program: string, output: string): { readonly Username?: string; readonly Secret?: string } {
  try {
    return (JSON.parse(output) as object | null) ?? {};
  } catch {
    // the parser's own words would show what it printed
    throw new ToolError('docker', `${program} get`, undefined, reasonOf('registry.helperNoJson'));
  }
}
