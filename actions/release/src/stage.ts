import { ConfigurationError, engineProfile, loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import type { StageContext } from '@fairway/stage';
import { clusterInputs, tokenInputs } from '@fairway/stage/cluster-inputs';
import { beginDeployment } from '@fairway/clients/github/index';
import { bearerHeaders } from '@fairway/clients/identity/index';
import { openInference } from '@fairway/clients/inference/index';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { releasedAnnotation, routeNames, versionName } from '@fairway/clients/kubernetes/names';
import { permissions } from '@fairway/clients/kubernetes/permissions';
import { removeVersions } from '@fairway/clients/kubernetes/remove-versions';
import { enteringWeights } from '@fairway/clients/kubernetes/traffic';
import { evidenceProblem, missingEvidence } from './evidence-check.ts';
import { goBack } from './go-back.ts';
import { registryProblem } from './registry-check.ts';
import { walkSteps } from './steps.ts';
import type { StepResult } from './steps.ts';
import { Traffic } from './traffic.ts';

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
    const evidence = await evidenceProblem(context.folder, context.record, context.evidencePath);
    const missing = [...missingEvidence(context.record, inputs), ...(evidence.problem ? [evidence.problem] : [])];
    if (missing.length > 0)
      return refuse(`${missing.join('; ')}. Deliver again, so that the evidence is about this image`);
    if (evidence.travelled)
      context.log.info('No evidence is on this machine: the record that travelled is judged by its verdicts.');
    const credentials = { username: inputs['registry-username'], password: inputs['registry-password'] };
    const registered = await registryProblem(inputs.image, credentials, context.signal);
    if (registered) return refuse(registered);

    const cluster = await context.clients.cluster(context.signal);
    await context.clients.requirePermissions(cluster, needed(service));
    const traffic = new Traffic(cluster, service, context.signal);
    const shares = await traffic.shares();
    if (!shares.has(inputs.revision))
      return refuse(
        `the route ${service.namespace}/${routeNames(service.name).chat} does not know the version ${inputs.revision}: run mesh first`,
      );
    const stable = enteringWeights(shares, inputs.revision, new Set(shares.keys())).stable?.revision;
    const headers = await requestHeaders(service, inputs, context.signal);
    const github = await beginOnGithub(service, inputs, context);

    const endpoint = openInference(inputs.url);
    const back = () => goBack(cluster, service, stable, inputs.revision);
    let steps: readonly StepResult[];
    try {
      steps = await walkSteps(cluster, traffic, endpoint, service, {
        candidate: inputs.revision,
        stable,
        headers,
        expectDone: engineProfile(service.engine.name).endsStreamWithDone,
        signal: context.signal,
        progress: context.log.progress,
      });
    } catch (error) {
      const done = await back();
      await github?.finish('failure', done);
      throw error;
    } finally {
      endpoint.close();
    }
    const written = [
      await context.evidence(
        'steps.json',
        'application/json',
        JSON.stringify({ candidate: inputs.revision, stable: stable ?? null, steps }, null, 2),
      ),
    ];
    const objection = steps.at(-1)?.objection;
    if (objection) {
      const done = await back();
      await github?.finish('failure', objection);
      return {
        verdict: 'fail',
        reason: `At ${steps.at(-1)?.weight} % of the traffic ${objection}. ${done}.`,
        outputs: stable ? { revision: stable, weight: '100' } : {},
        evidence: written,
        summary: table(steps, inputs.revision),
      };
    }

    await traffic.set(new Map([[inputs.revision, 100]]));
    await cluster.annotate(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: versionName(service.name, inputs.revision), namespace: service.namespace },
      },
      { [releasedAnnotation]: context.record.id },
    );
    const retired = await removeVersions(cluster, service, revision => revision !== inputs.revision);
    const reason = `${inputs.revision} has all traffic${retired.length > 0 ? ` and ${retired.join(', ')} ${retired.length > 1 ? 'were' : 'was'} removed` : ''}.`;
    await github?.finish('success', reason, inputs.url);
    return {
      verdict: 'pass',
      reason,
      outputs: { revision: inputs.revision, weight: '100' },
      evidence: written,
      summary: table(steps, inputs.revision),
    };
  },
});

function refuse(problem: string) {
  return { verdict: 'fail' as const, reason: `Nothing was released: ${problem}.`, outputs: {}, evidence: [] };
}

interface AccessInputs {
  readonly 'token-url'?: string;
  readonly 'client-id'?: string;
  readonly 'client-secret'?: string;
  readonly audience?: string;
  readonly 'token-scope'?: string;
  readonly 'github-token'?: string;
  readonly repository?: string;
  readonly environment: string;
  readonly revision: string;
  readonly image: string;
}

async function requestHeaders(service: Service, inputs: AccessInputs, signal: AbortSignal) {
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
async function beginOnGithub(service: Service, inputs: AccessInputs, context: StageContext) {
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
    description: `${service.name} ${inputs.revision}`,
    payload: { image: inputs.image, delivery: context.record.id },
  });
}

function needed(service: Service) {
  const { namespace } = service;
  return [
    ...permissions(['get', 'patch'], 'gateway.networking.k8s.io', ['httproutes'], namespace),
    ...permissions(['get', 'list', 'patch', 'delete'], 'apps', ['deployments'], namespace),
    ...permissions(['list', 'delete'], '', ['services'], namespace),
    ...permissions(['list', 'delete'], 'policy', ['poddisruptionbudgets'], namespace),
  ];
}

function table(steps: readonly StepResult[], candidate: string): string {
  return [
    '| traffic | requests | answered by the new version | errors | |',
    '| --- | --- | --- | --- | --- |',
    ...steps.map(step => {
      const own = step.requests.filter(one => one.revision === candidate).length;
      const errors = step.requests.filter(one => one.error).length;
      return `| ${step.weight} % | ${step.requests.length} | ${own} | ${errors} | ${step.objection ?? 'good'} |`;
    }),
  ].join('\n');
}
