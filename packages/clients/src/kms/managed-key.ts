import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
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
  readonly permissions: Reason | string;
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
    throw new ToolError(service.tool, asked, undefined, reasonOf('key.noJson'), reasonOf('key.otherAnswers'));
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

function advice({ tool, key, permissions }: KeyService, status: number | string | undefined, said: string): Reason {
  if (typeof status !== 'number') return reasonOf('key.reach', { tool });
  if (status === 404 || /^NotFoundException/.test(said)) return reasonOf('key.absent', { tool, key });
  // AWS denies with 400
  if ([401, 403].includes(status) || /AccessDenied|ExpiredToken|InvalidSignature|UnrecognizedClient/.test(said))
    return reasonOf('key.denied', { tool, permissions, key });
  if (status === 429 || status >= 500) return reasonOf('key.later', { tool });
  return reasonOf('key.enable', { key });
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
      throw fault(service, reasonOf('key.otherSignature'), reasonOf('key.mustSign'));
    },
  };
}

function readKey(service: KeyService, given: Parameters<typeof createPublicKey>[0]): KeyObject {
  try {
    return createPublicKey(given);
  } catch (error) {
    throw fault(service, reasonOf('key.unreadable', { words: (error as Error).message }));
  }
}

export function wrongType(service: KeyService, type: string, use?: string): ToolError {
  const found = use === undefined ? reasonOf('key.type', { type }) : reasonOf('key.typeFor', { type, use });
  return fault(service, found, reasonOf('key.give'));
}

function fault({ tool, key }: KeyService, found: Reason, advice?: Reason): ToolError {
  return new ToolError(tool, reasonOf('key.using', { key }), undefined, found, advice);
}
