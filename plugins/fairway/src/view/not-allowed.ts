import { ResponseError } from '@backstage/errors';

/** Whether the backend refused because of a permission. */
export function isNotAllowed(error: Error | undefined): boolean {
  if (error instanceof ResponseError) return error.statusCode === 403 || error.cause.name === 'NotAllowedError';
  return error?.name === 'NotAllowedError';
}
