import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { describe } from './objects.ts';
import type { KubernetesObject } from './objects.ts';

export interface ApplyOptions {
  /** Default `fairway`. */
  readonly fieldManager?: string;
  /** Only ask the cluster whether it would take the objects. */
  readonly dryRun?: boolean;
  /** Take fields over from other managers instead of failing; only for objects that are ours alone. */
  readonly force?: boolean;
}

export interface Applied {
  readonly object: KubernetesObject;
  /** False when the object was already as wished. */
  readonly changed: boolean;
  readonly created: boolean;
}

/**
 * Applies objects server-side in the order given. All of them are tried with a dry run first, so that a refused one leaves
 * the cluster as it was. A namespace among them is made before (objects inside it could not be tried otherwise) and
 * taken away again when the dry run fails.
 * @throws ToolError that names the object; a field conflict names the other manager
 */
export async function applyObjects(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  options: ApplyOptions = {},
): Promise<readonly Applied[]> {
  const before = await Promise.all(objects.map(object => cluster.get(object)));
  const newNamespaces = options.dryRun
    ? []
    : objects.filter((object, index) => object.kind === 'Namespace' && !before[index]);
  for (const namespace of newNamespaces) await apply(cluster, namespace, options);
  const inMissingNamespace = (object: KubernetesObject) =>
    options.dryRun &&
    objects.some(
      (other, index) =>
        other.kind === 'Namespace' && other.metadata.name === object.metadata.namespace && !before[index],
    );
  try {
    for (const object of objects)
      if (!inMissingNamespace(object)) await apply(cluster, object, { ...options, dryRun: true });
  } catch (error) {
    for (const namespace of newNamespaces) await cluster.remove(namespace);
    throw error;
  }
  if (options.dryRun) return [];
  const applied: Applied[] = [];
  for (const [index, object] of objects.entries()) {
    const result = await apply(cluster, object, options);
    const old = before[index];
    applied.push({
      object: result,
      created: !old,
      changed: old?.metadata.resourceVersion !== result.metadata.resourceVersion,
    });
  }
  return applied;
}

async function apply(cluster: Cluster, object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject> {
  const query: Record<string, string> = { fieldManager: options.fieldManager ?? 'fairway', fieldValidation: 'Strict' };
  if (options.dryRun) query.dryRun = 'All';
  if (options.force) query.force = 'true';
  const path = await cluster.path(object);
  // a namespace's default service account appears a moment after the namespace
  for (let attempt = 1; ; attempt++) {
    try {
      return await cluster.request<KubernetesObject>('PATCH', path, {
        query,
        body: object,
        contentType: 'application/apply-patch+yaml',
      });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const notYet = error.status === 403 && /serviceaccount .* not found/i.test(error.output);
      if (!notYet || attempt === 10)
        throw new ToolError(
          'kubernetes',
          `${options.dryRun ? 'dry run of ' : 'applying '}${describe(object)}: ${error.request}`,
          error.status,
          error.output,
          conflictAdvice(error),
        );
      await sleep(300);
    }
  }
}

function conflictAdvice(error: ToolError): string | undefined {
  if (error.status === 409)
    return 'Another manager owns these fields: let it give them up (kubectl apply --server-side --force-conflicts takes them over), then deliver again.';
  if (error.status === 403)
    return 'Nothing was applied. Ask an administrator of the cluster for this permission or quota.';
  if (error.status === 422 || error.status === 400)
    return 'Nothing was applied. The cluster refuses the object as it is.';
  return undefined;
}
