import { hostname } from 'node:os';
import { engineProfile } from '@fairway/engines';
import { ConfigurationError, loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { freezeAt } from '@fairway/service/freeze';
import { replacesPods } from '@fairway/service/release-pods';
import { defineStage } from '@fairway/stage';
import type { StageContext } from '@fairway/stage';
import { clusterInputs, tokenInputs } from '@fairway/stage/cluster-inputs';
import { beginDeployment } from '@fairway/clients/github/index';
import { bearerHeaders } from '@fairway/clients/identity/index';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { isTaken, takeLease } from '@fairway/clients/kubernetes/lease';
import {
  releaseLeaseName,
  releasedAnnotation,
  releasedAtAnnotation,
  routeNames,
  versionName,
} from '@fairway/clients/kubernetes/names';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import { prometheus } from '@fairway/clients/prometheus/index';
import { versionTraffic } from '@fairway/targets/gateway/envoy/version-traffic';
import { goBack } from '@fairway/targets/gateway/go-back';
import { Traffic } from '@fairway/targets/gateway/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { postGuard, withdrawGuard } from '@fairway/targets/workload/guard';
import { keepForGood } from '@fairway/targets/workload/keep';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { missingPods } from '@fairway/targets/workload/pods';
import { versions } from '@fairway/targets/workload/versions';
import { evidenceProblem, missingEvidence } from './evidence-check.ts';
import { registryProblem } from './registry-check.ts';
import { retire } from './retire.ts';
import { givePods, walkSteps } from './steps.ts';
import type { StepResult } from './steps.ts';
import { VersionWatch } from './users.ts';

export const release = defineStage({
  name: 'release',
  description:
    'Checks the evidence of an image, moves the traffic to its version step by step, and goes back at the first missed objective.',
  icon: 'send',
  inputs: {
    ...clusterInputs,
    revision: { type: 'string', required: true, from: ['deploy.revision'], description: 'Version that is released.' },
    image: {
      type: 'string',
      required: true,
      from: ['push.reference'],
      description: 'Its image as registry/repository@sha256:…',
    },
    'registry-username': { type: 'string', keyed: false, description: 'User that may read the registry.' },
    'registry-password': { type: 'secret', description: 'Password of that user.' },
    url: {
      type: 'string',
      required: true,
      from: ['mesh.url'],
      description: 'Base address of the service at the gateway.',
    },
    ...tokenInputs,
    'prometheus-url': {
      type: 'string',
      keyed: false,
      description:
        'Address at which Prometheus answers from here. With it the users of the new version are judged; without it only requests made by the release.',
    },
    'guard-image': {
      type: 'string',
      keyed: false,
      description:
        'Image of services/release-guard. With it a Job in the cluster gives the users back to the version before when this run dies (release.brokenOff).',
    },
    'github-token': {
      type: 'secret',
      description: 'Token with deployments: write; with it the release is recorded as a GitHub Deployment.',
    },
    repository: {
      type: 'string',
      environment: 'GITHUB_REPOSITORY',
      keyed: false,
      description: 'GitHub repository as owner/name.',
    },
    'during-freeze': {
      type: 'boolean',
      default: false,
      keyed: false,
      description: 'Release although release.freeze of fairway.yaml says that nobody does now.',
    },
    environment: {
      type: 'string',
      default: 'production',
      keyed: false,
      description: 'GitHub environment that is released to.',
    },
  },
  outputs: {
    revision: { description: 'Version that gets the traffic.' },
    weight: { description: 'Percent of the traffic that it gets.' },
  },
  async connect(inputs) {
    const kubernetes = await import('@fairway/clients/kubernetes/index');
    let opened: Promise<Cluster> | undefined;
    return {
      requirePermissions: kubernetes.requirePermissions,
      cluster: (signal: AbortSignal) =>
        (opened ??= kubernetes.connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal })),
    };
  },
  async key(_inputs, context) {
    const { stages, id } = context.record;
    const judged = Object.entries(stages)
      .filter(([name]) => name !== 'release')
      .map(([name, entry]) => [name, entry?.key, entry?.verdict]);
    return { delivery: id, judged: JSON.stringify(judged) };
  },
  async lost(inputs, _outputs, context) {
    const service = await loadService(context.folder);
    const cluster = await context.clients.cluster(context.signal);
    const weight = (await new Traffic(cluster, service, context.signal).shares()).get(inputs.revision) ?? 0;
    return weight === 100 ? undefined : `the version ${inputs.revision} gets ${weight} % of the traffic`;
  },
  async run(inputs, context) {
    const service = await loadService(context.folder);
    const freeze = freezeAt(service.release, context.now());
    if (freeze && !inputs['during-freeze'])
      return {
        verdict: 'inconclusive',
        reason: `Nothing was released: until ${freeze.until.toISOString()} nobody releases (${freeze.reason}). The version stays ready without users; deliver again after that, or give the input during-freeze.`,
        outputs: {},
        evidence: [],
      };
    if (freeze) context.log.warning(`Released in a freeze (${freeze.reason}), as during-freeze asks for.`);
    const evidence = await evidenceProblem(context.folder, context.record, context.evidencePath);
    const missing = [...missingEvidence(context.record, inputs), ...(evidence.problem ? [evidence.problem] : [])];
    if (missing.length > 0)
      return refuse(`${missing.join('; ')}. Deliver again, so that the evidence is about this image`);
    if (evidence.travelled)
      context.log.info('No evidence is on this machine: the record that travelled is judged by its verdicts.');
    const credentials = { username: inputs['registry-username'], password: inputs['registry-password'] };
    const registered = await registryProblem(inputs.image, credentials, context.signal);
    if (registered) return refuse(registered);

    const open = await context.clients.cluster(context.signal);
    await context.clients.requirePermissions(open, needed(service, inputs['guard-image'] !== undefined));
    const holder = `${context.record.id} on ${hostname()}`;
    const lease = await takeLease(
      open,
      { namespace: service.namespace, name: releaseLeaseName(service.name) },
      holder,
      context.signal,
    );
    if (isTaken(lease))
      return refuse(
        `another release of ${service.name} runs: ${lease.holder} holds the lease ${service.namespace}/${releaseLeaseName(service.name)} since ${lease.since}, renewed at ${lease.renewed}. Wait for it`,
      );
    if (lease.brokenOff)
      context.log.warning(
        `The release by ${lease.brokenOff} broke off; this one begins from the version released last.`,
      );
    try {
      return await moveTraffic(service, inputs, holder, {
        ...context,
        signal: AbortSignal.any([context.signal, lease.lost]),
      });
    } finally {
      await lease.release();
    }
  },
});

