import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { ServingContext } from '../serving-context.ts';
import { fill, parseManifest, platformTemplate } from '../serving/manifests.ts';
import { daemonSetReady, deploymentReady } from '../serving/readiness.ts';
import { logImages } from './images.ts';

const laptop = join(platformTemplate, 'overlays/laptop');
const namespace = 'fairway-logs';
const store = 'log-store';
const shipper = 'log-shipper';

/** What the log store is installed with beyond what the serving path is. */
export interface LogPlaces {
  /** Name of the node, on whose disk the store lies. */
  readonly node: string;
  /** Port of the node at which the store answers. */
  readonly nodePort: number;
}

/**
 * Puts the log store and its shipper into a cluster whose names are answered, and returns when the store takes documents and the
 * shipper reads.
 * @throws ToolError that says which of them did not get ready and why
 */
export async function installLogs(context: ServingContext, { node, nodePort }: LogPlaces): Promise<void> {
  const { signal, progress } = context;
  const cluster = await connectCluster({ kubeconfig: context.kubeconfig, context: context.context, signal });
  const images = await logImages(context);
  const host = `${store}.${namespace}.svc.cluster.local`;
  const source = await readFile(join(laptop, 'rsyslog.conf'), 'utf8');
  const configuration = fill(source, 'rsyslog.conf', {}, { 'store-host': host });
  const places = {
    node,
    'node-port': nodePort,
    'configuration-digest': createHash('sha256').update(configuration).digest('hex').slice(0, 16),
  };
  const read = async (file: string) => {
    const text = await readFile(join(laptop, file), 'utf8');
    return parseManifest(fill(text, file, images, places), file);
  };
  // loading images keeps the disk busy: one after the other
  for (const image of Object.values(images)) await image.bring();
  await applyObjects(cluster, await read('log-store.yaml'), { force: true });
  await applyObjects(
    cluster,
    [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: shipper, namespace, labels: { 'app.kubernetes.io/managed-by': 'fairway' } },
        data: { 'rsyslog.conf': configuration },
      },
      ...(await read('log-shipper.yaml')),
    ],
    { force: true },
  );
  await deploymentReady(cluster, namespace, store, { 'app.kubernetes.io/name': store }, signal);
  await daemonSetReady(cluster, namespace, shipper, { 'app.kubernetes.io/name': shipper }, signal);
  progress('logs: the store takes what the shipper reads');
}

/** Takes store and shipper out of a cluster, with what the store holds; does nothing where there are none. */
export async function removeLogs(context: Pick<ServingContext, 'kubeconfig' | 'context' | 'signal'>): Promise<void> {
  const cluster = await connectCluster(context);
  await cluster.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await cluster.remove({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: store } });
}
