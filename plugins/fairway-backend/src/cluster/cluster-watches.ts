import { isDeepStrictEqual } from 'node:util';
import { Cluster, isPartOfWorkload, ObjectWatch, routeNames, workloadKinds } from '@fairway/clients/kubernetes/index';
import type { ClusterEvent, Deployment, HttpRoute, ObjectWatchOptions } from '@fairway/clients/kubernetes/index';
import { kueueVersions } from '@fairway/clients/kubernetes/kueue';
import { eventGroup, podGroup, serviceGroup } from './deployment-views.ts';
import { GpuUse } from './gpu-use.ts';
import { Groups } from './groups.ts';
import { keepClaim, keepSlice } from './watched-claims.ts';
import type { WatchedClaim, WatchedSlice } from './watched-claims.ts';
import { keepDeployment, keepRoute } from './watched-deployment.ts';
import { keepLease } from './watched-lease.ts';
import type { WatchedLease } from './watched-lease.ts';
import { eventSelectors, keepEvent } from './watched-event.ts';
import { keepNode, sameNode } from './watched-node.ts';
import type { WatchedNode } from './watched-node.ts';
import { keepPod } from './watched-pod.ts';
import type { WatchedPod } from './watched-pod.ts';
import { keepLimits } from './watched-limits.ts';
import type { WatchedLimits } from './watched-limits.ts';
import { queueKinds } from './watched-queues.ts';
import type { QueueWatches } from './watched-queues.ts';
import { keepQuota } from './watched-quota.ts';
import type { WatchedQuota } from './watched-quota.ts';

/** A watch and what its kind is for: without the required ones a cluster cannot be shown at all. */
export interface NamedWatch {
  readonly resource: string;
  readonly required: boolean;
  readonly watch: ObjectWatch<unknown>;
}

const ours = 'app.kubernetes.io/managed-by=fairway';
const resourceApis = ['resource.k8s.io/v1', 'resource.k8s.io/v1beta2', 'resource.k8s.io/v1beta1'];

/** Everything that is watched of one cluster. */
export class ClusterWatches {
  readonly all: readonly NamedWatch[];
  /** The UID of the namespace kube-system, which tells a cluster from all others. */
  readonly system: ObjectWatch<string>;
  readonly nodes: ObjectWatch<WatchedNode>;
  readonly pods: ObjectWatch<WatchedPod>;
  /** Deployments and what runs pods in their place. */
  readonly deployments: readonly ObjectWatch<Deployment>[];
  readonly routes: ObjectWatch<HttpRoute>;
  /** Of releases. */
  readonly leases: ObjectWatch<WatchedLease>;
  readonly slices: ObjectWatch<WatchedSlice>;
  readonly claims: ObjectWatch<WatchedClaim>;
  readonly quotas: ObjectWatch<WatchedQuota>;
  readonly limits: ObjectWatch<WatchedLimits>;
  readonly queues: QueueWatches;
  readonly use = new GpuUse();
  readonly podsOfVersion = new Groups<WatchedPod>(podGroup);
  readonly eventsOfPod = new Groups<ClusterEvent>(eventGroup);
  readonly deploymentsOfService = new Groups<Deployment>(serviceGroup);

