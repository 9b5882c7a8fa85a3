import type { Service } from './schema.ts';

/** Whether the tokens that a client uses are counted. */
export function limitsTokens({ access }: Pick<Service, 'access'>): boolean {
  return access.tokensPerMinute !== undefined || access.tokensPerDay !== undefined;
}
