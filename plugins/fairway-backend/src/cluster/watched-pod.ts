import { revisionLabel } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject, Pod } from '@fairway/clients/kubernetes/index';
import { queueLabel } from '@fairway/clients/kubernetes/kueue';
import type { LabelExpression } from '@fairway/service/label-selector';
import { isProductLabel } from './gpu-class-name.ts';
import type { PodContainers } from '@fairway/service';
import { coreRequests, gpuRequests } from './gpu-requests.ts';
import type { Requests } from './gpu-requests.ts';
import { keepServicePod } from './service-pod.ts';
import type { ServicePod } from './service-pod.ts';

/** What is held of a pod that asks for GPUs, belongs to a service or takes CPU and memory of a node; tens of thousands of them fit in memory. */
export interface WatchedPod {
  readonly namespace: string;
  readonly name: string;
  /** Undefined until the scheduler has placed it. */
  readonly node?: string;
  readonly created: string;
  /** It has run to its end and holds nothing any more. */
  readonly ended: boolean;
  readonly gpus: Requests;
  /** CPU in cores and memory in bytes that it holds on its node. */
  readonly cores: Requests;
  /** Names of its ResourceClaims. */
  readonly claims: readonly string[];
  /** Products that it accepts; undefined when it takes any. */
  readonly products?: readonly string[];
  /** LocalQueue that has not admitted it. */
  readonly queue?: string;
  /** Why it waits, in the scheduler's words. */
  readonly waits?: string;
  readonly service?: ServicePod;
}

interface WholePod extends Pod {
  readonly spec?: Pod['spec'] &
    PodContainers & {
      readonly nodeSelector?: Readonly<Record<string, string>>;
      readonly affinity?: { readonly nodeAffinity?: NodeAffinity };
      readonly resourceClaims?: readonly { readonly name: string; readonly resourceClaimName?: string }[];
    };
  readonly status?: Pod['status'] & {
    readonly resourceClaimStatuses?: readonly { readonly name: string; readonly resourceClaimName?: string }[];
  };
}

interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: {
    readonly nodeSelectorTerms?: readonly {
      readonly matchExpressions?: readonly LabelExpression[];
    }[];
  };
}

const noClaims: readonly string[] = [];

/** Undefined for pods that nobody asks about. */
export function keepPod(object: KubernetesObject): WatchedPod | undefined {
  const pod = object as WholePod;
  const { metadata, spec, status } = pod;
  const gpus = gpuRequests(spec ?? {});
  const cores = coreRequests(spec ?? {});
  const claims = claimsOf(pod);
  const labels = metadata.labels;
  const ours = labels?.['app.kubernetes.io/managed-by'] === 'fairway' && labels[revisionLabel] !== undefined;
  const holds = spec?.nodeName !== undefined && cores.size > 0;
  if (gpus.size === 0 && claims.length === 0 && !ours && !holds) return undefined;
  const scheduled = status?.conditions?.find(condition => condition.type === 'PodScheduled');
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    node: spec?.nodeName,
    created: metadata.creationTimestamp ?? '',
    ended: status?.phase === 'Succeeded' || status?.phase === 'Failed',
    gpus,
    cores,
    claims,
    products: spec?.nodeName ? undefined : productsOf(pod),
    queue: scheduled?.reason === 'SchedulingGated' ? labels?.[queueLabel] : undefined,
    waits: scheduled?.status === 'False' ? (scheduled.message ?? scheduled.reason) : undefined,
    service: ours ? keepServicePod(pod) : undefined,
  };
}

function claimsOf({ spec, status }: WholePod): readonly string[] {
  if (!spec?.resourceClaims?.length) return noClaims;
  const made = new Map(status?.resourceClaimStatuses?.map(one => [one.name, one.resourceClaimName]));
  return spec.resourceClaims
    .map(({ name, resourceClaimName }) => resourceClaimName ?? made.get(name))
    .filter(name => name !== undefined);
}

function productsOf({ spec }: WholePod): readonly string[] | undefined {
  const selected = Object.entries(spec?.nodeSelector ?? {}).filter(([label]) => isProductLabel(label));
  if (selected.length > 0) return selected.map(([, product]) => product);
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const products = terms?.flatMap(term =>
    (term.matchExpressions ?? [])
      .filter(({ key, operator }) => isProductLabel(key) && operator === 'In')
      .flatMap(({ values }) => values ?? []),
  );
  return products?.length ? products : undefined;
}
