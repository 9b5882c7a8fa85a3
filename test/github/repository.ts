import type { Operations } from './answer.ts';
import { ok } from './answer.ts';
import { example } from './example.ts';
import type { Examples } from './example.ts';

/** Where a repository is, and how it is set. */
export interface RepositoryFacts {
  /** Base address of the API. */
  readonly url: string;
  readonly owner: string;
  readonly name: string;
  fork: boolean;
  /** The setting "Allow GitHub Actions to create and approve pull requests". */
  actionsMayOpenPulls: boolean;
}

export const addressOf = ({ url, owner, name }: RepositoryFacts) => `${url}/repos/${owner}/${name}`;

export function repositoryOperations(examples: Examples, facts: RepositoryFacts): Operations {
  const whole = example(examples, 'full-repository-default-response');
  // of the repository that a fork comes from; they hold less than the description asks for
  for (const name of ['parent', 'source', 'template_repository']) delete whole[name];
  return {
    'repos/get': () =>
      ok({
        ...whole,
        // younger than the example
        has_discussions: false,
        language: null,
        url: addressOf(facts),
        name: facts.name,
        full_name: `${facts.owner}/${facts.name}`,
        default_branch: 'main',
        fork: facts.fork,
      }),
  };
}
