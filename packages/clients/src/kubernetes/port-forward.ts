import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { permissions } from './permissions.ts';
import type { Permission } from './permissions.ts';
import type { Pod } from './workload.ts';

export interface ForwardOptions {
  readonly namespace: string;
  /** Labels of the pods, all of which must match. */
  readonly labels: Readonly<Record<string, string>>;
  /** Port on which they listen. */
  readonly port: number;
}

/** A way to pods through the API server. */
export interface Forward {
  /** On the loopback of this machine. */
  readonly url: string;
  /** Why the last connection did not get to a pod; undefined when it did. An error of the program in the pod is none. */
  problem(): ToolError | undefined;
  close(): Promise<void>;
}

/** Milliseconds for which a list of pods is good. */
const fresh = 1000;
const attempts = 3;

/**
 * Opens a port on the loopback whose connections go to the ready pods with these labels in turn, through the API server: from a machine that
 * reaches nothing else of the cluster. It adds a hop to each byte, so it is for few requests, not for users.
 */
export async function forwardPods(cluster: Cluster, options: ForwardOptions): Promise<Forward> {
  const { namespace, labels, port } = options;
  const sockets = new Set<Socket>();
  let problem: ToolError | undefined;
  let listed: { readonly at: number; readonly names: Promise<readonly string[]> } | undefined;
  let turn = 0;

  const ready = async (): Promise<readonly string[]> => {
    const found = await cluster.list<Pod>('v1', 'Pod', namespace, labels);
    return found.filter(isReady).map(({ metadata }) => metadata.name);
  };
  const next = async (): Promise<string> => {
    if (!listed || Date.now() - listed.at > fresh) listed = { at: Date.now(), names: ready() };
    const names = await listed.names;
    const name = names[turn++ % names.length];
    if (name !== undefined) return name;
    throw new ToolError('kubernetes', `looking for pods in ${namespace}`, undefined, 'none is ready.');
  };
  const carry = async (socket: Socket): Promise<void> => {
    for (let attempt = 1; !socket.destroyed; attempt++) {
      try {
        await cluster.forward(namespace, await next(), port, socket);
        problem = undefined;
        return;
      } catch (error) {
        listed = undefined;
        if (attempt < attempts) continue;
        problem = error as ToolError;
        socket.destroy();
      }
    }
  };

  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // who sent the request sees it end
    socket.on('error', () => socket.destroy());
    void carry(socket);
  });
  // whoever forgets to close it does not keep the process
  server.unref();
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    problem: () => problem,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** What the login must be allowed for that: versions of Kubernetes differ in the verb. */
export function forwardPermissions(namespace: string): readonly Permission[] {
  return [
    ...permissions(['list'], '', ['pods'], namespace),
    ...permissions(['get', 'create'], '', ['pods/portforward'], namespace),
  ];
}

function isReady({ metadata, status }: Pod): boolean {
  return (
    !metadata.deletionTimestamp &&
    (status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false)
  );
}
