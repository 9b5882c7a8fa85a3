import { stringify } from 'yaml';
import { engineProfile, loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import type { Log } from '@fairway/stage';
import { clusterInputs, tokenInputs } from '@fairway/stage/cluster-inputs';
import { ToolError } from '@fairway/clients/tool-error';
import { tokenSource } from '@fairway/clients/identity/index';
import { openInference } from '@fairway/clients/inference/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { versionName } from '@fairway/clients/kubernetes/names';
import { gatewayProblem, waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import { routeNames } from '@fairway/clients/kubernetes/names';
import { conflictingRoute } from './conflict.ts';
import { needed } from './permissions.ts';
import { referenceGrant, securityPolicies, trafficPolicy } from './policies.ts';
import { probes, runProbes } from './probes.ts';
import { access } from './access.ts';
import { parseGateway } from './references.ts';
import { putBack } from './put-back.ts';
import { modelAnswers, routes } from './routes.ts';
import { enteringWeights, sharesOf } from '@fairway/clients/kubernetes/traffic';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { versions } from '@fairway/targets/workload/versions';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';

/** Milliseconds the gateway's controller has to take the objects, and the probes have to hold. */
const acceptDeadline = 30_000;
const probeDeadline = 45_000;

export const mesh = defineStage({
  name: 'mesh',
  description:
    'Puts gateway, WAF, OAuth, RBAC and limits in front of an inference service by Gateway API objects, and proves each with probes.',
  icon: 'shield',
  inputs: {
    ...clusterInputs,
    revision: {
      type: 'string',
      required: true,
      from: ['deploy.revision'],
      description: 'Version that gets the probes.',
    },
    gateway: { type: 'string', required: true, description: 'Gateway as namespace/name.' },
    'gateway-url': { type: 'string', required: true, description: 'Address at which the gateway answers from here.' },
    issuer: { type: 'string', required: true, description: 'OIDC issuer: the `iss` of the tokens.' },
    'jwks-url': { type: 'string', required: true, description: "Address of the issuer's public keys." },
    'jwks-service': {
      type: 'string',
      description: 'Service in the cluster that serves the keys, as namespace/name:port; default: the address itself.',
    },
    'waf-service': {
      type: 'string',
      required: true,
      description: 'Web application firewall (gRPC ext_authz) as namespace/name:port.',
    },
    ...tokenInputs,
    audience: { type: 'string', description: 'Audience that a token must be for. Either this or `clients`.' },
    clients: {
      type: 'list',
      description:
        'OAuth clients whose tokens are accepted, for issuers whose access tokens name no audience (Cognito): the claim `client_id` is checked.',
    },
    'token-url': { ...tokenInputs['token-url'], required: true },
    'client-id': { ...tokenInputs['client-id'], required: true },
    'client-secret': { ...tokenInputs['client-secret'], required: true },
  },
  outputs: {
    url: { description: 'Base address of the service at the gateway.' },
    probes: { description: 'Probes that held, such as 9/9.' },
  },
  async connect(inputs) {
    const kubernetes = await import('@fairway/clients/kubernetes/index');
    let opened: Promise<Cluster> | undefined;
    return {
      kubernetes,
      cluster: (signal: AbortSignal) =>
        (opened ??= kubernetes.connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal })),
    };
  },
  async key(inputs, context) {
    const service = await loadService(context.folder);
    const weights = { candidate: { revision: inputs.revision, weight: 100 } };
    return {
      objects: JSON.stringify([
        routes(service, parseGateway(inputs.gateway), weights),
        securityPolicies(service, access(inputs)),
        trafficPolicy(service, access(inputs)),
        modelAnswers(service),
      ]),
    };
  },
  async lost(inputs, _outputs, context) {
    const service = await loadService(context.folder);
    const cluster = await context.clients.cluster(context.signal);
    for (const policy of securityPolicies(service, access(inputs))) {
      if (!(await cluster.get(policy))) return `the policy ${service.namespace}/${policy.metadata.name} is gone`;
    }
    const route = await readRoute(cluster, service);
    if (!route) return `the route ${service.namespace}/${routeNames(service.name).chat} is gone`;
    return sharesOf(route, service.name).has(inputs.revision)
      ? undefined
      : `the route does not know the version ${inputs.revision}`;
  },
  async run(inputs, context) {
    const service = await loadService(context.folder);
    const gateway = parseGateway(inputs.gateway);
    const cluster = await context.clients.cluster(context.signal);
    const { applyObjects, requirePermissions } = context.clients.kubernetes;
    const problem = await gatewayProblem(cluster, gateway);
    if (problem)
      return {
        verdict: 'fail',
        reason: `The Gateway ${inputs.gateway} ${problem}. Nothing was applied.`,
        outputs: {},
        evidence: [],
      };
    const backend = { name: versionName(service.name, inputs.revision), namespace: service.namespace };
    if (!(await cluster.get({ apiVersion: 'v1', kind: 'Service', metadata: backend }))) {
      return {
        verdict: 'fail',
        reason: `The version ${inputs.revision} is not in the cluster (no Service ${backend.namespace}/${backend.name}): run deploy first. Nothing was applied.`,
        outputs: {},
        evidence: [],
      };
    }

    const other = conflictingRoute(await otherRoutes(cluster, context.log), service, gateway);
    if (other) {
      const host = service.access.hostname;
      return {
        verdict: 'fail',
        reason: `The route ${other} of another service answers ${host ? `for ${host}` : 'for every host'} on the gateway ${inputs.gateway} already, and would get the requests of ${service.name}. Give ${service.name} an access.hostname of its own in fairway.yaml. Nothing was applied.`,
        outputs: {},
        evidence: [],
      };
    }

    const wished = access(inputs);
    const present = new Set(
      (await cluster.list('v1', 'Service', service.namespace)).map(found =>
        found.metadata.name.slice(service.name.length + 1),
      ),
    );
    const weights = enteringWeights(
      sharesOf(await readRoute(cluster, service), service.name),
      inputs.revision,
      present,
      releasedRevisions(await versions(cluster, service.namespace, service.name))[0],
    );
    const grants = [wished.waf, wished.jwksService]
      .filter(target => target !== undefined && target.namespace !== service.namespace)
      .map(target => referenceGrant(service, target as NonNullable<typeof target>));
    const policies = [...securityPolicies(service, wished), trafficPolicy(service, wished)];
    const serviceRoutes = routes(service, gateway, weights);
    await requirePermissions(
      cluster,
      needed(
        service,
        grants.map(grant => grant.metadata.namespace ?? ''),
      ),
    );

    // a token that cannot be had is said before anything changes
    const tokens = tokenSource({
      tokenUrl: inputs['token-url'],
      clientId: inputs['client-id'],
      clientSecret: inputs['client-secret'],
      audience: inputs.audience,
      signal: context.signal,
    });
    const { chatScope, modelsScope } = service.access;
    const fixed = inputs['token-scope'];
    const scoped = {
      chat: await tokens.token(fixed || chatScope),
      ...(fixed ? {} : { models: await tokens.token(modelsScope) }),
    };
    if (fixed)
      context.log.warning(
        'All tokens of the client have the same rights (token-scope), so no probe proves that a token without them is denied.',
      );

    // the policies come before the routes: a route without one would be open for a moment
    const objects: readonly KubernetesObject[] = [...grants, ...policies, ...modelAnswers(service), ...serviceRoutes];
    const before = await Promise.all(objects.map(object => cluster.get(object)));
    await applyObjects(cluster, objects);
    const written = await context.evidence(
      'objects.yaml',
      'application/yaml',
      objects.map(object => stringify(object)).join('---\n'),
    );
    context.log.info(
      weights.stable
        ? `${weights.stable.revision} keeps all traffic; ${inputs.revision} only gets requests that name it.`
        : `${inputs.revision} gets all traffic: no other version serves.`,
    );

    const failed = async (reason: string, evidence = [written]) => {
      const done = await putBack(cluster, objects, before);
      return { verdict: 'fail' as const, reason: `${reason} ${done}`, outputs: {}, evidence };
    };
    const against = await waitUntilAccepted(cluster, [...policies, ...serviceRoutes], acceptDeadline, context.signal);
    if (against.length > 0) return failed(`The gateway does not take the objects: ${against.join('; ')}.`);

    const endpoint = openInference(inputs['gateway-url']);
    try {
      const expectDone = engineProfile(service.engine.name).endsStreamWithDone;
      const list = probes(endpoint, service, inputs.revision, scoped, { expectDone, signal: context.signal });
      const results = await runProbes(list, probeDeadline, context.signal, context.log.progress);
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
        const said = bad
          .map(result => `${result.name} must give ${result.expected} and gave ${result.seen}`)
          .join('; ');
        return { ...(await failed(`${held} of ${results.length} probes held: ${said}.`, evidence)), summary };
      }
      return {
        verdict: 'pass',
        reason: `All ${results.length} probes held at ${endpoint.url}.`,
        outputs: { url: endpoint.url, probes: `${held}/${results.length}` },
        evidence,
        summary,
      };
    } finally {
      endpoint.close();
    }
  },
});

function readRoute(cluster: Cluster, service: Service): Promise<HttpRoute | undefined> {
  const metadata = { name: routeNames(service.name).chat, namespace: service.namespace };
  return cluster.get<HttpRoute>({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata });
}

/** The routes of all namespaces, where the login may see them. */
async function otherRoutes(cluster: Cluster, log: Log): Promise<readonly KubernetesObject[]> {
  try {
    return await cluster.list('gateway.networking.k8s.io/v1', 'HTTPRoute');
  } catch (error) {
    if (!(error instanceof ToolError) || error.status !== 403) throw error;
    log.warning(
      'The login may not list the routes of other namespaces, so nobody checks whether one of them answers for the same host.',
    );
    return [];
  }
}
