import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { Serving, ServingContext } from '../serving-context.ts';
import { applyCustomResources } from './custom-resources.ts';
import { servingImages } from './images.ts';
import type { Image, ImageName } from './images.ts';
import { laptopObjects } from './laptop.ts';
import { applyWithVolumes } from './apply-with-volumes.ts';
import { prepareLedger } from './ledger.ts';
import { daemonSetReady, deploymentReady, gatewayProgrammed, jobComplete, policiesAccepted } from './readiness.ts';
import { redisLogins, redisSecrets } from './redis.ts';
import { until } from './until.ts';

const shared = 'fairway-system';
const controllers = 'envoy-gateway-system';
const certificates = 'envoy-gateway-certgen';
const ledgerNamespace = 'fairway-ledger';

/**
 * Puts what all services share into a cluster that answers: names (CoreDNS), the control plane of the gateway, the
 * gateway itself, the firewall, Redis, the response cache, who counts running requests, the ledger with PostgreSQL, the issuer's address. What stands already is left as it is; what differs is brought to
 * the desired state. Returns when the gateway is programmed and the firewall ready.
 * @param concurrency whether running requests can be limited; what an earlier start brought for it is taken away where not
 * @throws ToolError that says which piece did not get ready and why
 */
export async function installServing(
  given: ServingContext,
  { concurrency }: { readonly concurrency: boolean },
): Promise<Serving> {
  // the first failure ends the other steps too
  const failed = new AbortController();
  const context = { ...given, signal: AbortSignal.any([given.signal, failed.signal]) };
  let guardImage: string;
  try {
    guardImage = (await install(context, concurrency)).services.reference;
  } catch (error) {
    failed.abort(error);
    given.signal.throwIfAborted();
    throw error;
  }
  const { port } = context.issuerAddress;
  return {
    gateway: `${shared}/fairway`,
    waf: `${shared}/waf:9003`,
    jwksService: `${shared}/issuer:${port}`,
    guardImage,
  };
}

