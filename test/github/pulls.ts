import { created, forbidden, notFound, ok, page, unprocessable } from './answer.ts';
import type { Operations } from './answer.ts';
import { example, userOf } from './example.ts';
import type { Examples } from './example.ts';
import type { GitState } from './git.ts';
import { addressOf } from './repository.ts';
import type { RepositoryFacts } from './repository.ts';

export interface Pull {
  readonly number: number;
  /** Owner of the repository with the branch; a fork has another one. */
  readonly owner: string;
  readonly head: string;
  readonly base: string;
  readonly commit: string;
  state: 'open' | 'closed';
  merged?: boolean;
  title: string;
  body: string;
}

/** @param pulls those that are open; what is asked for is added */
export function pullOperations(
  examples: Examples,
  facts: RepositoryFacts,
  pulls: Pull[],
  git: Pick<GitState, 'commits'>,
): Operations {
  const shown = (pull: Pull, login: string) => {
    const whole = example(examples, 'pull-request');
    const head = whole['head'] as { readonly repo: object };
    return {
      ...whole,
      url: `${addressOf(facts)}/pulls/${pull.number}`,
      number: pull.number,
      html_url: `https://github.com/${facts.owner}/${facts.name}/pull/${pull.number}`,
      state: pull.state,
      merged: pull.merged ?? false,
      title: pull.title,
      body: pull.body,
      user: userOf(examples, login),
      // the teams of the example lack what the description asks for
      requested_teams: [],
      head: {
        ...head,
        label: `${pull.owner}:${pull.head}`,
        ref: pull.head,
        sha: pull.owner === facts.owner ? (git.commits(pull.head)[0]?.sha ?? pull.commit) : pull.commit,
        repo: { ...head.repo, full_name: `${pull.owner}/${facts.name}`, fork: pull.owner !== facts.owner },
      },
      base: { ...(whole['base'] as object), label: `${facts.owner}:${pull.base}`, ref: pull.base },
    };
  };
  return {
    'pulls/list'(asked) {
      const { query } = asked;
      const [owner, branch] = query.get('head')?.split(':') ?? [];
      const state = query.get('state') ?? 'open';
      const found = pulls.filter(
        pull =>
          (state === 'all' || pull.state === state) &&
          (branch === undefined || (pull.owner === owner && pull.head === branch)) &&
          (query.get('base') === null || pull.base === query.get('base')),
      );
      return page(
        asked,
        `${addressOf(facts)}/pulls`,
        found.map(pull => shown(pull, asked.login)),
      );
    },
    'pulls/get'({ path, login }) {
      const pull = pulls.find(({ number }) => number === Number(path['pull_number']));
      return pull ? ok(shown(pull, login)) : notFound;
    },
    'pulls/create'({ body, login }) {
      if (!facts.actionsMayOpenPulls && login === 'github-actions[bot]')
        return forbidden('GitHub Actions is not permitted to create or approve pull requests.');
      const [head, base] = [String(body['head']), String(body['base'])];
      const problem = (message: string) =>
        unprocessable('Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
      const missing = [head, base].find(branch => git.commits(branch).length === 0);
      if (missing !== undefined)
        return unprocessable('Validation Failed', [
          { resource: 'PullRequest', field: missing === head ? 'head' : 'base', code: 'invalid' },
        ]);
      if (git.commits(head)[0]?.sha === git.commits(base)[0]?.sha)
        return problem(`No commits between ${base} and ${head}`);
      if (pulls.some(pull => pull.state === 'open' && pull.head === head && pull.base === base))
        return problem(`A pull request already exists for ${facts.owner}:${head}.`);
      const pull: Pull = {
        number: Math.max(0, ...pulls.map(one => one.number)) + 1,
        owner: facts.owner,
        head,
        base,
        commit: git.commits(head)[0]?.sha ?? '',
        state: 'open',
        title: String(body['title']),
        body: String(body['body'] ?? ''),
      };
      pulls.push(pull);
      return created(shown(pull, login));
    },
    'pulls/update'({ path, body, login }) {
      const pull = pulls.find(({ number }) => number === Number(path['pull_number']));
      if (!pull) return notFound;
      if (body['title'] !== undefined) pull.title = String(body['title']);
      if (body['body'] !== undefined) pull.body = String(body['body']);
      if (body['state'] !== undefined) pull.state = body['state'] as Pull['state'];
      return ok(shown(pull, login));
    },
  };
}
