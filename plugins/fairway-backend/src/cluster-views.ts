import type { LifecycleService, LoggerService, RootConfigService } from '@backstage/backend-plugin-api';
import type {
  BrokenOff,
  DeploymentView,
  FitAnswer,
  Fleet,
  FitQuestion,
  FittingClasses,
  QueueSource,
  QueueView,
  ResponseOf,
} from '@fairway/backstage-plugin-fairway-common';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import type { AskedFacts } from './models/asked-models.ts';
import type { Redaction } from './redaction.ts';

export interface OneService {
  readonly service?: string;
  readonly namespace?: string;
  readonly cluster?: string;
}

/** The pool whose nodes are wanted however many they are; its cluster alone narrows the answer. */
export interface AskedPool {
  readonly cluster?: string;
  readonly class?: string;
  readonly resource?: string;
}

/** What a ResourceQuota says of one extended resource. */
export interface GpuQuota {
  readonly cluster: string;
  readonly namespace: string;
  readonly resource: string;
  readonly hard: number;
  readonly used: number;
}

export interface PresentServices {
  readonly cluster: string;
  /** As records name it; undefined while it is not known. */
  readonly uid?: string;
  /** Whether its watches are live: only then does what is absent say anything. */
  readonly live: boolean;
  readonly services: readonly { readonly namespace: string; readonly service: string }[];
}

export interface BrokenOffRelease {
  readonly deployment: DeploymentView & { readonly brokenOff: BrokenOff };
  /** Whether the portal may move its traffic. */
  readonly actions: boolean;
}

/** What the routes ask of the clusters. All answers come from memory that the watches keep; none waits for a cluster. */
export interface ClusterViews {
  /** @param only narrows the answer to one service, namespace and cluster, as far as it names them */
  deployments(only?: OneService): ResponseOf<'deployments'>;
  /** Of every cluster the services of which it has a Deployment or a route. */
  present(): readonly PresentServices[];
  /** Those whose release broke off. */
  brokenOff(): readonly BrokenOffRelease[];
  /** The cluster itself, where the portal may move traffic; its requests end with the portal. */
  writable(cluster: string): Cluster | undefined;
  capacity(): ResponseOf<'capacity'>;
  /** @param owners who answers for a service, by namespace/name */
  fleet(asked: AskedPool, owners: ReadonlyMap<string, string>): Fleet;
  /** Limits of namespaces on GPUs, each as its ResourceQuota says it. */
  gpuQuotas(): readonly GpuQuota[];
  /** Every LocalQueue, with all services that use it. */
  queues(): { readonly sources: readonly QueueSource[]; readonly items: readonly QueueView[] };
  fit(question: FitQuestion, model: AskedFacts): FitAnswer;
  /** The GPU classes that hold a model, and where they have room. */
  fitting(model: AskedFacts): FittingClasses;
}

/** What `createClusterViews` of `src/cluster/index.ts` is given. */
export interface ClusterViewsOptions {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  /** Learns the tokens that files and commands give. */
  readonly redaction: Redaction;
  /** Its shutdown hook ends the watches. */
  readonly lifecycle: LifecycleService;
  /** Tells open pages that a view of the clusters changed; may be called as often as it does, it is thinned out. */
  changed(): void;
}
