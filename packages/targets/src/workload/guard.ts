import type { Service } from '@fairway/service';
import { sharesByPods } from '@fairway/service/release-pods';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { waitUntilGone } from '@fairway/clients/kubernetes/gone';
import { releaseLeaseName, routeNames, serviceLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { workloadKind } from '@fairway/clients/kubernetes/workload-kinds';
import { ownAccount } from './own-account.ts';
import { onLinux } from './placement.ts';
import { scalerRule } from './scaler.ts';

/** What the guard of a release needs to know. */
export interface Guarded {
  readonly service: Service;
  /** Holder of the release's lease. */
  readonly holder: string;
  readonly stable: string;
  readonly candidate: string;
}

export function guardName(service: { readonly name: string }): string {
  return `${service.name}-release-guard`;
}

/** A Job that goes back by itself when the release that it guards breaks off, with a role for exactly that. */
export function guardObjects(guarded: Guarded, image: string): readonly KubernetesObject[] {
  const { service, stable, candidate } = guarded;
  const metadata = { name: guardName(service), namespace: service.namespace, labels: serviceLabels(service.name) };
  const routes = routeNames(service.name);
  const both = [stable, candidate].map(revision => versionName(service.name, revision));
  // the version before may be run by a Deployment
  const workloads = [...new Set(['Deployment', service.workload.kind])].map(workloadKind);
  const rules = [
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: [releaseLeaseName(service.name)],
      verbs: ['get', 'update'],
    },
    ...(sharesByPods(service)
      ? [
          { apiGroups: [''], resources: ['services'], resourceNames: [service.name], verbs: ['get', 'patch'] },
          ...workloads.map(({ group, resource }) => ({ apiGroups: [group], resources: [resource], verbs: ['list'] })),
        ]
      : [
          {
            apiGroups: ['gateway.networking.k8s.io'],
            resources: ['httproutes'],
            resourceNames: [routes.chat, routes.models],
            verbs: ['get', 'patch'],
          },
        ]),
    { apiGroups: [''], resources: ['services'], verbs: ['list'] },
    {
      apiGroups: [''],
      resources: ['services'],
      resourceNames: both,
      verbs: ['patch'],
    },
    ...workloads.map(({ group, resource }) => ({
      apiGroups: [group],
      resources: [resource],
      resourceNames: both,
      verbs: ['get', 'list', 'watch', 'patch'],
    })),
    ...(service.scaling ? [scalerRule(service.scaling, both)] : []),
    // a version that gets its pods back is watched as at its rollout
    { apiGroups: [''], resources: ['pods', 'events'], verbs: ['list', 'watch'] },
    // and pods that go are drained
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'patch'] },
    { apiGroups: [''], resources: ['pods/proxy'], verbs: ['get'] },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  ];
  return [
    ...ownAccount(metadata, rules),
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: {
        backoffLimit: 6,
        ttlSecondsAfterFinished: 600,
        template: {
          // the pods of the versions are selected by the labels of the service: this one must not be among them
          metadata: { labels: { 'fairway.dev/guards': service.name } },
          spec: {
            serviceAccountName: metadata.name,
            restartPolicy: 'OnFailure',
            enableServiceLinks: false,
            nodeSelector: onLinux,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'guard',
                image,
                args: ['/services/release-guard.mjs'],
                imagePullPolicy: 'IfNotPresent',
                env: [{ name: 'GUARD', value: JSON.stringify(guarded) }],
                resources: { requests: { cpu: '5m', memory: '64Mi' }, limits: { memory: '192Mi' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          },
        },
      },
    },
  ];
}

/** Puts a guard beside a release; one that a former release left is replaced, since a Job cannot be changed. */
export async function postGuard(cluster: Cluster, guarded: Guarded, image: string, signal: AbortSignal): Promise<void> {
  const objects = guardObjects(guarded, image);
  const job = objects.find(object => object.kind === 'Job')!;
  if (await cluster.remove(job)) await waitUntilGone(cluster, job, 60_000, signal);
  // the cluster looks whether a login that may not bind any role has all rights of this one, which has to be there for that, also in a dry run
  await applyObjects(
    cluster,
    objects.filter(({ kind }) => kind === 'Role'),
  );
  await applyObjects(cluster, objects);
}

/** Takes the guard away together with what it was allowed. */
export async function withdrawGuard(cluster: Cluster, service: { readonly namespace: string; readonly name: string }) {
  const metadata = { name: guardName(service), namespace: service.namespace };
  for (const [apiVersion, kind] of [
    ['batch/v1', 'Job'],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
    ['rbac.authorization.k8s.io/v1', 'Role'],
    ['v1', 'ServiceAccount'],
  ] as const)
    await cluster.remove({ apiVersion, kind, metadata });
}
