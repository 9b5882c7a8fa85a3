import { forbidden } from './answer.ts';
import type { Answer, Asked, Operations } from './answer.ts';
import { acceptedPermissions, isAccepted } from './permissions.ts';
import type { Token } from './permissions.ts';
import type { RepositoryFacts } from './repository.ts';
import type { Validator } from './validator.ts';

interface Parts {
  readonly validator: Validator;
  readonly operations: Operations;
  readonly facts: RepositoryFacts;
  readonly tokens: Readonly<Record<string, Token>>;
}

interface Request {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  readonly token: string;
  /** Of the body. */
  readonly text: string;
}

/** What GitHub would answer, and what it would do: the request as it is described, then the token, then the state. */
export function answerOf(
  { validator, operations, facts: { owner, name }, tokens }: Parts,
  { method, address, token, text }: Request,
): Answer {
  const { pathname, searchParams } = new URL(address, 'http://github');
  const found = validator.find(method, pathname);
  if (!found) return { status: 404, body: { message: `GitHub describes no ${method} ${pathname}` } };
  const known = tokens[token];
  if (!known) return { status: 401, body: { message: 'Bad credentials', status: '401' } };
  const { operationId } = found.operation;
  const accepted = acceptedPermissions[operationId];
  const operation = operations[operationId];
  if (accepted === undefined || operation === undefined)
    return { status: 501, body: { message: `The double of GitHub's API cannot ${operationId} yet.` } };
  if (found.path['owner'] !== owner || found.path['repo'] !== name)
    return { status: 404, body: { message: `Not Found: there is ${owner}/${name} alone` } };
  const headers = { 'x-accepted-github-permissions': accepted };
  if (!isAccepted(accepted, known.permissions)) return forbidden('Resource not accessible by integration', headers);
  let body: Asked['body'] | undefined;
  try {
    body = text === '' ? undefined : (JSON.parse(text) as Asked['body']);
  } catch {
    return { status: 400, body: { message: 'Problems parsing JSON' } };
  }
  const problems = validator.request(found, searchParams, body);
  if (problems.length > 0) return { status: 422, body: { message: problems.join('; ') } };
  const login = known.login ?? 'github-actions[bot]';
  const answer = operation({ path: found.path, query: searchParams, body: body ?? {}, login });
  const wrong = validator.answer(found, answer.status, answer.body);
  if (wrong.length > 0)
    return {
      status: 500,
      body: { message: `The double's answer to ${operationId} is not one that GitHub describes: ${wrong.join('; ')}` },
    };
  return { ...answer, headers: { ...headers, ...answer.headers } };
}