/** Everything that needs the lease. */
async function moveTraffic(service: Service, inputs: RunInputs, holder: string, context: Context) {
  const { signal } = context;
  const { revision } = inputs;
  const cluster = (await context.clients.cluster(signal)).withSignal(signal);
  const traffic = new Traffic(cluster, service, signal);
  const route = await traffic.chatRoute();
  const shares = await traffic.shares();
  if (!route || !shares.has(revision))
    return refuse(
      `the route ${service.namespace}/${routeNames(service.name).chat} does not know the version ${revision}: run mesh first`,
    );
  const found = await versions(cluster, service.namespace, service.name);
  const released = releasedRevisions(found);
  const stable = released.find(one => one !== revision && shares.has(one));
  // one that was never released has pods to give up all the same
  const before = stable ?? (replacesPods(service) ? [...shares.keys()].find(one => one !== revision) : undefined);
  const { watch, open } = await watchOf(service, inputs, context, route, stable);
  const headers = await requestHeaders(service, inputs, signal);
  const github = await beginOnGithub(service, inputs, context);
  const finish = async (...report: Parameters<NonNullable<typeof github>['finish']>) => {
    try {
      await github?.finish(...report);
    } catch (error) {
      // the traffic is where it belongs; a record that cannot be written must not hide that
      context.log.warning((error as Error).message);
    }
  };

  let steps: readonly StepResult[] = [];
  const evidence = () =>
    context.evidence(
      'steps.json',
      'application/json',
      JSON.stringify({ candidate: revision, stable: stable ?? null, steps }, null, 2),
    );
  const weighed = stable !== undefined && released[0] !== revision;
  const guard = weighed && service.release.brokenOff === 'back' ? inputs['guard-image'] : undefined;
  try {
    // with nobody to share with there is nothing to weigh: the load test of this version has judged it
    if (weighed) {
      if (guard) await postGuard(cluster, { service, holder, stable, candidate: revision }, guard, signal);
      if (missingPods(service, found, { serving: stable, revision }))
        await goBack(cluster, service, stable, revision, context.log.progress);
      steps = await walkSteps(cluster, traffic, service, {
        url: inputs.url,
        candidate: revision,
        stable,
        watch,
        headers,
        signal,
        progress: context.log.progress,
      });
    }
    const last = steps.at(-1);
    if (last?.objection && stable) {
      const stays = last.verdict === 'inconclusive' && service.release.undecided === 'stay';
      const done = stays
        ? `The traffic stays as it is (release.undecided), ${last.weight} % at ${revision}`
        : await goBack(cluster, service, stable, revision, context.log.progress);
      await finish('failure', last.objection);
      return {
        verdict: last.verdict,
        reason: `At ${last.weight} % of the traffic ${last.objection}. ${done}.`,
        outputs: stays ? {} : { revision: stable, weight: '100' },
        evidence: [await evidence()],
        summary: table(steps),
      };
    }
    if (steps.length === 0 && before && replacesPods(service))
      await givePods(cluster, traffic, service, 100, {
        candidate: revision,
        stable: before,
        signal,
        progress: context.log.progress,
      });
    await traffic.set(new Map([[revision, 100], ...(stable ? ([[stable, 0]] as const) : [])]));
    await keepForGood(cluster, service, revision);
    await cluster.annotate(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: versionName(service.name, revision), namespace: service.namespace },
      },
      { [releasedAnnotation]: context.record.id, [releasedAtAnnotation]: context.now().toISOString() },
    );
  } catch (error) {
    await finish('failure', await goBack(cluster, service, before, revision, context.log.progress));
    throw error;
  } finally {
    // the run's own signal may be what ended it; a guard that is left alone ends by itself when the lease is given back
    if (guard)
      await withdrawGuard(cluster.withSignal(AbortSignal.timeout(30_000)), service).catch((error: Error) =>
        context.log.warning(error.message),
      );
  }
  const retired = await retire(cluster, traffic, service, {
    revision,
    stable,
    open,
    signal,
    progress: context.log.progress,
  });
  const reason = `${revision} has all traffic${retired}.`;
  await finish('success', reason, inputs.url);
  return {
    verdict: 'pass' as const,
    reason,
    outputs: { revision, weight: '100' },
    evidence: [await evidence()],
    summary: table(steps),
  };
}

