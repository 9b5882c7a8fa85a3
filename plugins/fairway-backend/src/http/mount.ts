import type { PermissionsService } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import { AuthorizeResult, isResourcePermission } from '@backstage/plugin-permission-common';
import {
  fairwayReadPermission,
  maxIngestBytes,
  type Operation,
  operations,
  type Operations,
  type PathParameter,
} from '@fairway/backstage-plugin-fairway-common';
import { reasonOf } from '@fairway/service/reasons/reason';
import type { Request, Response, Router } from 'express';
import type { z } from 'zod';
import type { Caller, Callers } from '../access/caller.ts';
import { noScope, type Scope, type Scopes } from '../access/scope.ts';
import type { Redaction } from '../redaction.ts';
import { accessRules } from './access-rules.ts';
import { Answers } from './answers.ts';
import { codedError } from './coded-error.ts';
import { problemText } from './problem-text.ts';
import { readJson } from './read-json.ts';

type Given<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** One request of an operation, checked: who asks, and what for. */
export interface Call<Name extends keyof Operations> {
  readonly parameters: Readonly<Record<PathParameter<Operations[Name]['path']>, string>>;
  readonly query: Given<Operations[Name] extends { query: infer Query } ? Query : undefined>;
  readonly body: Given<Operations[Name] extends { body: infer Body } ? Body : undefined>;
  readonly caller: Caller;
  /** The services for which the caller has the permission of the operation, where it is about services. */
  readonly scope: Scope;
  /** Those that the caller may see. */
  readonly seen: Scope;
  readonly request: Request;
}

/** What each operation does; the answer is what its description promises. */
export type Handlers = {
  readonly [Name in keyof Operations]: (
    call: Call<Name>,
  ) => z.output<Operations[Name]['response']> | Promise<z.output<Operations[Name]['response']>>;
};

export interface Gate {
  readonly callers: Callers;
  readonly permissions: PermissionsService;
  readonly scopes: Scopes;
  readonly redaction: Redaction;
}

/** Bytes of a body that is only a question. */
const smallBody = 64 * 1024;

/** Puts the operations of the API on a router: each first finds out who asks and whether they may, then reads what was sent. */
export function mount(router: Router, handlers: Handlers, gate: Gate): void {
  const answers = new Answers(gate.redaction);
  for (const name of Object.keys(operations) as (keyof Operations)[]) mountOne(router, name, handlers, gate, answers);
}

function mountOne<Name extends keyof Operations>(
  router: Router,
  name: Name,
  handlers: Handlers,
  gate: Gate,
  answers: Answers,
): void {
  const operation: Operation = operations[name];
  const limit = name === 'ingest' ? maxIngestBytes : smallBody;
  router[operation.method](operation.path, async (request: Request, response: Response) => {
    try {
      const admission = await admitted(request, name, gate);
      const place = `${request.method} ${request.baseUrl}${request.path}`;
      const { query, body } = operation;
      const call = {
        parameters: request.params,
        query: query && checked(query, request.query, 'answer.query', place),
        body: body && checked(body, await readJson(request, response, limit), 'answer.body', place),
        ...admission,
        request,
      };
      await answers.send(request, response, await handlers[name](call as unknown as Call<Name>));
    } catch (error) {
      throw gate.redaction.error(error);
    }
  });
}

/** @throws AuthenticationError or NotAllowedError */
async function admitted(request: Request, name: keyof Operations, gate: Gate) {
  const { permission, callers } = accessRules[name];
  const caller = await gate.callers.identify(request, callers);
  if (caller.kind === 'run') return { caller, scope: noScope, seen: noScope };
  if (isResourcePermission(permission)) {
    const [scope, seen] = await gate.scopes.of(caller.credentials, permission, fairwayReadPermission);
    if (scope !== noScope) return { caller, scope, seen };
  } else {
    const [decision] = await gate.permissions.authorize([{ permission }], { credentials: caller.credentials });
    if (decision?.result === AuthorizeResult.ALLOW) return { caller, scope: noScope, seen: noScope };
  }
  throw codedError(NotAllowedError, reasonOf('answer.permission', { permission: permission.name }));
}

function checked(schema: z.ZodType, value: unknown, code: 'answer.query' | 'answer.body', operation: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw codedError(InputError, reasonOf(code, { operation, words: problemText(parsed.error) }));
}
