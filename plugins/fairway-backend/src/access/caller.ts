import type {
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import type { Request } from 'express';
import type { GithubRun } from './github-run.ts';
import { type GithubSettings, publicGithubIssuer } from './github-settings.ts';
import { GithubTokens, namedIssuer } from './github-tokens.ts';

/** Who asks, as proved by the token of the request. */
export type Caller =
  | { readonly kind: 'user'; readonly ref: string; readonly credentials: BackstageCredentials<BackstageUserPrincipal> }
  | {
      readonly kind: 'service';
      readonly name: string;
      readonly credentials: BackstageCredentials<BackstageServicePrincipal>;
    }
  | { readonly kind: 'github'; readonly run: GithubRun };

export type CallerKind = Caller['kind'];

/** Finds out who sent a request. */
export class Callers {
  readonly #httpAuth: HttpAuthService;
  readonly #github: GithubSettings | undefined;
  readonly #tokens: GithubTokens | undefined;

  constructor(httpAuth: HttpAuthService, github: GithubSettings | undefined) {
    this.#httpAuth = httpAuth;
    this.#github = github;
    this.#tokens = github && new GithubTokens(github);
  }

  /** @throws AuthenticationError or NotAllowedError when it is nobody, or nobody of the kinds that may ask */
  async identify(request: Request, allowed: readonly CallerKind[]): Promise<Caller> {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const issuer = token && namedIssuer(token);
    if (token && issuer && allowed.includes('github')) {
      if (this.#tokens && issuer === this.#github?.issuer) {
        return { kind: 'github', run: await this.#tokens.verify(token) };
      }
      if (issuer === publicGithubIssuer) throw this.#notTaken();
    }
    const allow = allowed.filter(kind => kind !== 'github');
    const credentials = await this.#httpAuth.credentials<'user' | 'service'>(request, { allow });
    return callerOf(credentials);
  }

  #notTaken(): AuthenticationError {
    return new AuthenticationError(
      this.#github
        ? `The token is of ${publicGithubIssuer}, and this portal takes GitHub tokens of ${this.#github.issuer} alone.`
        : 'This portal takes no deliveries from GitHub runs. Its operator can allow them with the configuration fairway.github.',
    );
  }
}

/** @throws NotAllowedError for nobody */
export function callerOf(credentials: BackstageCredentials): Exclude<Caller, { readonly kind: 'github' }> {
  const principal = credentials.principal as
    BackstageUserPrincipal | BackstageServicePrincipal | { readonly type: 'none' };
  if (principal.type === 'user')
    return {
      kind: 'user',
      ref: principal.userEntityRef,
      credentials: credentials as BackstageCredentials<BackstageUserPrincipal>,
    };
  if (principal.type === 'service')
    return {
      kind: 'service',
      name: principal.subject,
      credentials: credentials as BackstageCredentials<BackstageServicePrincipal>,
    };
  throw new NotAllowedError('Nobody is signed in.');
}

/** For the audit log and for what a person reads. */
export function callerName(caller: Caller): string {
  if (caller.kind === 'user') return caller.ref;
  return caller.kind === 'service' ? caller.name : `${caller.run.repository} (${caller.run.workflow})`;
}