type Context = StageContext<{ cluster(signal: AbortSignal): Promise<Cluster> }>;

/** What Prometheus tells of the new version, and how many requests are open at the previous one; nothing without a Prometheus. */
async function watchOf(
  service: Service,
  inputs: RunInputs,
  context: Context,
  route: HttpRoute,
  stable: string | undefined,
): Promise<{ readonly watch?: VersionWatch; readonly open?: () => Promise<number> }> {
  const url = inputs['prometheus-url'];
  const traffic = versionTraffic(route, service.name, inputs.revision);
  if (!url || !traffic) {
    context.log.info('Without prometheus-url nobody sees how the users fare: only requests made here are judged.');
    return {};
  }
  const server = prometheus(url, context.signal);
  const profile = engineProfile(service.engine.name);
  const before = stable ? versionTraffic(route, service.name, stable) : undefined;
  return {
    watch: await VersionWatch.open(server, traffic, service, profile, inputs.revision),
    ...(before ? { open: async () => (await server.query(before.open))[0]?.value ?? 0 } : {}),
  };
}

function refuse(problem: string) {
  return { verdict: 'fail' as const, reason: `Nothing was released: ${problem}.`, outputs: {}, evidence: [] };
}

interface RunInputs {
  readonly url: string;
  readonly 'prometheus-url'?: string;
  readonly 'token-url'?: string;
  readonly 'client-id'?: string;
  readonly 'client-secret'?: string;
  readonly audience?: string;
  readonly 'token-scope'?: string;
  readonly 'guard-image'?: string;
  readonly 'github-token'?: string;
  readonly repository?: string;
  readonly environment: string;
  readonly revision: string;
  readonly image: string;
}

