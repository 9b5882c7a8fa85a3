import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Operations } from './answer.ts';
import { answerOf } from './answer-of.ts';
import { codeScanningOperations } from './code-scanning.ts';
import type { Analysis } from './code-scanning.ts';
import { commentOperations } from './comments.ts';
import type { Comment } from './comments.ts';
import { deploymentOperations } from './deployments.ts';
import type { Deployment } from './deployments.ts';
import { githubDescription } from './description.ts';
import type { Examples } from './example.ts';
import type { Fault } from './faults.ts';
import { gitState } from './git.ts';
import type { GitState } from './git.ts';
import type { Token } from './permissions.ts';
import { runOperations } from './runs.ts';
import type { Run } from './runs.ts';
import { pullOperations } from './pulls.ts';
import type { Pull } from './pulls.ts';
import { repositoryOperations } from './repository.ts';
import type { RepositoryFacts } from './repository.ts';
import { validatorOf } from './validator.ts';

export interface DoubleOptions {
  /** Owner and name; default `team/hello`. */
  readonly repository?: string;
  /** By what they are sent as. */
  readonly tokens: Readonly<Record<string, Token>>;
  /** Of the branch main; default one. */
  readonly files?: Readonly<Record<string, string>>;
  /** Its newest commit. */
  readonly commit?: string;
}

/** What a test sees of a repository that is at no GitHub. */
export interface GithubDouble extends Pick<GitState, 'files' | 'commits' | 'push'> {
  readonly url: string;
  readonly settings: Pick<RepositoryFacts, 'fork' | 'actionsMayOpenPulls'>;
  /** Method and path of each request, and the token that it was sent with. */
  readonly requests: readonly { readonly request: string; readonly token: string; readonly at: number }[];
  readonly pulls: Pull[];
  /** What a reviewer does with a pull request. */
  merge(number: number): void;
  readonly comments: Comment[];
  /** The oldest first. */
  readonly deployments: Deployment[];
  readonly analyses: readonly Analysis[];
  /** Of workflows; a test puts them there. */
  readonly runs: Run[];
  /** Answers in the place of the usual ones; each is used for one request. */
  readonly faults: Fault[];
  /** What GitHub would not have taken so far, with its answer; it counts as seen then. */
  takeRejected(): readonly string[];
  /** @throws Error when GitHub would not have taken a request, and no test has asked for that */
  close(): Promise<void>;
}

/**
 * GitHub's API for one repository, made from GitHub's own description of it: what is asked for has to be described, of the form that is described, and
 * allowed to the token; what is answered is made from GitHub's examples and validated like the questions.
 */
export async function githubDouble(options: DoubleOptions): Promise<GithubDouble> {
  const description = await githubDescription();
  const [owner = '', name = ''] = (options.repository ?? 'team/hello').split('/');
  const facts: RepositoryFacts = { url: '', owner, name, fork: false, actionsMayOpenPulls: true };
  const server = http.createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(facts, { url });

  const examples = description.components['examples'] as Examples;
  const commit = options.commit ?? 'a'.repeat(40);
  const runs: Run[] = [];
  const [pulls, comments, deployments, analyses]: [Pull[], Comment[], Deployment[], Analysis[]] = [[], [], [], []];
  const git = gitState(examples, facts, options.files ?? { 'README.md': 'hello' }, commit);
  const isKnown = (ref: string) =>
    git.commits(ref.replace(/^refs\/heads\//, '')).length > 0 ||
    ref === commit ||
    pulls.some(one => one.commit === ref);
  const operations: Operations = {
    ...repositoryOperations(examples, facts),
    ...git.operations,
    ...pullOperations(examples, facts, pulls, git),
    ...commentOperations(examples, facts, comments, pulls),
    ...deploymentOperations(examples, facts, deployments, isKnown),
    ...codeScanningOperations(facts, analyses, isKnown),
    ...runOperations(runs),
  };
  const parts = { validator: validatorOf(description), operations, facts, tokens: options.tokens };
  const requests: { request: string; token: string; at: number }[] = [];
  const faults: Fault[] = [];
  let rejected: string[] = [];

  server.on('request', (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const asked = `${request.method} ${request.url}`;
      const token = (request.headers.authorization ?? '').replace(/^(token|bearer) /i, '');
      requests.push({ request: asked, token, at: Date.now() });
      const at = faults.findIndex(({ when }) => when === undefined || when.test(asked));
      const [fault] = at === -1 ? [] : faults.splice(at, 1);
      const usual =
        fault && !fault.after && fault.answer !== 'part'
          ? undefined
          : answerOf(parts, { method: request.method ?? '', address: request.url ?? '', token, text });
      if (usual && usual.status >= 400) {
        const unusual = usual.status !== 404 || request.method !== 'GET';
        // whether something is there may be asked
        if (unusual) rejected.push(`${asked}: ${usual.status} ${JSON.stringify(usual.body)}`);
      }
      const answer = fault ? fault.answer : usual;
      if (answer === undefined || answer === 'part') {
        if (answer === 'part') {
          const whole = JSON.stringify(usual?.body);
          response.writeHead(usual?.status ?? 500, {
            'content-type': 'application/json',
            'content-length': whole.length,
          });
          response.write(whole.slice(0, whole.length / 2), () => request.socket.destroy());
        } else request.socket.destroy();
        return;
      }
      const isText = typeof answer.body === 'string';
      response.writeHead(answer.status, {
        'content-type': 'application/json; charset=utf-8',
        'x-ratelimit-limit': '1000',
        'x-ratelimit-remaining': '900',
        'x-ratelimit-used': '100',
        'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3600),
        'x-ratelimit-resource': 'core',
        ...answer.headers,
      });
      response.end(isText ? answer.body : JSON.stringify(answer.body));
    });
  });
  return {
    url,
    settings: facts,
    requests,
    pulls,
    comments,
    deployments,
    analyses,
    runs,
    faults,
    files: git.files,
    commits: git.commits,
    push: git.push,
    merge(number) {
      const pull = pulls.find(one => one.number === number)!;
      git.merge(pull.base, pull.head);
      Object.assign(pull, { state: 'closed', merged: true });
    },
    takeRejected() {
      const taken = rejected;
      rejected = [];
      return taken;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>(resolve => server.close(() => resolve()));
      if (rejected.length > 0) throw new Error(`GitHub would not have taken:\n${rejected.join('\n')}`);
      if (faults.length > 0) throw new Error(`No request came for: ${faults.map(({ when }) => when).join(', ')}`);
    },
  };
}
