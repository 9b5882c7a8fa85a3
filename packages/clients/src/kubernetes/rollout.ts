import { setTimeout as sleep } from 'node:timers/promises';
import { english, listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { diagnose } from './diagnosis/diagnosis.ts';
import type { Diagnosis } from './diagnosis/finding.ts';
import { explained, rootCause } from './diagnosis/root-cause.ts';
import { diagnoseQueued } from './queued-pods.ts';
import { RolloutObjects } from './rollout-objects.ts';
import { diagnoseNodes } from './silent-nodes.ts';
import { StartClock } from './start-clock.ts';
import { startPhase } from './start-phase.ts';
import type { StartLimits, StartPhase } from './start-phase.ts';
import { allPods, isReady, readyReplicas } from './workload.ts';
import type { Pod } from './workload.ts';
import { getWorkload } from './workload-kinds.ts';

export interface RolloutWatch {
  readonly namespace: string;
  readonly deployment: string;
  /** Labels of the deployment's pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** When the rollout is given up; waiting for a queue does not count. */
  readonly limits: StartLimits;
  readonly signal?: AbortSignal;
  readonly progress?: (message: string) => void;
}

export type RolloutResult =
  | {
      readonly ready: true;
      readonly pods: readonly Pod[];
      /** From the begin of the pull until the slowest pod was ready, to half a second; absent where all nodes had the image. */
      readonly coldSeconds?: number;
    }
  /** `cause` names what was seen and what to do; `logs` are the lines of the container that fails from its first error on, if there are any. */
  /** `exceeded` is the phase whose time was over; absent where waiting could not have helped. */
  | {
      readonly ready: false;
      readonly cause: string;
      /** The same for readers of other languages. */
      readonly coded: Reason | string;
      readonly logs: string;
      readonly exceeded?: StartPhase;
    };

const interval = 500;
/** Milliseconds between two looks at what a queue or a node says: its words change while the pods do not. */
const lookInterval = 5000;

/** Waits until a deployment, or what runs pods in its place, is ready, or until it is clear why it does not get ready. */
export async function watchRollout(cluster: Cluster, watch: RolloutWatch): Promise<RolloutResult> {
  const { namespace, deployment: name, podLabels } = watch;
  const workload = await getWorkload(cluster, { name, namespace });
  if (!workload) return deleted(watch);
  const objects = new RolloutObjects(cluster, workload, podLabels, watch.signal);
  try {
    return await untilReady(cluster, objects, watch);
  } finally {
    await objects.close();
  }
}

async function untilReady(cluster: Cluster, objects: RolloutObjects, watch: RolloutWatch): Promise<RolloutResult> {
  const spent: Record<StartPhase, number> = { scheduling: 0, pulling: 0, loading: 0 };
  const clock = new StartClock();
  let before = Date.now();
  // the phase that time is running for: what passed before a phase was seen does not count for it
  let running: StartPhase | undefined;
  let seen: Diagnosis | undefined;
  /** That the pods wait in a queue, what the queue said of it last, and when. */
  let queue: Diagnosis | undefined;
  let said: Diagnosis | undefined;
  let saidAt = 0;
  /** What a node says where the pods say nothing, and when it was asked. */
  let ofNode: Diagnosis | undefined;
  let nodesAt = Date.now();
  let logs = '';
  const readLogs = async () => {
    if (seen?.logs) logs = (await lastLogs(cluster, watch.namespace, seen.logs)) || logs;
  };
  for (let changes = 0; ; await sleep(interval, undefined, { signal: watch.signal })) {
    await objects.listed();
    const { deployment, pods, events } = objects;
    if (!deployment) return deleted(watch);
    clock.look(pods, events, Date.now());
    if (isReady(deployment)) return { ready: true, pods, coldSeconds: clock.seconds };
    if (objects.changes !== changes) {
      changes = objects.changes;
      seen = diagnose({ deployment, pods, events });
      queue = seen?.queued ? seen : undefined;
      if (queue) seen = said ?? queue;
      else said = undefined;
      // caught while they are there: a container that crashed is removed with its log soon after
      await readLogs();
    }
    if (queue && Date.now() - saidAt > lookInterval) {
      saidAt = Date.now();
      seen = said = await diagnoseQueued(cluster, watch.namespace, pods, deployment, queue);
    }
    if (!seen && Date.now() - nodesAt > lookInterval) {
      nodesAt = Date.now();
      ofNode = await diagnoseNodes(cluster, pods);
    }
    const shown = seen ?? ofNode;
    const desired = deployment.spec?.replicas ?? 1;
    const phase = startPhase(pods, allPods(deployment));
    const doing = reasonOf(`phase.${phase}`);
    const now = Date.now();
    if (running) spent[running] += now - before;
    before = now;
    running = seen?.queued || objects.stale ? undefined : phase;
    const seconds = Math.round(spent[phase] / 1000);
    watch.progress?.(
      `${readyReplicas(deployment)} of ${desired} pods ready, ${english(doing)} (${seconds} of ${watch.limits[phase]} s)${shown ? `: ${shown.cause}` : ''}`,
    );
    if (seen?.final && !rootCause(logs)?.transient) return givenUp(seen.coded, logs);
    if (spent[phase] > watch.limits[phase] * 1000) {
      // what a container wrote since its pod changed last
      await readLogs();
      const last = shown?.coded ?? reasonOf('rollout.silent');
      const cause = /[.!?]$/.test(english(last)) ? last : reasonOf('rollout.seen', { cause: last });
      const after = reasonOf('rollout.givenUp', { seconds, phase: doing });
      return { ...givenUp(listOf('list.then', [cause, after]), logs), exceeded: phase };
    }
  }
}

function givenUp(seen: Reason | string, log: string) {
  const { cause: coded, logs } = explained(seen, log);
  return { ready: false as const, cause: english(coded), coded, logs };
}

function deleted({ namespace, deployment }: RolloutWatch): RolloutResult {
  return givenUp(reasonOf('rollout.deleted', { deployment: `${namespace}/${deployment}` }), '');
}

/** Lines that are read of a log: an engine's traceback of a traceback has hundreds. */
const readLines = '1000';

async function lastLogs(cluster: Cluster, namespace: string, of: NonNullable<Diagnosis['logs']>): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/pods/${of.pod}/log`;
  const runs: Record<string, string>[] = of.previous ? [{}, { previous: 'true' }] : [{}];
  for (const run of runs) {
    try {
      const text = (
        await cluster.text('GET', path, { query: { container: of.container, tailLines: readLines, ...run } })
      ).trim();
      // the kubelet answers so, with 200, when the runtime has removed the container
      if (text && !text.startsWith('unable to retrieve container logs')) return text;
    } catch (error) {
      // a container that never started has no log; the cause stands without it
      if (!(error instanceof ToolError) || (error.status !== 400 && error.status !== 404)) throw error;
    }
  }
  return '';
}
