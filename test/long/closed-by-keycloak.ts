import { applyObjects, connectCluster, removeObjects } from '@fairway/clients/kubernetes/index';
import { waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import { referenceGrant } from '@fairway/targets/gateway/envoy/grant';
import { modelAnswers, routes } from '@fairway/targets/gateway/envoy/routes';
import { securityPolicies } from '@fairway/targets/gateway/envoy/security';
import { parseGateway, parseServiceReference } from '@fairway/targets/gateway/references';
import { platform } from '../e2e/platform.ts';
import { tinyService } from '../fixtures/service.ts';
import { withInlineKeys } from '../inline-keys.ts';
import type { Keycloak } from './keycloak.ts';

/**
 * Puts the way to a model `tiny` at the platform's gateway, open to whom the roles of Keycloak's realm `fairway` let in. No engine answers behind it: what is let
 * in gets 500, which is what the Gateway API has for a route without a Service.
 * @returns takes it away again
 */
export async function closedByKeycloak(
  { url }: Keycloak,
  { namespace, hostname }: { readonly namespace: string; readonly hostname: string },
): Promise<() => Promise<void>> {
  const waf = parseServiceReference('waf-service', platform.waf.service);
  const realm = `${url}/realms/fairway`;
  const keys = await (await fetch(`${realm}/protocol/openid-connect/certs`)).text();
  const service = tinyService({ name: 'tiny', namespace, access: { hostname, claims: ['realm_access.roles'] } });
  const policies = securityPolicies(service, { issuer: realm, audience: 'fairway', jwksUrl: 'https://unused', waf });
  const closed = policies.map(policy => withInlineKeys(policy, keys));
  const cluster = await connectCluster(platform.kubernetes);
  const home = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'fairway.dev/gateway': 'allowed' } },
  };
  const grant = referenceGrant(namespace, waf);
  await applyObjects(cluster, [
    home,
    grant,
    ...closed,
    ...modelAnswers(service),
    ...routes(service, parseGateway(platform.gateway.reference), { candidate: { revision: 'a', weight: 100 } }),
  ]);
  expect(await waitUntilAccepted(cluster, closed, 30_000, new AbortController().signal)).toEqual([]);
  return async () => void (await removeObjects(cluster, [grant, home]));
}
