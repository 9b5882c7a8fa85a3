import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { ServingContext } from '../serving-context.ts';
import { applyWithVolumes } from '../serving/apply-with-volumes.ts';
import { renderOverlay } from '../serving/overlay.ts';
import { daemonSetReady, deploymentReady } from '../serving/readiness.ts';
import { logImageNames, logImages } from './images.ts';

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
  const objects = await renderOverlay(
    context.part('kubernetes'),
    {
      of: 'overlays/laptop/logs',
      images: new Map(logImageNames.map(name => [`fairway.invalid/${name}`, images[name].reference])),
      changes: [
        {
          kind: 'PersistentVolume',
          name: store,
          path: '/spec/nodeAffinity/required/nodeSelectorTerms/0/matchExpressions/0/values/0',
          value: node,
        },
        { kind: 'Service', name: store, path: '/spec/ports/0/nodePort', value: nodePort },
      ],
    },
    signal,
  );
  // loading images keeps the disk busy: one after the other
  for (const image of Object.values(images)) await image.bring();
  await applyWithVolumes(cluster, objects, signal);
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