  /**
   * @param gpusChanged      a node, a device or its use changed
   * @param serviceTouched   namespace/name of a service: a deployment, its pods, their events or its traffic changed
   * @param servicesChanged  what is shown of services changed, after `serviceTouched`
   * @param stateChanged     a watch came to life or fails
   */
  constructor(
    cluster: Cluster,
    {
      gpusChanged,
      serviceTouched,
      servicesChanged,
      stateChanged,
    }: Record<'gpusChanged' | 'servicesChanged' | 'stateChanged', () => void> & {
      serviceTouched(service: string): void;
    },
  ) {
    const all: NamedWatch[] = [];
    const watch = <T>(resource: string, required: boolean, options: ObjectWatchOptions<T>): ObjectWatch<T> => {
      const made = new ObjectWatch(cluster, { ...options, stateChanged });
      all.push({ resource, required, watch: made });
      return made;
    };
    this.all = all;
    /** @returns whether one of them is a service */
    const touch = (...services: (string | undefined)[]) => {
      const known = services.filter(service => service !== undefined);
      for (const service of known) serviceTouched(service);
      return known.length > 0;
    };
    this.system = watch('namespaces', false, {
      apiVersions: ['v1'],
      kind: 'Namespace',
      fieldSelector: 'metadata.name=kube-system',
      keep: ({ metadata }) => metadata.uid,
      changed: servicesChanged,
    });
    this.nodes = watch('nodes', true, {
      apiVersions: ['v1'],
      kind: 'Node',
      keep: keepNode,
      changed: (before, after) => {
        if (!sameNode(before, after)) gpusChanged();
      },
    });
    this.pods = watch('pods', true, {
      apiVersions: ['v1'],
      kind: 'Pod',
      fieldSelector: 'status.phase!=Succeeded',
      keep: keepPod,
      changed: (before, after) => {
        this.use.podChanged(before, after);
        this.podsOfVersion.change(before, after);
        if ([before, after].some(pod => pod && (pod.gpus.size > 0 || pod.claims.length > 0))) gpusChanged();
        if (touch(before && serviceOf(before), after && serviceOf(after))) servicesChanged();
      },
    });
    this.deployments = workloadKinds.map(({ apiVersion, kind, group, resource, project }) =>
      watch(`${resource}.${group}`, project === undefined, {
        apiVersions: [apiVersion],
        kind,
        labelSelector: ours,
        keep: object => (isPartOfWorkload(object) ? undefined : keepDeployment(object)),
        changed: (before, after) => {
          this.deploymentsOfService.change(before, after);
          touch(before && serviceGroup(before), after && serviceGroup(after));
          servicesChanged();
        },
      }),
    );
    this.routes = watch('httproutes.gateway.networking.k8s.io', false, {
      apiVersions: ['gateway.networking.k8s.io/v1', 'gateway.networking.k8s.io/v1beta1'],
      kind: 'HTTPRoute',
      labelSelector: ours,
      keep: keepRoute,
      changed: (before, after) => {
        touch(before && serviceOfRoute(before), after && serviceOfRoute(after));
        servicesChanged();
      },
    });
    this.leases = watch('leases.coordination.k8s.io', false, {
      apiVersions: ['coordination.k8s.io/v1'],
      kind: 'Lease',
      labelSelector: ours,
      keep: keepLease,
      // a renewal changes nothing that is shown
      changed: (before, after) => {
        if (before?.holder === after?.holder && isDeepStrictEqual(before?.release, after?.release)) return;
        touch(before?.service, after?.service);
        servicesChanged();
      },
    });
    for (const fieldSelector of eventSelectors)
      watch('events', false, {
        apiVersions: ['v1'],
        kind: 'Event',
        fieldSelector,
        keep: keepEvent,
        changed: (before: ClusterEvent | undefined, after) => {
          this.eventsOfPod.change(before, after);
          // the reason of a pod is often told a moment after its state
          const of = after ?? before;
          const pod = of && this.pods.objects.get(eventGroup(of));
          if (touch(pod && serviceOf(pod))) servicesChanged();
        },
      });
    this.slices = watch('resourceslices.resource.k8s.io', false, {
      apiVersions: resourceApis,
      kind: 'ResourceSlice',
      keep: keepSlice,
      changed: gpusChanged,
    });
    this.claims = watch('resourceclaims.resource.k8s.io', false, {
      apiVersions: resourceApis,
      kind: 'ResourceClaim',
      keep: keepClaim,
      changed: (before, after) => {
        this.use.claimChanged(before, after);
        gpusChanged();
      },
    });
    // read when somebody asks whether a model would fit
    this.quotas = watch('resourcequotas', false, {
      apiVersions: ['v1'],
      kind: 'ResourceQuota',
      keep: keepQuota,
      changed: () => undefined,
    });
    this.limits = watch('limitranges', false, {
      apiVersions: ['v1'],
      kind: 'LimitRange',
      keep: keepLimits,
      changed: () => undefined,
    });
    const ofKueue = <T>({
      resource,
      kind,
      keep,
    }: Pick<ObjectWatchOptions<T>, 'kind' | 'keep'> & { resource: string }) =>
      watch(`${resource}.kueue.x-k8s.io`, false, { apiVersions: kueueVersions, kind, keep, changed: () => undefined });
    this.queues = {
      local: ofKueue(queueKinds.local),
      shared: ofKueue(queueKinds.shared),
      cohorts: ofKueue(queueKinds.cohorts),
      flavors: ofKueue(queueKinds.flavors),
    };
  }

  run(signal: AbortSignal): void {
    for (const { watch } of this.all) void watch.run(signal);
  }
}

function serviceOf({ namespace, service }: WatchedPod): string | undefined {
  return service && `${namespace}/${service.service}`;
}

/** Of the route to its versions; others say nothing of its traffic. */
function serviceOfRoute({ metadata: { namespace = '', name } }: HttpRoute): string | undefined {
  const ending = routeNames('').chat;
  return name.endsWith(ending) ? `${namespace}/${name.slice(0, -ending.length)}` : undefined;
}
