import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { describe } from './objects.ts';
import { leftOut } from './left-out.ts';
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
      if (!inMissingNamespace(object)) requireWhole(object, await apply(cluster, object, { ...options, dryRun: true }));
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

/** Pods that lack a part would start, and be something else than what was asked for. */
function requireWhole(object: KubernetesObject, answered: KubernetesObject): void {
  const pods = (of: KubernetesObject) => (of as { readonly spec?: { readonly template?: object } }).spec?.template;
  const [missing, ...more] = leftOut(pods(object), pods(answered), 'spec.template');
  if (missing === undefined) return;
  throw new ToolError(
    'kubernetes',
    reasonOf('kubernetes.dryRun', { object: describe(object) }),
    undefined,
    reasonOf('kubernetes.leavesOut', { fields: [missing, ...more].join(', ') }),
    reasonOf('kubernetes.update'),
  );
}

async function apply(cluster: Cluster, object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject> {
  const query: Record<string, string> = { fieldManager: options.fieldManager ?? 'fairway', fieldValidation: 'Strict' };
  if (options.dryRun) query.dryRun = 'All';
  if (options.force) query.force = 'true';
  const path = await cluster.path(object);
  const began = Date.now();
  for (;;) {
    try {
      return await cluster.request<KubernetesObject>('PATCH', path, {
        query,
        body: object,
        contentType: 'application/apply-patch+yaml',
      });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      if (Date.now() - began > (await settlesWithin(cluster, object, error)))
        throw new ToolError(
          'kubernetes',
          reasonOf('stage.at', {
            place: reasonOf(options.dryRun ? 'kubernetes.dryRun' : 'kubernetes.applying', { object: describe(object) }),
            sentence: error.request,
          }),
          error.status,
          error.output,
          advice(error, options),
        );
      await cluster.pause(300);
    }
  }
}

/** Milliseconds in which the cluster itself takes away what it refuses the object for; 0 when it does not. */
async function settlesWithin(cluster: Cluster, object: KubernetesObject, error: ToolError): Promise<number> {
  // a namespace's default service account appears a moment after the namespace
  if (error.status === 403 && /serviceaccount .* not found/i.test(error.output)) return 3000;
  // a request that ended half way can leave the address of a Service taken for a Service that was never stored;
  // the API server's repair frees it once it is a minute old
  const taken = /failed to allocate IP (\S+): provided IP is already allocated/.exec(error.output)?.[1];
  if (!taken || (await cluster.get(object))) return 0;
  const held = await cluster.get({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: { name: taken },
  });
  const { namespace, name } =
    (held?.spec as { parentRef: KubernetesObject['metadata'] } | undefined)?.parentRef ?? object.metadata;
  return namespace === object.metadata.namespace && name === object.metadata.name ? 180_000 : 0;
}

function advice(error: ToolError, { dryRun }: ApplyOptions): Reason | undefined {
  if (error.status === 409) return reasonOf('kubernetes.owned');
  if (error.status === 403) return reasonOf(dryRun ? 'kubernetes.notAllowed' : 'kubernetes.askAdministrator');
  if (error.status === 422 || error.status === 400)
    return reasonOf(dryRun ? 'kubernetes.notTaken' : 'kubernetes.refused');
  return undefined;
}
