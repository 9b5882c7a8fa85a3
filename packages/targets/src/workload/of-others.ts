import type { Service } from '@fairway/service';
import { holdsFor, type LabelExpression } from '@fairway/service/label-selector';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { replacesPods } from '@fairway/service/release-pods';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel, revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { ifAllowed } from '@fairway/clients/if-allowed';
import { resizing, type VerticalAutoscaler } from './vertical-autoscaler.ts';
import { versions } from './versions.ts';

interface Autoscaler extends KubernetesObject {
  readonly spec?: { readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string } };
}

interface Budget extends KubernetesObject {
  readonly spec?: {
    readonly selector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly LabelExpression[];
    };
    readonly maxUnavailable?: number | string;
    readonly minAvailable?: number | string;
  };
}

export interface OthersAnswer {
  /** Why the service cannot be delivered beside them, as a paragraph. */
  readonly missing?: Reason;
  /** What they do to it, as a paragraph. */
  readonly unknown?: Reason | string;
}

/**
 * What others have put at the pods of a service: autoscalers of either direction at its versions, and disruption budgets that select their pods. What
 * the login may not list is not looked at.
 * @param revision the version that is about to be deployed, where that is known
 */
export async function ofOthers(cluster: Cluster, service: Service, revision?: string): Promise<OthersAnswer> {
  const { fights, said } = await autoscalersOfOthers(cluster, service, revision);
  if (fights) return { missing: fights };
  const all = [
    ...said,
    ...(await verticalOfOthers(cluster, service, revision)),
    ...(await budgetsOfOthers(cluster, service)),
  ];
  return all.length > 0 ? { unknown: listOf('list.then', all) } : {};
}

async function autoscalersOfOthers(
  cluster: Cluster,
  service: Service,
  revision: string | undefined,
): Promise<{ readonly fights?: Reason; readonly said: readonly Reason[] }> {
  const { namespace } = service;
  const found = [
    ...(await listed<Autoscaler>(cluster, 'keda.sh/v1alpha1', 'ScaledObject', namespace)),
    ...(await listed<Autoscaler>(cluster, 'autoscaling/v2', 'HorizontalPodAutoscaler', namespace)),
  ];
  // KEDA makes an autoscaler of Kubernetes of each of its own
  const asked = found.filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'ScaledObject'));
  const owned = asked.filter(({ metadata }) => metadata.labels?.[revisionLabel] !== undefined);
  const others = asked.filter(one => !owned.includes(one));
  if (others.length === 0) return { said: [] };
  const targets = await versions(cluster, namespace, service.name);
  const scaled = [
    ...owned.map(({ spec }) => spec?.scaleTargetRef?.name),
    ...(revision && service.scaling ? [versionName(service.name, revision)] : []),
  ];
  const said: Reason[] = [];
  for (const { kind, metadata, spec } of others) {
    const { kind: targetKind = 'Deployment', name } = spec?.scaleTargetRef ?? {};
    if (!targets.some(one => one.kind === targetKind && one.metadata.name === name)) continue;
    const values = { autoscaler: `${kind} ${namespace}/${metadata.name}`, version: name ?? '' };
    if (scaled.includes(name)) return { fights: reasonOf('others.scaledTwice', values), said };
    if (replacesPods(service)) return { fights: reasonOf('others.scaledInRelease', values), said };
    said.push(reasonOf('others.scaled', values));
  }
  return { said };
}

async function verticalOfOthers(
  cluster: Cluster,
  service: Service,
  revision: string | undefined,
): Promise<readonly Reason[]> {
  const { namespace, name, workload } = service;
  const found = await listed<VerticalAutoscaler>(cluster, 'autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', namespace);
  if (found.length === 0) return [];
  const targets = (await versions(cluster, namespace, name)).map(one => `${one.kind} ${one.metadata.name}`);
  // a version may have one before its first pod
  if (revision) targets.push(`${workload.kind} ${versionName(name, revision)}`);
  return found.flatMap(one => {
    const { kind, name: target } = one.spec?.targetRef ?? {};
    return targets.includes(`${kind} ${target}`) ? (resizing(one, service) ?? []) : [];
  });
}

/** Budgets with which a drain of a node of the pods does not end. */
async function budgetsOfOthers(cluster: Cluster, service: Service): Promise<readonly Reason[]> {
  const { namespace, name, resources, scaling } = service;
  const labels = revisionLabels(name, '');
  const found = await listed<Budget>(cluster, 'policy/v1', 'PodDisruptionBudget', namespace);
  const selecting = found.filter(one => one.metadata.labels?.[revisionLabel] === undefined && selects(one, labels));
  return selecting.flatMap(({ metadata, spec = {} }): Reason[] => {
    const values = { budget: `${namespace}/${metadata.name}` };
    const { maxUnavailable: most, minAvailable: least } = spec;
    if (/^0%?$/.test(String(most)) || least === '100%' || Number(least) >= resources.replicas)
      return [reasonOf('others.noEviction', values)];
    return (scaling?.max ?? resources.replicas) > 1 ? [reasonOf('others.secondBudget', values)] : [];
  });
}

/** A selector without conditions selects every pod, none at all selects none. */
function selects({ spec }: Budget, labels: Readonly<Record<string, string>>): boolean {
  if (!spec?.selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = spec.selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(one => holdsFor(one, labels))
  );
}

async function listed<T extends KubernetesObject>(
  cluster: Cluster,
  apiVersion: string,
  kind: string,
  namespace: string,
): Promise<readonly T[]> {
  if (!(await cluster.serves(apiVersion, kind))) return [];
  return (await ifAllowed(cluster.list<T>(apiVersion, kind, namespace))) ?? [];
}
