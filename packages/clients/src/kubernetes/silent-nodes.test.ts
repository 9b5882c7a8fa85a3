import { createServer } from 'node:http';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { Cluster } from './cluster.ts';
import { diagnoseNodes } from './silent-nodes.ts';
import type { Pod } from './workload.ts';

const since = '2026-11-29T13:48:10Z';

/** What is said of the pods where the node n1 has this condition; a status of HTTP where it may not be read. */
async function said(ready: object | number, pods: readonly Pod[] = [pod()]) {
  const server = createServer(({ url }, response) => {
    const node = {
      metadata: { name: 'n1' },
      status: { conditions: [{ type: 'MemoryPressure', status: 'False' }, ready] },
    };
    const resources = [{ name: 'nodes', kind: 'Node', namespaced: false }];
    if (url === '/api/v1') return void response.end(JSON.stringify({ resources }));
    if (url !== '/api/v1/nodes/n1') return void response.writeHead(500).end('{}');
    response.writeHead(typeof ready === 'number' ? ready : 200).end(JSON.stringify(node));
  });
  const config = await kubeConfigOf(server, 'c');
  try {
    return (await diagnoseNodes(new Cluster(config, 'c'), pods))?.cause;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function pod(more: object = {}, ready = 'False'): Pod {
  return {
    metadata: { name: 'llm-x', ...more },
    spec: { nodeName: 'n1' },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
  } as unknown as Pod;
}

// pkg/controller/nodelifecycle/node_lifecycle_controller.go
const silent = {
  type: 'Ready',
  status: 'Unknown',
  reason: 'NodeStatusUnknown',
  message: 'Kubelet stopped posting node status.',
  lastTransitionTime: since,
};

test('a node whose kubelet is silent', async () => {
  expect(await said(silent)).toBe(
    `The node n1 of the pod llm-x has not answered since ${since}: Kubelet stopped posting node status. Kubernetes makes the pod elsewhere after five minutes of that, unless its tolerations say another time. Look whether the node runs.`,
  );
});

// pkg/kubelet/nodestatus/setters.go
test('a kubelet that says what is wrong with its node', async () => {
  const message =
    'container runtime is down, PLEG is not healthy: pleg was last seen active 3m3s ago; threshold is 3m0s';
  expect(
    await said({ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message, lastTransitionTime: since }),
  ).toBe(
    `The node n1 of the pod llm-x has not been ready since ${since}: ${message}. Look at its kubelet and its container runtime, or delete the pod and cordon the node.`,
  );
});

test.each<[string, object | number, readonly Pod[]]>([
  ['a node that is ready', { type: 'Ready', status: 'True', message: 'kubelet is posting ready status' }, [pod()]],
  ['a login that may not look', 403, [pod()]],
  ['a node that is gone', 404, [pod()]],
  ['a pod that is ready', silent, [pod({}, 'True')]],
  ['a pod that ends', silent, [pod({ deletionTimestamp: since })]],
  ['a pod without a node', silent, [{ ...pod(), spec: {} } as Pod]],
])('%s says nothing', async (_name, ready, pods) => {
  expect(await said(ready, pods)).toBeUndefined();
});
