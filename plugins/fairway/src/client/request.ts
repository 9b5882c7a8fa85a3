import type { Operation, Operations, PathParameter } from '@fairway/backstage-plugin-fairway-common';
import type { z } from 'zod';

/** The parameters of an operation's path. @public */
export type PathPart<Path extends string> = [PathParameter<Path>] extends [never]
  ? { readonly path?: undefined }
  : { readonly path: Readonly<Record<PathParameter<Path>, string>> };

/** What may stand behind the path. @public */
export type QueryPart<Of> = Of extends { readonly query: infer Query extends z.ZodType }
  ? { readonly query?: z.input<Query> }
  : { readonly query?: undefined };

/** The body of the request, for an operation that has one. @public */
export type BodyPart<Of> = Of extends { readonly body: infer Body extends z.ZodType }
  ? { readonly body: z.output<Body> }
  : { readonly body?: undefined };

/** What one operation is asked with, as its description in the common package says. @public */
export type RequestOf<Name extends keyof Operations> = PathPart<Operations[Name]['path']> &
  QueryPart<Operations[Name]> &
  BodyPart<Operations[Name]>;

interface AnyRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
}

/** The address of an operation below the base address of the backend. */
export function addressOf(operation: Operation, request: AnyRequest): string {
  const path = operation.path.replace(/:(\w+)/g, (_whole, name: string) => {
    const value = request.path?.[name];
    if (!value) throw new Error(`The request for ${operation.path} has no ${name}.`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) if (value) query.set(name, value);
  return query.size > 0 ? `${path}?${query}` : path;
}
