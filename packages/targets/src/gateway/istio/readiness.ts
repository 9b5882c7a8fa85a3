import { limitsTokens } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Access, GatewayReference } from '../access.ts';
import { sleepProblem } from '../sleep.ts';

interface Targeted extends KubernetesObject {
  readonly spec?: {
    readonly targetRefs?: readonly { readonly kind: string; readonly name: string }[];
    readonly jwtRules?: readonly { readonly issuer?: string; readonly audiences?: readonly string[] }[];
  };
}

const kinds = [
  ['security.istio.io/v1', 'RequestAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
] as const;

/** See `GatewayTarget`: whether the gateway has the platform's filters, takes the tokens of the issuer and asks the firewall that is named. */
export async function unready(
  cluster: Cluster,
  service: Service,
  gateway: GatewayReference,
  access: Access,
): Promise<string | undefined> {
  const awake = sleepProblem(service, 'Istio');
  if (awake) return awake;
  const where = `the Gateway ${gateway.namespace}/${gateway.name}`;
  const [tokens = [], policies = [], filters = []] = await Promise.all(
    kinds.map(async ([apiVersion, kind]) =>
      (await cluster.list<Targeted>(apiVersion, kind, gateway.namespace)).filter(({ spec }) =>
        spec?.targetRefs?.some(target => target.kind === 'Gateway' && target.name === gateway.name),
      ),
    ),
  );
  const text = JSON.stringify(filters);
  const advice = 'Apply templates/inference-platform/parts/istio-gateway, as docs/gateways.md shows.';
  // services' own filters name these too, for their routes
  const has = (filter: string) => text.includes(`"name":"${filter}"`);
  if (!has('fairway.found_route'))
    return `No EnvoyFilter for ${where} has the filters by which Fairway finds a request's model and route, so nobody could be let in. ${advice}`;
  const asked = [
    ...(service.cache ? [['cache', 'fairway.cache', 'cache']] : []),
    ...(limitsTokens(service) ? [['limits of tokens', 'fairway.limits_open', 'rate-limit']] : []),
  ];
  const missing = asked.find(([, filter]) => !has(filter!));
  if (missing)
    return `${service.name} asks for ${missing[0]} in fairway.yaml, and no EnvoyFilter for ${where} has the filter ${missing[1]}: the gateway is of an earlier version of the folder. ${advice} It needs parts/${missing[2]} beside it.`;
  if (policies.length === 0)
    return `No AuthorizationPolicy closes ${where}, so routes without one would be open. ${advice}`;
  const firewall = `"${access.waf.name}.${access.waf.namespace}.svc`;
  if (!text.includes(firewall))
    return `The filters of ${where} do not ask the firewall ${access.waf.namespace}/${access.waf.name} that the input waf-service names. Name the one that they ask, or change the cluster fairway-waf in the EnvoyFilter.`;
  const taken = tokens.flatMap(({ spec }) => spec?.jwtRules ?? []);
  const good = taken.some(
    ({ issuer, audiences = [] }) =>
      issuer === access.issuer && (audiences.length === 0 || (access.audience && audiences.includes(access.audience))),
  );
  if (!good)
    return `No RequestAuthentication for ${where} takes tokens of the issuer ${access.issuer}${access.audience ? ` for the audience ${access.audience}` : ' without an audience'}; it takes ${taken.map(({ issuer, audiences = [] }) => `${issuer ?? ''} (${audiences.join(', ') || 'any audience'})`).join(', ') || 'none'}. Istio checks tokens for a whole gateway: add the issuer there, with its keys.`;
  return undefined;
}
