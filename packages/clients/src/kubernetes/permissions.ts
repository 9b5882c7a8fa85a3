import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';

export interface Permission {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  /** API group; the core group is ''. */
  readonly group: string;
  /** Plural, with a subresource after a slash: `pods/log`. */
  readonly resource: string;
  /** Left out for cluster-wide objects. */
  readonly namespace?: string;
}

/** `get, list, create, patch, delete` of resources as single permissions. */
export function permissions(
  verbs: readonly Permission['verb'][],
  group: string,
  resources: readonly string[],
  namespace?: string,
): readonly Permission[] {
  return resources.flatMap(resource => verbs.map(verb => ({ verb, group, resource, namespace })));
}

/**
 * Asks the cluster whether everything a stage is about to do is allowed, before it does any of it.
 * @throws ToolError that lists every missing permission
 */
export async function requirePermissions(cluster: Cluster, needed: readonly Permission[]): Promise<void> {
  const answers = await Promise.all(
    needed.map(async permission => ({ permission, allowed: await allowed(cluster, permission) })),
  );
  const missing = summarize(answers.filter(answer => !answer.allowed).map(answer => answer.permission));
  if (missing.length === 0) return;
  throw new ToolError(
    'kubernetes',
    reasonOf('kubernetes.checking', { context: cluster.context }),
    403,
    reasonOf('kubernetes.mayNot', { missing: missing.join('; ') }),
    reasonOf('kubernetes.askRole'),
  );
}

async function allowed(cluster: Cluster, permission: Permission): Promise<boolean> {
  const [resource, subresource] = permission.resource.split('/');
  const review = await cluster.request<{ status?: { allowed?: boolean } }>(
    'POST',
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    {
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            verb: permission.verb,
            group: permission.group,
            resource,
            subresource,
            namespace: permission.namespace,
          },
        },
      },
    },
  );
  return review.status?.allowed === true;
}

/** `get, patch services, secrets in namespace a`: the permissions in as few phrases as they fit. */
export function summarize(list: readonly Permission[]): readonly string[] {
  const verbs = new Map<string, { readonly namespace?: string; readonly resource: string; readonly verbs: string[] }>();
  for (const { verb, group, resource, namespace } of list) {
    const name = `${resource}${group ? `.${group}` : ''}`;
    const known = verbs.get(`${namespace} ${name}`);
    if (known) known.verbs.push(verb);
    else verbs.set(`${namespace} ${name}`, { namespace, resource: name, verbs: [verb] });
  }
  const phrases = new Map<string, string[]>();
  for (const { namespace, resource, verbs: may } of verbs.values()) {
    const key = `${may.join(', ')}|${namespace ? ` in namespace ${namespace}` : ''}`;
    phrases.set(key, [...(phrases.get(key) ?? []), resource]);
  }
  return [...phrases].map(([key, resources]) => {
    const [may = '', where = ''] = key.split('|');
    return `${may} ${resources.join(', ')}${where}`;
  });
}
