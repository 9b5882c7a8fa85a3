import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { ObjectWatch } from '@fairway/clients/kubernetes/object-watch';
import { readyIn } from './engines.ts';
import type { Address, Engines } from './engines.ts';

export interface Followed {
  readonly namespace: string;
  /** The version's Service. */
  readonly name: string;
  /** How the names of this program's pods begin. */
  readonly own: string;
}

/** Lets the engines be those that the cluster calls ready, until the signal. The answer is whether it has said so once. */
export function followEngines(
  cluster: Cluster,
  { namespace, name, own }: Followed,
  engines: Engines,
  say: (message: string) => void,
  signal: AbortSignal,
): () => boolean {
  // before the first list is whole there may be pods that nobody has seen
  let listed = false;
  const look = () => {
    if (listed) engines.set([...slices.objects.values()].flat());
  };
  const slices = new ObjectWatch<readonly Address[]>(cluster, {
    apiVersions: ['discovery.k8s.io/v1'],
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
    keep: slice => readyIn(slice, own),
    changed: look,
    stateChanged: state => {
      if (state.name === 'failing') say(`The cluster does not say which pods are ready: ${state.error.message}`);
      listed ||= state.name === 'live';
      look();
    },
  });
  void slices.run(signal);
  return () => listed;
}
