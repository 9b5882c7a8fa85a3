import { stringify } from 'yaml';
import { engineProfile } from '@fairway/engines';
import { limitsTokens, loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import { clusterInputs, meshInputs, tokenInputs } from '@fairway/stage/cluster-inputs';
import { tokenSource } from '@fairway/clients/identity/index';
import { openInference } from '@fairway/clients/inference/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { versionName } from '@fairway/clients/kubernetes/names';
import { ownedBy } from '@fairway/clients/kubernetes/owner';
import { gatewayProblem, waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import { routeNames } from '@fairway/clients/kubernetes/names';
import { readConflict, readNeighbours } from '@fairway/targets/gateway/envoy/conflict';
import { readDisagreement } from '@fairway/targets/gateway/envoy/entry-agreement';
import { readListed } from '@fairway/targets/gateway/envoy/shared-list';
import { needed } from '@fairway/targets/gateway/envoy/permissions';
import {
  inOrder,
  readListeners,
  readObsolete,
  readShares,
  readWeights,
  render,
} from '@fairway/targets/gateway/envoy/target';
import { clientCertificateProblem } from '@fairway/targets/gateway/envoy/client-certificate';
import { readRoots } from '@fairway/targets/mesh/istio/roots';
import { probes, runProbes } from './probes.ts';
import { access, entrance } from './access.ts';
import { parseGateway } from '@fairway/targets/gateway/references';
import { membership, spiffeName } from '@fairway/targets/mesh/istio/identity';
import { probeMesh } from './mesh-probes.ts';
import type { MeshProbes } from './mesh-probes.ts';
import { putBack } from './put-back.ts';
import { roleTokens } from './role-tokens.ts';

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
    'cache-service': {
      type: 'string',
      description:
        'Response cache (gRPC ext_proc) as namespace/name:port; required for a service with `cache` in fairway.yaml.',
    },
    ...meshInputs,
    'probe-image': {
      type: 'string',
      keyed: false,
      description:
        'Image of services/mesh-probe, which tries to reach the version without the gateway; required for a service with `mesh` in fairway.yaml.',
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
    const mesh = membership(service, inputs);
    const mutualTls = mesh && { name: spiffeName(service, mesh), roots: '' };
    return { objects: JSON.stringify(render(service, entrance(inputs, [], mutualTls), weights)) };
  },
  async lost(inputs, _outputs, context) {
    const service = await loadService(context.folder);
    const cluster = await context.clients.cluster(context.signal);
    const shares = await readShares(cluster, service);
    if (!shares) return `the route ${service.namespace}/${routeNames(service.name).chat} is gone`;
    const weights = { candidate: { revision: inputs.revision, weight: 0 } };
    const mesh = membership(service, inputs);
    const mutualTls = mesh && { name: spiffeName(service, mesh), roots: '' };
    const { version, policies } = render(service, entrance(inputs, [], mutualTls), weights);
    for (const policy of [...version, ...policies]) {
      if (!(await cluster.get(policy)))
        return `the ${policy.kind} ${service.namespace}/${policy.metadata.name} is gone`;
    }
    return shares.has(inputs.revision) ? undefined : `the route does not know the version ${inputs.revision}`;
  },
  async run(inputs, context) {
    const service = await loadService(context.folder);
    const gateway = parseGateway(inputs.gateway);
    const cluster = await context.clients.cluster(context.signal);
    const { applyObjects, removeObjects, requirePermissions } = context.clients.kubernetes;
    const problem = await gatewayProblem(cluster, gateway);
    if (problem)
      return {
        verdict: 'fail',
        reason: `The Gateway ${inputs.gateway} ${problem}. Nothing was applied.`,
        outputs: {},
        evidence: [],
      };
    const backend = { name: versionName(service.name, inputs.revision), namespace: service.namespace };
    const backendService = await cluster.get({ apiVersion: 'v1', kind: 'Service', metadata: backend });
    if (!backendService) {
      return {
        verdict: 'fail',
        reason: `The version ${inputs.revision} is not in the cluster (no Service ${backend.namespace}/${backend.name}): run deploy first. Nothing was applied.`,
        outputs: {},
        evidence: [],
      };
    }

    const conflict = await readConflict(cluster, service, gateway);
    if (conflict === 'may not look')
      context.log.warning(
        'The login may not list the routes of other namespaces, so nobody checks whether one of them answers for the same model at the same host.',
      );
    else if (conflict)
      return { verdict: 'fail', reason: `${conflict} Nothing was applied.`, outputs: {}, evidence: [] };

    if (service.cache && !inputs['cache-service'])
      return {
        verdict: 'fail',
        reason: `${service.name} asks for a response cache, and the input cache-service names none. Name the cache of this cluster as namespace/name:port, or take cache out of fairway.yaml. Nothing was applied.`,
        outputs: {},
        evidence: [],
      };
    const mesh = membership(service, inputs);
    if (mesh && !inputs['probe-image'])
      return {
        verdict: 'fail',
        reason: `${service.name} asks for mutual TLS, and the input probe-image names no image of services/mesh-probe, so nobody could prove it. Name one that the cluster can pull, or take mesh out of fairway.yaml. Nothing was applied.`,
        outputs: {},
        evidence: [],
      };
    const uncertified = mesh && (await clientCertificateProblem(cluster, gateway));
    if (uncertified)
      return { verdict: 'fail', reason: `${uncertified} Nothing was applied.`, outputs: {}, evidence: [] };
    const near = await readNeighbours(cluster, service, gateway);
    const disagreement = await readDisagreement(cluster, near, service, access(inputs));
    if (disagreement)
      return { verdict: 'fail', reason: `${disagreement} Nothing was applied.`, outputs: {}, evidence: [] };
    const others = await readListed(cluster, near);

    const weights = await readWeights(cluster, service, inputs.revision);
    const listeners = await readListeners(cluster, gateway);
    const mutualTls = mesh && { name: spiffeName(service, mesh), roots: await readRoots(cluster, service) };
    const made = render(service, entrance(inputs, listeners, mutualTls), weights, others);
    // they go with the version, whoever removes it
    const rendered = { ...made, version: made.version.map(object => ownedBy(object, backendService)) };
    await requirePermissions(cluster, needed(service, rendered));

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
    const roles = await roleTokens(tokens, service, fixed);
    if (fixed)
      context.log.warning(
        'All tokens of the client have the same rights (token-scope), so no probe proves that a token without them is denied.',
      );

    const objects = inOrder(rendered);
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
    const against = await waitUntilAccepted(
      cluster,
      [
        ...rendered.version.filter(({ kind }) => kind === 'BackendTLSPolicy'),
        ...rendered.policies,
        ...rendered.routes,
        ...rendered.patches,
        ...rendered.list.filter(({ kind }) => kind !== 'HTTPRouteFilter' && kind !== 'ReferenceGrant'),
      ],
      acceptDeadline,
      context.signal,
    );
    if (against.length > 0) return failed(`The gateway does not take the objects: ${against.join('; ')}.`);

    const endpoint = openInference(inputs['gateway-url']);
    try {
      const expectDone = engineProfile(service.engine.name).endsStreamWithDone;
      const list = probes(
        endpoint,
        service,
        inputs.revision,
        { ...scoped, roles: roles.held },
        { expectDone, signal: context.signal },
      );
      const answered = await runProbes(list, probeDeadline, context.signal, context.log.progress);
      const apart: MeshProbes | undefined =
        mesh &&
        (await probeMesh(cluster, service, inputs.revision, mesh, {
          image: inputs['probe-image'] ?? '',
          signal: context.signal,
          progress: context.log.progress,
        }));
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
        const said = bad
          .map(result => `${result.name} must give ${result.expected} and gave ${result.seen}`)
          .join('; ');
        return { ...(await failed(`${held} of ${results.length} probes held: ${said}.`, evidence)), summary };
      }
      await removeObjects(cluster, await readObsolete(cluster, service, gateway, rendered));
      return {
        verdict: 'pass',
        reason: [
          `All ${results.length} probes held at ${endpoint.url}.`,
          ...unproven(roles.missing),
          ...countedByEvents(service),
          ...(apart && !apart.enforced ? [notEnforced] : []),
        ].join(' '),
        outputs: { url: endpoint.url, probes: `${held}/${results.length}` },
        evidence,
        summary,
      };
    } finally {
      endpoint.close();
    }
  },
});

function unproven(roles: readonly string[]): readonly string[] {
  if (roles.length === 0) return [];
  return [`The delivery's client has no token with ${roles.join(', ')}, so no probe proves what these roles allow.`];
}

const notEnforced =
  'The NetworkPolicy of the version was accepted and is not enforced: a pod that is not of the gateway got a connection, which mutual TLS then ended. The network plugin of the cluster does not do it.';

/** How tokens are counted where the engine does not tell. */
function countedByEvents(service: Service): readonly string[] {
  if (!limitsTokens(service) || engineProfile(service.engine.name).tellsStreamUsage) return [];
  return [
    `${service.engine.name} tells how many tokens a stream took only to clients that ask for it (stream_options.include_usage): of the others the events are counted, without the prompt.`,
  ];
}
