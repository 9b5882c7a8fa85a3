import { createRequire } from 'node:module';
import { resolvePackagePath, type RootConfigService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import type { GithubCredentialsProvider, ScmIntegrations } from '@backstage/integration';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { reasonOf } from '@fairway/service/reasons/reason';
import { codedError } from '../http/coded-error.ts';

// its ES module is none that Node can load
const integration = createRequire(resolvePackagePath('@fairway/backstage-plugin-fairway-backend', 'package.json'))(
  '@backstage/integration',
) as typeof import('@backstage/integration');

/** Milliseconds for an answer of GitHub. */
const patience = 20_000;

interface Run {
  /** Of the API. */
  readonly base: string;
  readonly owner: string;
  readonly repository: string;
  readonly id: string;
}

/** Delivers again what a run of GitHub delivered, with the login that Backstage's integrations have for its host. */
export class RunAgain {
  readonly #integrations: ScmIntegrations;
  readonly #credentials: GithubCredentialsProvider;

  constructor(config: RootConfigService) {
    this.#integrations = integration.ScmIntegrations.fromConfig(config);
    this.#credentials = integration.DefaultGithubCredentialsProvider.fromIntegrations(this.#integrations);
  }

  /** Who can deliver this again: the portal, whoever opens the run at its host, or whoever has the folder of the service. */
  again(origin: string): Delivery['again'] {
    if (!runPath.test(origin)) return 'command';
    return this.#run(origin) ? 'portal' : 'host';
  }

  /**
   * Runs the run of a delivery again, as a whole.
   * @throws ConflictError
   */
  async run(origin: string): Promise<void> {
    const run = this.#run(origin);
    if (!run) throw codedError(ConflictError, reasonOf('again.noLogin', { origin }));
    const { headers } = await this.#credentials.getCredentials({ url: origin });
    const address = `${run.base}/repos/${run.owner}/${run.repository}/actions/runs/${run.id}/rerun`;
    const answer = await fetch(address, {
      method: 'POST',
      headers: { ...headers, accept: 'application/vnd.github+json' },
      signal: AbortSignal.timeout(patience),
    }).catch((error: Error) => {
      throw codedError(ConflictError, reasonOf('again.unreachable', { origin, words: wordsOf(error) }));
    });
    if (answer.ok) return;
    const { message = answer.statusText } = ((await answer.json().catch(() => ({}))) ?? {}) as { message?: string };
    throw codedError(ConflictError, reasonOf('again.rejected', { origin, status: answer.status, words: message }));
  }

  /** Undefined where the portal has no login for the host. */
  #run(origin: string): Run | undefined {
    const [, owner, repository, id] = runPath.exec(origin) ?? [];
    const { apiBaseUrl, token, apps } = this.#integrations.github.byUrl(origin)?.config ?? {};
    if (!owner || !repository || !id || !apiBaseUrl || !(token || apps?.length)) return undefined;
    return { base: apiBaseUrl, owner, repository, id };
  }
}

const runPath = /^https:\/\/[^/]+\/([^/]+)\/([^/]+)\/actions\/runs\/(\d+)$/;

/** What `fetch` says alone is that it failed. */
function wordsOf({ message, cause }: Error): string {
  return (cause as Error | undefined)?.message || message;
}
