import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { send } from '../request.ts';
import type { HttpRequest } from '../request.ts';
import type { SigningKey } from '../sigstore/index.ts';
import { ToolError } from '../tool-error.ts';

/** A key management service, as errors name it. */
export interface KeyService {
  /** As a user knows it: "AWS KMS". */
  readonly tool: string;
  /** The key, as its service names it. */
  readonly key: string;
  /** What the job's login must be allowed. */
  readonly permissions: string;
}

/** The JSON that a service answers. @throws ToolError with what it said of the fault, and what to do about it */
export async function ask<T>(service: KeyService, request: Omit<HttpRequest, 'tool' | 'advice'>): Promise<T> {
  // asking twice for a signature does no harm
  const sent = { attempts: 3, ...request, tool: service.tool };
  const asked = `${request.method ?? 'GET'} ${request.url}`;
  const text = await send(sent).catch((error: unknown) => {
    if (!(error instanceof ToolError) || error.tool !== service.tool) throw error;
    const said = typeof error.status === 'number' ? reason(error.output) : error.output;
    throw new ToolError(service.tool, asked, error.status, said, advice(service, error.status, said));
  });
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ToolError(service.tool, asked, undefined, 'the answer is no JSON.', 'Something else answers there.');
  }
}

/**
 * Name and first line of a fault in the JSON of these services. AWS writes the request that it expected into the lines after it, with
 * the token of the session.
 */
function reason(json: string): string {
  const name = /"(?:__type|code|status)"\s*:\s*"(?:[^"]*#)?([^"]+)"/.exec(json)?.[1];
  const message = /"(?:message"\s*:\s*"|errors"\s*:\s*\[\s*")((?:[^"\\]|\\[^n])*)/i.exec(json)?.[1];
  return [name, message?.replaceAll(/\\(.)/g, '$1')].filter(Boolean).join(': ');
}

function advice({ tool, key, permissions }: KeyService, status: number | string | undefined, said: string): string {
  if (typeof status !== 'number') return `The runner needs a way to ${tool}: check the address of the key.`;
  if (status === 404 || /^NotFoundException/.test(said)) return `${tool} has no key ${key}: check signing-key.`;
  // AWS denies with 400
  if ([401, 403].includes(status) || /AccessDenied|ExpiredToken|InvalidSignature|UnrecognizedClient/.test(said))
    return `The job needs a valid login at ${tool}, and ${permissions} for the key ${key}.`;
  if (status === 429 || status >= 500) return `${tool} cannot answer now: run the job again later.`;
  return `The key ${key} must be enabled and made to sign with ECDSA on P-256 and SHA-256.`;
}

/**
 * A key that never leaves its service.
 * @param given public key, as the service gives it
 * @param sign  signature in DER of the SHA-256 of the data
 * @throws ToolError for a key of another type
 */
export function managedKey(
  service: KeyService,
  given: Parameters<typeof createPublicKey>[0],
  sign: (data: Buffer) => Promise<Buffer>,
): SigningKey {
  const publicKey = readKey(service, given);
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey;
  if (asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw wrongType(service, asymmetricKeyDetails?.namedCurve ?? String(asymmetricKeyType));
  return {
    publicKey,
    async sign(data) {
      const signature = await sign(data);
      if (verify('sha256', data, publicKey, signature)) return signature;
      const advice = 'The key must sign with ECDSA on P-256 and SHA-256.';
      throw fault(service, 'the signature that was given is not by its public key.', advice);
    },
  };
}

function readKey(service: KeyService, given: Parameters<typeof createPublicKey>[0]): KeyObject {
  try {
    return createPublicKey(given);
  } catch (error) {
    throw fault(service, `its public key cannot be read: ${(error as Error).message}.`);
  }
}

export function wrongType(service: KeyService, found: string): ToolError {
  return fault(service, `it is of the type ${found}.`, 'Give a key that is made to sign with ECDSA on P-256.');
}

function fault({ tool, key }: KeyService, found: string, advice?: string): ToolError {
  return new ToolError(tool, `using the key ${key}`, undefined, found, advice);
}
