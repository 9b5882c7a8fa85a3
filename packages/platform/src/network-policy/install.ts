import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { ServingContext } from '../serving-context.ts';
import { builtImage } from '../serving/images.ts';
import type { Contents } from '../serving/images.ts';
import { librariesFolders, librariesOf, withLibraries } from '../serving/libraries.ts';
import { parseManifest, withImages } from '../serving/manifests.ts';
import type { ImageFile } from '../serving/oci-image.ts';
import { daemonSetReady, jobComplete } from '../serving/readiness.ts';
import { until } from '../serving/until.ts';

const namespace = 'kube-system';
const name = 'kube-router';

/** Puts kube-router, as a firewall only, on every node of a cluster. */
export async function installNetworkPolicy(context: ServingContext): Promise<void> {
  const { signal, progress } = context;
  const cluster = await connectCluster({ kubeconfig: context.kubeconfig, context: context.context, signal });
  const contents = await kubeRouter(context.part('kube-router'), context.part('packet-filter'));
  const image = builtImage(name, contents, new Set(await context.images()), context);
  await image.bring();
  const file = 'kube-router.yaml';
  const text = await readFile(join(import.meta.dirname, 'manifests', file), 'utf8');
  await applyObjects(cluster, parseManifest(withImages(text, file, { [name]: image }), file), { force: true });
  await daemonSetReady(cluster, namespace, name, { 'k8s-app': name }, signal);
  progress('network policies: enforced');
}

/** Takes it out of a cluster, and what it wrote into the packet filter of the node: without it that would keep every new pod from those that a policy names. */
export async function removeNetworkPolicy(
  context: Pick<ServingContext, 'kubeconfig' | 'context' | 'signal'>,
): Promise<void> {
  const cluster = await connectCluster(context);
  const reference = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { namespace, name } };
  const router = await cluster.get<DaemonSet>(reference);
  if (router) {
    await cluster.remove(reference);
    await until(`the pod of ${name} to end`, 90_000, context.signal, async () => {
      const pods = await cluster.list('v1', 'Pod', namespace, { 'k8s-app': name });
      return pods.length === 0 || `${pods.length} are there`;
    });
    await cleanUp(cluster, router, context.signal);
  }
  for (const [apiVersion, kind] of [
    ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  ] as const)
    await cluster.remove({ apiVersion, kind, metadata: { name } });
  await cluster.remove({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } });
}

interface DaemonSet extends KubernetesObject {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly [Record<string, unknown>] } } };
}

/** From these the packets of all pods come to the chains of policies. */
const chains = ['KUBE-ROUTER-INPUT', 'KUBE-ROUTER-FORWARD', 'KUBE-ROUTER-OUTPUT'];

/** Empties the chains by which packets come to kube-router's others. Its own `--cleanup-config` leaves them, and panics where the kernel has no IPVS (v2.1). */
async function cleanUp(cluster: Cluster, { spec }: DaemonSet, signal: AbortSignal): Promise<void> {
  const pod = spec.template.spec;
  const [{ image, securityContext, volumeMounts }] = pod.containers;
  const containers = chains.map(chain => ({
    name: chain.toLowerCase(),
    ...{ image, securityContext, volumeMounts },
    command: ['/usr/local/bin/iptables', '--wait', '--flush', chain],
  }));
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace, name: `${name}-cleanup` },
    spec: { backoffLimit: 1, template: { spec: { ...pod, containers, restartPolicy: 'Never' } } },
  };
  await applyObjects(cluster, [job], { force: true });
  await jobComplete(cluster, namespace, job.metadata.name, signal);
  await cluster.remove(job);
}

const filterNames = ['', '-save', '-restore'].flatMap(verb => [`iptables${verb}`, `ip6tables${verb}`]);

/** kube-router with the programs that it calls, which load their own modules. */
async function kubeRouter(router: string, filter: string): Promise<Contents> {
  const path = `/usr/local/bin/${name}`;
  const xtables = join(filter, 'usr/sbin/xtables-nft-multi');
  const modules = await modulesOf(filter);
  const folders = await librariesFolders(filter);
  const libraries = await librariesOf([xtables, ...modules], folders);
  const files: readonly ImageFile[] = [
    { path, content: { file: join(router, name) }, executable: true },
    ...filterNames.map(filterName => ({
      path: `/usr/local/bin/${filterName}`,
      content: { file: xtables },
      executable: true,
    })),
    ...(await withLibraries('/usr/local/bin/ipset', join(filter, 'usr/sbin/ipset'), filter)),
    ...modules.map(file => ({ path: file.slice(filter.length), content: { file }, executable: false })),
    ...libraries.map(file => ({
      path: file.startsWith(filter) ? file.slice(filter.length) : file,
      content: { file },
      executable: true,
    })),
  ];
  return {
    source: `${basename(router)}, ${basename(filter)}`,
    // the programs share libraries
    files: [...new Map(files.map(file => [file.path, file])).values()],
    entrypoint: [path],
  };
}

async function modulesOf(filter: string): Promise<readonly string[]> {
  for (const folder of await librariesFolders(filter)) {
    const modules = join(folder, 'xtables');
    const names = await readdir(modules).catch(() => []);
    if (names.length > 0) return names.filter(file => file.endsWith('.so')).map(file => join(modules, file));
  }
  throw new Error(`${filter} has no modules of iptables`);
}
