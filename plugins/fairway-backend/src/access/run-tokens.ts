import { AuthenticationError, ServiceUnavailableError } from '@backstage/errors';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { CiRun, RunServer } from './ci-run.ts';

type Keys = ReturnType<typeof createRemoteJWKSet>;

const timeout = 5000;

/** Verifies the OpenID Connect tokens of the runs of one server. */
export class RunTokens {
  readonly #from: RunServer;
  #keys: Promise<Keys> | undefined;

  constructor(from: RunServer) {
    this.#from = from;
  }

  /**
   * @throws AuthenticationError when the token is forged, has ended or is meant for somebody else
   * @throws NotAllowedError when its repository or workflow may not deliver
   * @throws ServiceUnavailableError when the issuer's keys cannot be read
   */
  async verify(token: string): Promise<CiRun> {
    const { issuer, audience } = this.#from;
    const keys = await this.#issuerKeys();
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ['RS256', 'ES256'],
        requiredClaims: ['exp', 'iat'],
        clockTolerance: 30,
      }));
    } catch (error) {
      throw refusal(error, token, this.#from);
    }
    return this.#from.run(payload);
  }

  /** Read once; a failure is not kept, so that the next request asks the issuer again. */
  #issuerKeys(): Promise<Keys> {
    this.#keys ??= discoverKeys(this.#from).catch((error: unknown) => {
      this.#keys = undefined;
      throw error;
    });
    return this.#keys;
  }
}

/** Issuer that a token names, without believing it; undefined for what is no token of this kind. */
export function namedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return undefined;
    throw error;
  }
}

async function discoverKeys(from: RunServer): Promise<Keys> {
  const url = `${from.issuer}/.well-known/openid-configuration`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeout) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const found = (await answer.json()) as { issuer?: string; jwks_uri?: string };
    if (found.issuer !== from.issuer) throw new Error(`it describes the issuer ${found.issuer}`);
    if (!found.jwks_uri) throw new Error('it names no jwks_uri');
    return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: timeout });
  } catch (error) {
    throw unreachable(from, url, error as Error);
  }
}

function refusal(error: unknown, token: string, from: RunServer): Error {
  const { server, issuer, audience } = from;
  if (error instanceof errors.JWTExpired) {
    const ended = new Date((error.payload.exp ?? 0) * 1000).toISOString();
    return new AuthenticationError(
      `The ${server} token ended at ${ended}. Ask for a new one right before the delivery is sent.`,
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') {
      return new AuthenticationError(
        `The ${server} token is meant for ${[decodeJwt(token).aud].flat().join(', ') || 'nobody'}, and this portal takes tokens for ${audience}. Ask for the token with this audience.`,
      );
    }
    return new AuthenticationError(`The ${server} token is not valid: ${error.message}.`);
  }
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
    return unreachable(from, `the keys of ${issuer}`, error as Error);
  }
  // jose's own class is also what it throws for an answer of the issuer that is no key set
  if (error.code === 'ERR_JOSE_GENERIC') return unreachable(from, `the keys of ${issuer}`, error);
  return new AuthenticationError(
    `The ${server} token is not one that ${issuer} signed: ${error.message}. Ask the runner for a new one.`,
  );
}

function unreachable({ server, key }: RunServer, what: string, error: Error): ServiceUnavailableError {
  const cause = error.cause as Error | undefined;
  return new ServiceUnavailableError(
    `${server} tokens cannot be verified now: ${what} could not be read (${cause?.message || error.message}). Nothing was stored; send it again later, and check fairway.${key} when this stays.`,
  );
}
