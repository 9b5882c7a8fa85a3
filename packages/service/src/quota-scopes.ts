import { holdsFor, type LabelExpression } from './label-selector.ts';

/** What limits a ResourceQuota to some pods of its namespace. */
export interface QuotaScopes {
  readonly scopes?: readonly string[];
  readonly scopeSelector?: {
    readonly matchExpressions?: readonly {
      readonly scopeName: string;
      readonly operator: string;
      readonly values?: readonly string[];
    }[];
  };
}

/**
 * Whether a quota counts the pods of a service: they have requests and no end of their own.
 * Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes
 * @param priorityClass of the pods
 */
export function countsPods({ scopes = [], scopeSelector }: QuotaScopes, priorityClass: string | undefined): boolean {
  const labels: Readonly<Record<string, string>> = priorityClass === undefined ? {} : { PriorityClass: priorityClass };
  const holds = (one: LabelExpression): boolean =>
    one.key === 'PriorityClass' ? holdsFor(one, labels) : ['NotTerminating', 'NotBestEffort'].includes(one.key);
  return [
    ...scopes.map(key => ({ key, operator: 'Exists' })),
    ...(scopeSelector?.matchExpressions ?? []).map(({ scopeName: key, ...rest }) => ({ key, ...rest })),
  ].every(holds);
}
