import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { waitUntilGone } from '@fairway/clients/kubernetes/gone';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { revisionLabels, versionName } from '@fairway/clients/kubernetes/names';
import type { Pod } from '@fairway/clients/kubernetes/workload';
import { ToolError } from '@fairway/clients/tool-error';
import type { MeshMembership } from '@fairway/targets/mesh/istio/identity';
import { ambientStrangers, outsider, strangers } from '@fairway/targets/mesh/istio/strangers';
import { probeResult } from './probes.ts';
import type { ProbeResult } from './probes.ts';

/** What the pods print: see services/mesh-probe. */
interface Outcome {
  readonly status?: number;
  readonly seen: string;
}
interface MemberOutcomes {
  readonly engine: OutsiderOutcome;
  readonly plain: Outcome;
  readonly withoutCertificate: Outcome;
  readonly foreign: Outcome;
  readonly stranger: Outcome;
}
interface OutsiderOutcome {
  readonly connected: boolean;
  readonly seen: string;
}

type RunningPod = Pod & { readonly status?: { readonly podIP?: string } };

export interface AroundProbes {
  readonly results: readonly ProbeResult[];
  /** Whether the cluster's network keeps to the NetworkPolicy. */
  readonly enforced: boolean;
}

const deadline = 90_000;

/**
 * Lets two pods of the service's namespace try what the gateway alone may, and takes them away again.
 * @param image holds services/mesh-probe
 * @throws ToolError when a pod does not come to its end
 */
export async function probeMesh(
  cluster: Cluster,
  service: Service,
  revision: string,
  mesh: MeshMembership,
  { image, signal, progress }: { image: string; signal: AbortSignal; progress: (message: string) => void },
): Promise<AroundProbes> {
  const pod = await podAddress(cluster, service, revision);
  const { needed, member, outsider: unknown } = strangers(service, revision, mesh, { pod, image });
  const started = Date.now();
  progress('two pods try to reach the version without the gateway');
  return whileThere(cluster, [unknown, member, ...needed], signal, async () => {
    // a pod is rejected, also in a dry run, while its service account is not there
    await applyObjects(cluster, needed);
    await applyObjects(cluster, [member, unknown]);
    const [inside, outside] = await Promise.all([
      printed<MemberOutcomes>(cluster, member, signal),
      printed<OutsiderOutcome>(cluster, unknown, signal),
    ]);
    return { results: results(inside, outside, Date.now() - started), enforced: !outside.connected };
  });
}

/**
 * The same where the proxies of the nodes are the mesh. They see connections alone, so whoever may not come gets no answer at all.
 * @throws ToolError when a pod does not come to its end
 */
export async function probeAmbient(
  cluster: Cluster,
  service: Service,
  revision: string,
  mesh: MeshMembership,
  { image, signal, progress }: { image: string; signal: AbortSignal; progress: (message: string) => void },
): Promise<AroundProbes> {
  const { needed, member, plain, outsider: unknown } = ambientStrangers(service, revision, mesh, image);
  const started = Date.now();
  progress('three pods try to reach the version without the gateway');
  return whileThere(cluster, [unknown, plain, member, ...needed], signal, async () => {
    await applyObjects(cluster, needed);
    await applyObjects(cluster, [member, plain, unknown]);
    const [inside, plainly, outside] = await Promise.all([
      printed<Outcome>(cluster, member, signal),
      printed<Outcome>(cluster, plain, signal),
      printed<OutsiderOutcome>(cluster, unknown, signal),
    ]);
    return { results: ambientResults(inside, plainly, outside, Date.now() - started), enforced: !outside.connected };
  });
}

/** The same for a service without a mesh, whose NetworkPolicy is all that keeps others away. */
export async function probeNetwork(
  cluster: Cluster,
  service: Service,
  revision: string,
  { image, signal, progress }: { image: string; signal: AbortSignal; progress: (message: string) => void },
): Promise<AroundProbes> {
  const pod = outsider(service, revision, image);
  const started = Date.now();
  progress('a pod tries to reach the version without the gateway');
  return whileThere(cluster, [pod], signal, async () => {
    await applyObjects(cluster, [pod]);
    const outcome = await printed<OutsiderOutcome>(cluster, pod, signal);
    return { results: [outsideResult(outcome, Date.now() - started)], enforced: !outcome.connected };
  });
}

