import { ConfigurationError, loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage } from '@fairway/stage';
import { clusterInputs, gitopsInputs, meshInputs, tokenInputs } from '@fairway/stage/cluster-inputs';
import { tokenSource } from '@fairway/clients/identity/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { versionName } from '@fairway/clients/kubernetes/names';
import { routeNames } from '@fairway/clients/kubernetes/names';
import { gatewayTargets, readTarget } from '@fairway/targets/gateway/find';
import { membership } from '@fairway/targets/mesh/istio/identity';
import type { MembershipInputs } from '@fairway/targets/mesh/istio/identity';
import { readShares, readWeights } from '@fairway/targets/gateway/state';
import { endBrokenOff } from '@fairway/targets/gateway/go-back';
import { inOrder } from '@fairway/targets/gateway/target';
import { entrance } from './access.ts';
import type { AccessInputs } from './access.ts';
import { parseGateway } from '@fairway/targets/gateway/references';
import { deliveryHolder, holdPermissions, holdTraffic, TrafficTaken } from '@fairway/targets/gateway/traffic-lease';
import { examine, frontObjects, withoutStandingGrants, wayOf } from './examine.ts';
import { putInFront } from './put-in-front.ts';
import type { FrontPlan } from './put-in-front.ts';
import { roleTokens } from './role-tokens.ts';

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
    ...meshInputs,
    'probe-image': {
      type: 'string',
      keyed: false,
      description:
        'Image of services/mesh-probe, which tries to reach the version without the gateway; required for a service with `mesh` or `network` in fairway.yaml.',
    },
    ...gitopsInputs,
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
  async policy(folder, environment) {
    const own = (await loadService(folder, environment)).gateway?.own;
    return own === undefined ? undefined : reasonOf('mesh.own', { gateway: own });
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
    const service = await loadService(context.folder, context.environment);
    const weights = { candidate: { revision: inputs.revision, weight: 100 } };
    // only the cluster knows the kind of the gateway; `lost` sees when it differs from the one before
    const rendered = gatewayTargets.map(target => target.render(service, unread(service, inputs), weights));
    return { objects: JSON.stringify(rendered) };
  },
  async lost(inputs, _outputs, context) {
    const service = await loadService(context.folder, context.environment);
    const cluster = await context.clients.cluster(context.signal);
    const shares = await readShares(cluster, service);
    if (!shares) return `the route ${service.namespace}/${routeNames(service.name).chat} is gone`;
    const weights = { candidate: { revision: inputs.revision, weight: 0 } };
    const target = await readTarget(cluster, parseGateway(inputs.gateway));
    const { version, policies } = target.render(service, unread(service, inputs), weights);
    for (const policy of [...version, ...policies]) {
      if (!(await cluster.get(policy)))
        return `the ${policy.kind} ${service.namespace}/${policy.metadata.name} is gone`;
    }
    return shares.has(inputs.revision) ? undefined : `the route does not know the version ${inputs.revision}`;
  },
  rendersWithout: ['gateway-url', 'token-url', 'client-id', 'client-secret'],
  async render(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const cluster = await context.clients.cluster(context.signal);
    const found = await examine(cluster, service, inputs, context.log);
    if ('code' in found) throw new ConfigurationError(reasonOf('mesh.notRendered', { why: found }));
    const weights = await readWeights(cluster, service, inputs.revision);
    return { objects: inOrder(frontObjects(service, inputs, found, weights)), outputs: {}, notes: [] };
  },
  async run(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const cluster = await context.clients.cluster(context.signal);
    const { requirePermissions } = context.clients.kubernetes;
    const backend = { name: versionName(service.name, inputs.revision), namespace: service.namespace };
    const backendService = await cluster.get({ apiVersion: 'v1', kind: 'Service', metadata: backend });
    if (!backendService) {
      return {
        verdict: 'fail',
        reason: reasonOf('mesh.noVersion', { revision: inputs.revision, name: `${backend.namespace}/${backend.name}` }),
        outputs: {},
        evidence: [],
      };
    }

    const found = await examine(cluster, service, inputs, context.log);
    if ('code' in found)
      return { verdict: 'fail', reason: reasonOf('mesh.nothing', { why: found }), outputs: {}, evidence: [] };
    const { target, membership: mesh } = found;
    const keepsAway = mesh ? 'mesh' : service.network ? 'network' : undefined;
    if (keepsAway && !inputs['probe-image'])
      return {
        verdict: 'fail',
        reason: reasonOf('mesh.noProbeImage', { service: service.name, field: keepsAway }),
        outputs: {},
        evidence: [],
      };

    const alone = { candidate: { revision: inputs.revision, weight: 100 } };
    const planned = await withoutStandingGrants(cluster, frontObjects(service, inputs, found, alone));
    if (!service.apply)
      await requirePermissions(cluster, [...target.needed(service, planned), ...holdPermissions(service.namespace)]);

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

    const plan: FrontPlan = {
      found,
      tokens: scoped,
      roles,
      backend: backendService,
      ...(mesh ? { membership: mesh } : {}),
      ...(keepsAway ? { probeImage: inputs['probe-image'] } : {}),
    };
    // somebody else applies, maybe after a review: nobody must be kept from going back for so long
    if (service.apply) return putInFront(service, inputs, context, cluster, plan);
    // the weights are read and written under the lease: a release may be moving them
    const holder = deliveryHolder(context.record.id);
    const result = await holdTraffic(cluster, service, { holder, signal: context.signal }, async hold => {
      const { signal } = hold;
      const open = cluster.withSignal(signal);
      if (hold.brokenOff) await endBrokenOff(open, service, hold, context.log);
      return putInFront(service, inputs, { ...context, signal }, open, plan);
    });
    if (result instanceof TrafficTaken)
      return { verdict: 'fail', reason: reasonOf('mesh.taken', { taken: result.coded }), outputs: {}, evidence: [] };
    return result;
  },
});

/** The entrance as far as it follows from the service and the inputs; listeners and roots are read from the cluster. */
function unread(service: Service, inputs: AccessInputs & MembershipInputs & { readonly gateway: string }) {
  return entrance(inputs, [], wayOf(service, membership(service, inputs), ''));
}
