import { ResponseError } from '@backstage/errors';

/** What went wrong as the backend said it, rather than that a request failed. */
export function failureText(error: Error): string {
  return error instanceof ResponseError ? error.cause.message : error.message;
}
