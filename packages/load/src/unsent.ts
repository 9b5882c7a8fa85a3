import type { RequestSample } from '@fairway/indicators';

/** Errors of socket(2) and connect(2) with which this machine has no file, port or memory left for a connection. */
const ownLimits: readonly string[] = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'];

export function isOwnLimit(code: string | undefined): boolean {
  return code !== undefined && ownLimits.includes(code);
}

/** Whether a request never left this machine, and so says nothing of the service. */
export function isUnsent({ error, errorDetail, status }: RequestSample & { readonly errorDetail?: string }): boolean {
  return error === 'connection' && status === undefined && isOwnLimit(errorDetail);
}
