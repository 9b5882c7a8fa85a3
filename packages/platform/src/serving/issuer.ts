import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import { ConfigurationError } from '@fairway/service';
import { writeSecret } from './secret-file.ts';

/** What the platform's clients may ask for. */
export const issuerScopes = {
  /** Somebody who uses services. */
  user: ['llm:chat', 'llm:read', 'llm:completions', 'llm:embeddings', 'llm:responses'],
  /** Somebody who may look, for the proof that a token of the wrong scope is refused. */
  viewer: ['llm:read'],
} as const;

export type IssuerClientName = keyof typeof issuerScopes;

export interface IssuerClient {
  readonly id: string;
  /** File (0600) that holds the client's secret and nothing else. */
  readonly secretFile: string;
}

export interface Issuer {
  readonly clients: Readonly<Record<IssuerClientName, IssuerClient>>;
  /** File (0600) with the private signing key as a JWK set. */
  readonly keysFile: string;
}

/** The program that serves the issuer: `node <program> <folder> <port> <audience>`. */
export const issuerProgram = join(import.meta.dirname, 'issuer-main.ts');

/** Where an issuer on this port of the host's loopback is found. `url` is the `iss` of its tokens everywhere. */
export function issuerAddresses(port: number): {
  readonly url: string;
  readonly jwksUrl: string;
  readonly tokenUrl: string;
} {
  const url = `http://127.0.0.1:${port}`;
  return { url, jwksUrl: `${url}/jwks`, tokenUrl: `${url}/token` };
}

/**
 * Makes the issuer's signing key and its clients' secrets where they are missing. They are kept: tokens and clients
 * survive a restart.
 * @param folder made with mode 0700 when it is not there
 */
export async function prepareIssuer(folder: string): Promise<Issuer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keysFile = join(folder, 'keys.json');
  await writeSecret(keysFile, async () => JSON.stringify({ keys: [await signingKey()] }));
  const clients = {} as Record<IssuerClientName, IssuerClient>;
  for (const id of Object.keys(issuerScopes) as IssuerClientName[]) {
    const secretFile = join(folder, `${id}.secret`);
    await writeSecret(secretFile, async () => randomBytes(32).toString('base64url'));
    clients[id] = { id, secretFile };
  }
  return { clients, keysFile };
}

/** @throws ConfigurationError when the file is not the one that `prepareIssuer` wrote */
export async function readKeys(keysFile: string): Promise<{ readonly keys: JWK[] }> {
  const text = await readFile(keysFile, 'utf8');
  try {
    const { keys } = JSON.parse(text) as { keys: JWK[] };
    if (keys.length > 0) return { keys };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  throw new ConfigurationError(
    `${keysFile} does not hold the issuer's signing key. Remove the file and start the platform again; tokens that were given out become invalid.`,
  );
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' };
}
