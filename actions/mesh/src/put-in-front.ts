import { stringify } from 'yaml';
import { engineProfile } from '@fairway/engines';
import { limitsTokens } from '@fairway/service';
import type { Service } from '@fairway/service';
import { errorReason, listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { StageContext, StageResult } from '@fairway/stage';
import { waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import { openInference } from '@fairway/clients/inference/index';
import { applyObjects, removeObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ownedBy } from '@fairway/clients/kubernetes/owner';
import { ToolError } from '@fairway/clients/tool-error';
import { parseGateway } from '@fairway/targets/gateway/references';
import { readWeights } from '@fairway/targets/gateway/state';
import { applyByFolder, folderStays } from '@fairway/targets/rendering/by-folder';
import { inOrder } from '@fairway/targets/gateway/target';
import { usesOwnProxies } from '@fairway/targets/mesh/istio/identity';
import type { MeshMembership } from '@fairway/targets/mesh/istio/identity';
import { frontObjects, withoutStandingGrants } from './examine.ts';
import type { ExamineInputs, Found } from './examine.ts';
import { probeAmbient, probeMesh, probeNetwork } from './mesh-probes.ts';
import type { AroundProbes } from './mesh-probes.ts';
import { probes, runProbes } from './probes.ts';
import { putBack } from './put-back.ts';
import type { RoleTokens } from './role-tokens.ts';

/** Milliseconds the gateway's controller has to take the objects, and the probes have to hold. */
const acceptDeadline = 30_000;
const probeDeadline = 45_000;

export interface FrontInputs extends ExamineInputs {
  readonly revision: string;
  readonly 'gateway-url': string;
  readonly 'gitops-token'?: string;
}

/** What was found and asked for before anything changes. */
export interface FrontPlan {
  readonly found: Found;
  readonly tokens: { readonly chat: string; readonly models?: string };
  readonly roles: RoleTokens;
  /** The version's Service, with which the objects of the version go. */
  readonly backend: KubernetesObject;
  /** Holds services/mesh-probe; absent where nothing keeps other pods away. */
  readonly probeImage?: string;
  /** Absent for a service that is in no mesh. */
  readonly membership?: MeshMembership;
}

/** Applies the objects, and proves with probes that they hold. Objects that do not are given their former state again. */
export async function putInFront(
  service: Service,
  inputs: FrontInputs,
  context: StageContext,
  cluster: Cluster,
  { found, tokens, roles, backend, membership, probeImage }: FrontPlan,
): Promise<StageResult> {
  const weights = await readWeights(cluster, service, inputs.revision);
  const { target } = found;
  const made = frontObjects(service, inputs, found, weights);
  const rendered = { ...made, version: made.version.map(object => ownedBy(object, backend)) };
  const objects = inOrder(service.apply ? made : await withoutStandingGrants(cluster, rendered));
  const before = await Promise.all(objects.map(object => cluster.get(object)));
  const written = await context.evidence(
    'objects.yaml',
    'application/yaml',
    objects.map(object => stringify(object)).join('---\n'),
  );
  const unseen = await place(cluster, service, objects, context, inputs['gitops-token']);
  if (unseen) return { verdict: 'inconclusive', reason: unseen, outputs: {}, evidence: [written] };
  context.log.info(
    weights.stable
      ? `${weights.stable.revision} keeps all traffic; ${inputs.revision} only gets requests that name it.`
      : `${inputs.revision} gets all traffic: no other version serves.`,
  );

  const failed = async (reason: Reason, evidence = [written]) => {
    const { apply } = service;
    const done = apply ? folderStays(context.folder, { apply }) : await putBack(cluster, objects, before);
    return { verdict: 'fail' as const, reason: listOf('list.then', [reason, done]), outputs: {}, evidence };
  };
  const against = await waitUntilAccepted(cluster, target.reported(rendered), acceptDeadline, context.signal);
  if (against.length > 0) return failed(reasonOf('mesh.denied', { words: listOf('list.also', against) }));

  const endpoint = openInference(inputs['gateway-url']);
  try {
    const expectDone = engineProfile(service.engine.name).endsStreamWithDone;
    const list = probes(
      endpoint,
      service,
      inputs.revision,
      { ...tokens, roles: roles.held },
      { expectDone, signal: context.signal },
    );
    const answered = await runProbes(list, probeDeadline, context.signal, context.log.progress);
    const apart = await tryAround(cluster, service, inputs.revision, { membership, probeImage }, context);
    if (apart instanceof ToolError) return failed(reasonOf('mesh.untried', { words: errorReason(apart) }));
    const results = [...answered, ...(apart?.results ?? [])];
    const held = results.filter(result => result.holds).length;
    const evidence = [
      written,
      await context.evidence(
        'probes.json',
        'application/json',
        JSON.stringify({ url: endpoint.url, revision: inputs.revision, probes: results }, null, 2),
      ),
    ];
    const summary = [
      '| probe | expected | seen |',
      '| --- | --- | --- |',
      ...results.map(result => `| ${result.name} | ${result.expected} | ${result.seen.replaceAll('|', '\\|')} |`),
    ].join('\n');
    const bad = results.filter(result => !result.holds);
    if (bad.length > 0) {
      const said = bad.map(({ coded, name, expected, seen }) =>
        reasonOf('mesh.gave', {
          probe: coded.name ?? name,
          expected: coded.expected ?? expected,
          seen: coded.seen ?? seen,
        }),
      );
      const counted = { held, probes: results.length, failed: listOf('list.also', said) };
      return { ...(await failed(reasonOf('mesh.failed', counted), evidence)), summary };
    }
    // where somebody else applies, what is rendered no more goes with its file
    if (!service.apply)
      await removeObjects(cluster, await target.readObsolete(cluster, service, parseGateway(inputs.gateway), rendered));
    return {
      verdict: 'pass',
      reason: listOf('list.then', [
        reasonOf('mesh.passed', { probes: results.length, url: endpoint.url }),
        ...unproven(roles.missing),
        ...countedByEvents(service),
        ...(apart && !apart.enforced ? [reasonOf(service.mesh ? 'mesh.networkOpenInMesh' : 'mesh.networkOpen')] : []),
      ]),
      outputs: { url: endpoint.url, probes: `${held}/${results.length}` },
      evidence,
      summary,
    };
  } finally {
    endpoint.close();
  }
}

/** Whether pods that are not of the gateway reach the version; an error says why nobody knows. */
async function tryAround(
  cluster: Cluster,
  service: Service,
  revision: string,
  { membership, probeImage: image }: Pick<FrontPlan, 'membership' | 'probeImage'>,
  { signal, log: { progress } }: StageContext,
): Promise<AroundProbes | ToolError | undefined> {
  if (!image) return undefined;
  const options = { image, signal, progress };
  try {
    if (!membership) return await probeNetwork(cluster, service, revision, options);
    const probe = usesOwnProxies(membership) ? probeMesh : probeAmbient;
    return await probe(cluster, service, revision, membership, options);
  } catch (error) {
    if (error instanceof ToolError && !signal.aborted) return error;
    throw error;
  }
}

/**
 * Brings the objects into the cluster.
 * @returns why they are not there, where somebody else applies them
 */
async function place(
  cluster: Cluster,
  service: Service,
  objects: readonly KubernetesObject[],
  context: StageContext,
  token: string | undefined,
): Promise<Reason | undefined> {
  const { apply } = service;
  if (apply) return applyByFolder(cluster, { ...service, apply }, 'mesh', objects, context, { token });
  await applyObjects(cluster, objects);
  return undefined;
}

function unproven(roles: readonly string[]): readonly Reason[] {
  return roles.length === 0 ? [] : [reasonOf('mesh.unproven', { roles: roles.join(', ') })];
}

/** How tokens are counted where the engine does not tell. */
function countedByEvents(service: Service): readonly Reason[] {
  if (!limitsTokens(service) || engineProfile(service.engine.name).tellsStreamUsage) return [];
  return [reasonOf('mesh.counted', { engine: service.engine.name })];
}
