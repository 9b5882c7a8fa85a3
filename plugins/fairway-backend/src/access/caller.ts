import type {
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import type { Request } from 'express';
import type { CiRun, RunServer } from './ci-run.ts';
import { publicGithubIssuer } from './github-settings.ts';
import { publicGitlab } from './gitlab-settings.ts';
import { namedIssuer, RunTokens } from './run-tokens.ts';

/** Who asks, as proved by the token of the request. */
export type Caller =
  | { readonly kind: 'user'; readonly ref: string; readonly credentials: BackstageCredentials<BackstageUserPrincipal> }
  | {
      readonly kind: 'service';
      readonly name: string;
      readonly credentials: BackstageCredentials<BackstageServicePrincipal>;
    }
  | { readonly kind: 'run'; readonly run: CiRun };

export type CallerKind = Caller['kind'];

/** Issuers that are known by name, so that a portal which does not take their tokens says why. */
const publicIssuers: ReadonlyMap<string, string> = new Map([
  [publicGithubIssuer, 'fairway.github'],
  [publicGitlab, 'fairway.gitlab'],
]);

/** Finds out who sent a request. */
export class Callers {
  readonly #httpAuth: HttpAuthService;
  readonly #tokens: ReadonlyMap<string, RunTokens>;

  /** @param servers whose runs may send deliveries */
  constructor(httpAuth: HttpAuthService, servers: readonly RunServer[]) {
    this.#httpAuth = httpAuth;
    this.#tokens = new Map(servers.map(server => [server.issuer, new RunTokens(server)]));
  }

  /** @throws AuthenticationError or NotAllowedError when it is nobody, or nobody of the kinds that may ask */
  async identify(request: Request, allowed: readonly CallerKind[]): Promise<Caller> {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const issuer = token && namedIssuer(token);
    if (token && issuer && allowed.includes('run')) {
      const tokens = this.#tokens.get(issuer);
      if (tokens) return { kind: 'run', run: await tokens.verify(token) };
      const known = publicIssuers.get(issuer);
      if (known)
        throw new AuthenticationError(
          `The token is of ${issuer}, and this portal takes no deliveries from its runs. Its operator can allow them with the configuration ${known}.`,
        );
    }
    const allow = allowed.filter(kind => kind !== 'run');
    const credentials = await this.#httpAuth.credentials<'user' | 'service'>(request, { allow });
    return callerOf(credentials);
  }
}

/** @throws NotAllowedError for nobody */
export function callerOf(credentials: BackstageCredentials): Exclude<Caller, { readonly kind: 'run' }> {
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