async function install(context: ServingContext, concurrency: boolean): Promise<Readonly<Record<ImageName, Image>>> {
  const { signal, progress } = context;
  const connect = () => connectCluster({ kubeconfig: context.kubeconfig, context: context.context, signal });
  const cluster = await connect();
  const images = await servingImages(context);
  const objectsOf = await laptopObjects(context, images, await dnsAddress(cluster, signal));
  const apply = (part: string) => applyObjects(cluster, objectsOf(part), { force: true });
  await apply('namespaces');
  await applyObjects(cluster, redisSecrets(await redisLogins(context.state)), { force: true });

  const definitions = applyCustomResources(cluster, context.part('gateway-definitions'), signal, progress);
  // loading images keeps the disk busy: one after the other, and first the one with the most to do after it
  const controlPlane = images['envoy-gateway'].bring();
  const dnsImage = controlPlane.then(() => images.coredns.bring());
  const redisImage = dnsImage.then(() => images.redis.bring());
  const limitImage = redisImage.then(() => images.ratelimit.bring());
  const proxyImage = limitImage.then(() => images.envoy.bring());
  const wafImage = proxyImage.then(() => images.waf.bring());
  const serviceImages = wafImage.then(() => images.postgres.bring()).then(() => images.services.bring());

  const names = (async () => {
    await dnsImage;
    await apply('names');
    await deploymentReady(cluster, 'kube-system', 'coredns', { 'k8s-app': 'kube-dns' }, signal);
    progress('names: CoreDNS answers');
  })();
  const store = (async () => {
    await redisImage;
    await apply('redis');
    await deploymentReady(cluster, shared, 'redis', { 'app.kubernetes.io/name': 'redis' }, signal);
    progress('redis: ready');
  })();
  const controller = (async () => {
    await controlPlane;
    const [before, objects] = split(objectsOf('envoy-gateway'), ({ metadata }) => metadata.name === certificates);
    await makeCertificates(cluster, before, signal);
    // without its definitions at hand the controller would start without watching them
    await definitions;
    await applyObjects(cluster, objects, { force: true });
    await deploymentReady(cluster, controllers, 'envoy-gateway', { 'control-plane': 'envoy-gateway' }, signal);
    progress('gateway: Envoy Gateway is ready');
  })();
  const limits = (async () => {
    // Envoy Gateway makes it; it ends as long as there is no Redis and is started again
    await Promise.all([controller, store, limitImage]);
    const labels = { 'app.kubernetes.io/name': 'envoy-ratelimit' };
    const metadata = { namespace: controllers, name: 'envoy-ratelimit' };
    // on a platform that is up already, a new Envoy Gateway waits until the old one's lease has ended
    await until('Envoy Gateway to give the rate limit service its login for Redis', 60_000, signal, async () => {
      const deployment = await cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', metadata });
      return JSON.stringify(deployment?.spec ?? {}).includes('"redis-limits"') || 'it has not';
    });
    await deploymentReady(cluster, controllers, 'envoy-ratelimit', labels, signal);
    progress('limits: counted in Redis');
  })();
  const gateway = (async () => {
    await apply('issuer');
    // an Envoy that starts before names are answered waits for its control plane for half a minute
    await Promise.all([controller, names, proxyImage]);
    const objects = objectsOf('gateway');
    // a new connection: the other one may remember that the cluster does not serve these kinds
    const opened = await connect();
    await applyObjects(opened, objects, { force: true });
    // a platform that has been up since before this policy had more to do holds it under its former name
    await opened.remove({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'EnvoyPatchPolicy',
      metadata: { namespace: shared, name: 'address-limit' },
    });
    await gatewayProgrammed(cluster, shared, 'fairway', signal);
    progress('gateway: programmed');
    return objects;
  })();
  const firewall = (async () => {
    // the controller tells Envoy where a new firewall is before the old one goes, so it has to be there
    await Promise.all([controller, wafImage]);
    await apply('waf');
    await deploymentReady(cluster, shared, 'waf', { 'app.kubernetes.io/name': 'waf' }, signal);
    progress('firewall: ready');
  })();
  const services = (async () => {
    await serviceImages;
    const [namespace, reader] = split(objectsOf('ledger'), ({ kind }) => kind === 'Namespace');
    const secret = await prepareLedger(context.state);
    await applyWithVolumes(cluster, [...namespace, secret, ...objectsOf('postgres'), ...reader], signal);
    const postgres = { 'app.kubernetes.io/name': 'postgres' };
    await apply('cache');
    if (concurrency) await apply('concurrency');
    else for (const object of objectsOf('concurrency')) await cluster.remove(object);
    await deploymentReady(cluster, ledgerNamespace, 'postgres', postgres, signal);
    await daemonSetReady(cluster, ledgerNamespace, 'ledger', { 'app.kubernetes.io/name': 'ledger' }, signal);
    progress('ledger: ready');
    await deploymentReady(cluster, shared, 'cache', { 'app.kubernetes.io/name': 'cache' }, signal);
    progress('cache: ready');
    if (!concurrency) return;
    await deploymentReady(cluster, shared, 'concurrency', { 'app.kubernetes.io/name': 'concurrency' }, signal);
    progress('running requests: counted');
  })();
  const [objects] = await Promise.all([
    gateway,
    firewall,
    names,
    controller,
    definitions,
    controlPlane,
    dnsImage,
    proxyImage,
    wafImage,
    store,
    limits,
    redisImage,
    limitImage,
    services,
    serviceImages,
  ]);
  const policies = objects.filter(({ kind }) => kind.endsWith('Policy'));
  await policiesAccepted(await connect(), policies, signal);
  return images;
}

interface ClusterService extends KubernetesObject {
  readonly spec?: { readonly clusterIP?: string };
}

/** By convention the tenth address of the range whose first is the API's; the kubelet is configured with the same. */
async function dnsAddress(cluster: Cluster, signal: AbortSignal): Promise<string> {
  const reference = { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'kubernetes' } };
  let address = '';
  await until('the Service default/kubernetes', 30_000, signal, async () => {
    address = (await cluster.get<ClusterService>(reference))?.spec?.clusterIP ?? '';
    return address !== '' || 'the API server has not made it';
  });
  return address.replace(/\.1$/, '.10');
}

/** Keys between Envoy Gateway and its Envoys, made once by its own job and kept as Secrets. */
async function makeCertificates(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<void> {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: controllers, name: 'envoy-gateway' } };
  if (await cluster.get(secret)) return;
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace: controllers, name: certificates } };
  // a job cannot be changed, so one that an interrupted start left behind has to go first
  if (await cluster.remove(job))
    await until(
      `the old job ${certificates} to go`,
      30_000,
      signal,
      async () => !(await cluster.get(job)) || 'it is still there',
    );
  await applyObjects(cluster, objects, { force: true });
  await jobComplete(cluster, controllers, certificates, signal);
}

function split<Item>(items: readonly Item[], first: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(first), items.filter(item => !first(item))];
}