async function whileThere<T>(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  signal: AbortSignal,
  body: () => Promise<T>,
): Promise<T> {
  // of a run that was killed; a pod cannot be changed
  for (const object of objects) if (await cluster.remove(object)) await waitUntilGone(cluster, object, 60_000, signal);
  try {
    return await body();
  } finally {
    const removing = cluster.withSignal(AbortSignal.timeout(15_000));
    for (const object of objects) await removing.remove(object);
  }
}

/** What they found, as probes. */
export function results(
  inside: MemberOutcomes,
  outside: OutsiderOutcome,
  milliseconds: number,
): readonly ProbeResult[] {
  return [
    // an engine that listens where it likes would be open to everybody
    tried(
      { name: reasonOf('probe.enginePort'), expected: reasonOf('probe.mustNotConnect'), seen: inside.engine.seen },
      !inside.engine.connected,
      milliseconds,
    ),
    rejected(reasonOf('probe.plainText'), inside.plain, milliseconds),
    rejected(reasonOf('probe.noCertificate'), inside.withoutCertificate, milliseconds),
    rejected(reasonOf('probe.foreignCertificate'), inside.foreign, milliseconds),
    tried(
      { name: reasonOf('probe.otherIdentity'), expected: 'HTTP 403', seen: inside.stranger.seen },
      inside.stranger.status === 403,
      milliseconds,
    ),
    outsideResult(outside, milliseconds),
  ];
}

/** What three pods found where the proxies of the nodes are the mesh, as probes. */
export function ambientResults(
  member: Outcome,
  plain: Outcome,
  outside: OutsiderOutcome,
  milliseconds: number,
): readonly ProbeResult[] {
  return [
    rejected(reasonOf('probe.plainText'), plain, milliseconds),
    rejected(reasonOf('probe.otherIdentity'), member, milliseconds),
    outsideResult(outside, milliseconds),
  ];
}

function rejected(name: Reason, { status, seen }: Outcome, milliseconds: number): ProbeResult {
  const holds = status === undefined && seen !== 'ECONNREFUSED';
  return tried({ name, expected: reasonOf('probe.mustBreakOff'), seen }, holds, milliseconds);
}

function outsideResult({ connected, seen }: OutsiderOutcome, milliseconds: number): ProbeResult {
  return tried(
    {
      name: reasonOf('probe.outsider'),
      expected: reasonOf('probe.mustNotReach'),
      seen: connected ? reasonOf('probe.notEnforced', { seen }) : seen,
    },
    true,
    milliseconds,
  );
}

/** These pods try once. */
function tried(said: Parameters<typeof probeResult>[0], holds: boolean, milliseconds: number): ProbeResult {
  return probeResult(said, { holds, attempts: 1, milliseconds });
}

async function podAddress(cluster: Cluster, { namespace, name }: Service, revision: string): Promise<string> {
  const pods = await cluster.list<RunningPod>('v1', 'Pod', namespace, revisionLabels(name, revision));
  const address = pods.find(({ status }) => status?.phase === 'Running' && status.podIP)?.status?.podIP;
  if (address) return address;
  throw new ToolError(
    'kubernetes',
    reasonOf('request.pod', { version: versionName(name, revision) }),
    undefined,
    reasonOf('probe.noPod'),
    reasonOf('probe.deployAgain'),
  );
}

/** The JSON that a pod prints before it ends. */
async function printed<T>(cluster: Cluster, pod: KubernetesObject, signal: AbortSignal): Promise<T> {
  const end = Date.now() + deadline;
  const path = await cluster.path(pod);
  const log = () => cluster.text('GET', `${path}/log`, { query: { container: 'probe', tailLines: '20' } });
  for (;;) {
    const found = await cluster.get<Pod>(pod);
    const { phase } = found?.status ?? {};
    if (phase === 'Succeeded') return JSON.parse(await log()) as T;
    if (phase === 'Failed' || Date.now() > end)
      throw new ToolError(
        'kubernetes',
        reasonOf('request.probePod', { pod: `${pod.metadata.namespace}/${pod.metadata.name}` }),
        phase,
        phase === 'Failed' ? await log() : reasonOf('probe.notEnded', { seconds: deadline / 1000 }),
        reasonOf('probe.lookAtEvents'),
      );
    await sleep(500, undefined, { signal });
  }
}
