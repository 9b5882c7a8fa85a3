import { created, notFound, ok, page, unprocessable } from './answer.ts';
import type { Operations } from './answer.ts';
import { example, userOf } from './example.ts';
import type { Examples } from './example.ts';
import { addressOf } from './repository.ts';
import type { RepositoryFacts } from './repository.ts';

export interface Comment {
  readonly id: number;
  /** Number of the issue or pull request. */
  readonly issue: number;
  readonly login: string;
  body: string;
}

/** What GitHub takes; more is answered with 422. */
const longest = 65_536;

/** @param comments those that are there; what is asked for is added */
export function commentOperations(
  examples: Examples,
  facts: RepositoryFacts,
  comments: Comment[],
  pulls: readonly { readonly number: number }[],
): Operations {
  const shown = ({ id, issue, login, body }: Comment) => ({
    ...example(examples, 'issue-comment'),
    id,
    url: `${addressOf(facts)}/issues/comments/${id}`,
    issue_url: `${addressOf(facts)}/issues/${issue}`,
    body,
    user: userOf(examples, login),
  });
  const tooLong = (body: string) =>
    body.length > longest
      ? unprocessable('Validation Failed', [
          {
            resource: 'IssueComment',
            code: 'custom',
            field: 'body',
            message: `body is too long (maximum is ${longest} characters)`,
          },
        ])
      : undefined;
  const issueOf = (text: string | undefined) => pulls.find(({ number }) => number === Number(text))?.number;
  return {
    'issues/list-comments'(asked) {
      const issue = issueOf(asked.path['issue_number']);
      if (issue === undefined) return notFound;
      const found = comments.filter(one => one.issue === issue);
      return page(asked, `${addressOf(facts)}/issues/${issue}/comments`, found.map(shown));
    },
    'issues/create-comment'({ path, body, login }) {
      const issue = issueOf(path['issue_number']);
      if (issue === undefined) return notFound;
      const text = String(body['body']);
      const comment = { id: comments.length + 1, issue, login, body: text };
      const rejected = tooLong(text);
      if (rejected) return rejected;
      comments.push(comment);
      return created(shown(comment));
    },
    'issues/update-comment'({ path, body }) {
      const comment = comments.find(({ id }) => id === Number(path['comment_id']));
      if (!comment) return notFound;
      const text = String(body['body']);
      const rejected = tooLong(text);
      if (rejected) return rejected;
      comment.body = text;
      return ok(shown(comment));
    },
  };
}