async function requestHeaders(service: Service, inputs: RunInputs, signal: AbortSignal) {
  const host: Record<string, string> = service.access.hostname ? { host: service.access.hostname } : {};
  const { 'token-url': tokenUrl, 'client-id': clientId, 'client-secret': clientSecret } = inputs;
  if (!tokenUrl || !clientId || !clientSecret) {
    throw new ConfigurationError(
      'A release sends requests through the gateway and needs a token for them: give the inputs token-url, client-id and client-secret.',
    );
  }
  const client = { tokenUrl, clientId, clientSecret, audience: inputs.audience, signal };
  return bearerHeaders(client, inputs['token-scope'] || service.access.chatScope, host);
}

/** Begun before the traffic moves, so that a token without the permission is said while nothing has changed. */
async function beginOnGithub(service: Service, inputs: RunInputs, context: StageContext) {
  if (!inputs['github-token']) return undefined;
  const ref = context.record.source.commit;
  if (!inputs.repository || !ref) {
    throw new ConfigurationError(
      `A GitHub Deployment needs the ${inputs.repository ? "source's commit, which the delivery record does not hold" : 'input repository'}.`,
    );
  }
  return beginDeployment({
    token: inputs['github-token'],
    repository: inputs.repository,
    ref,
    environment: inputs.environment,
    service: `${service.namespace}/${service.name}`,
    description: `${service.name} ${inputs.revision}`,
    payload: { image: inputs.image, delivery: context.record.id },
  });
}

function needed(service: Service, guarded: boolean) {
  const { namespace } = service;
  const guard = guarded && service.release.brokenOff === 'back';
  return [
    ...permissions(['get', 'patch'], 'gateway.networking.k8s.io', ['httproutes'], namespace),
    ...permissions(['get', 'list', 'patch', 'delete'], 'apps', ['deployments'], namespace),
    ...permissions(['get', 'list', 'patch', 'delete'], '', ['services'], namespace),
    ...permissions(['get', 'list', 'patch', 'delete'], 'policy', ['poddisruptionbudgets'], namespace),
    ...permissions(['get', 'create', 'update'], 'coordination.k8s.io', ['leases'], namespace),
    ...permissions(['get', 'create', 'patch', 'delete'], 'batch', ['jobs'], namespace),
    ...(guard
      ? [
          ...permissions(['create', 'patch', 'delete'], '', ['serviceaccounts'], namespace),
          ...permissions(
            ['create', 'patch', 'delete'],
            'rbac.authorization.k8s.io',
            ['roles', 'rolebindings'],
            namespace,
          ),
        ]
      : []),
    // a role can only be given by whoever has its rights
    ...(guard || replacesPods(service)
      ? [
          ...permissions(['list'], '', ['pods', 'events'], namespace),
          ...permissions(['get'], '', ['pods/log'], namespace),
        ]
      : []),
  ];
}

function table(steps: readonly StepResult[]): string {
  return [
    '| traffic | seconds | answers to users | to requests made here | |',
    '| --- | --- | --- | --- | --- |',
    ...steps.map(
      step =>
        `| ${step.weight} % | ${step.seconds} | ${step.users} | ${step.synthetic} | ${step.objection ?? 'good'} |`,
    ),
  ].join('\n');
}
