import { isDeepStrictEqual } from 'node:util';

/**
 * Whether two descriptions of rules mean the same: who stores them writes down defaults that nobody gave, leaves out what is empty, and may
 * break lines elsewhere.
 */
export function sameRules(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(essence(one), essence(other));
}

function essence(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\s+/g, '');
  if (Array.isArray(value)) return value.map(essence);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, essence(inner)] as const)
      .filter(([, inner]) => inner !== undefined && inner !== null && inner !== '0s' && !isEmpty(inner)),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
