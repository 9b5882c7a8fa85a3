import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { permissions } from './permissions.ts';
import type { Permission } from './permissions.ts';
import { isReadyPod } from './workload.ts';
import type { Pod } from './workload.ts';

export interface PodProxyOptions {
  readonly namespace: string;
  /** Labels of the pods, all of which must match. */
  readonly labels: Readonly<Record<string, string>>;
  /** Port on which they listen, for HTTP. */
  readonly port: number;
}

/** A way to pods through the API server. */
export interface PodProxy {
  /** On the loopback of this machine. */
  readonly url: string;
  /** Why the last request did not get to the cluster; undefined when it did. An error of a pod is none. */
  problem(): ToolError | undefined;
  close(): Promise<void>;
}

/** Milliseconds for which a list of pods is good. */
const fresh = 1000;
const attempts = 3;
/** Headers of a connection; the two sides have connections of their own. */
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'content-length']);

/**
 * Opens a port on the loopback whose requests go to the ready pods with these labels in turn, through the API server's proxy: from a
 * machine that reaches nothing else of the cluster. Streams pass as they come. It is for few requests, not for users.
 */
export async function proxyPods(cluster: Cluster, options: PodProxyOptions): Promise<PodProxy> {
  const { namespace, labels, port } = options;
  let problem: ToolError | undefined;
  let listed: { readonly at: number; readonly names: Promise<readonly string[]> } | undefined;
  let turn = 0;

  const ready = async (): Promise<readonly string[]> => {
    const found = await cluster.list<Pod>('v1', 'Pod', namespace, labels);
    return found.filter(pod => !pod.metadata.deletionTimestamp && isReadyPod(pod)).map(({ metadata }) => metadata.name);
  };
  const next = async (): Promise<string> => {
    if (!listed || Date.now() - listed.at > fresh) listed = { at: Date.now(), names: ready() };
    const names = await listed.names;
    const name = names[turn++ % names.length];
    if (name !== undefined) return name;
    throw new ToolError('kubernetes', reasonOf('request.podsIn', { namespace }), undefined, reasonOf('pods.noneReady'));
  };
  const answerOf = async (incoming: http.IncomingMessage, body: Buffer, signal: AbortSignal) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const path = `/api/v1/namespaces/${namespace}/pods/${await next()}:${port}/proxy${incoming.url}`;
        return await cluster.open(incoming.method ?? 'GET', path, { headers: kept(incoming.headers), body, signal });
      } catch (error) {
        // a kept connection that was closed just then, or a list of pods that is old
        listed = undefined;
        if (attempt === attempts || signal.aborted) throw error;
      }
    }
  };
  const carry = async (incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    let answer: http.IncomingMessage;
    try {
      answer = await answerOf(incoming, await buffer(incoming), gone.signal);
      problem = undefined;
    } catch (error) {
      if (!gone.signal.aborted) problem = error as ToolError;
      outgoing.destroy();
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, kept(answer.headers));
    // a stream that breaks breaks on this side too
    await pipeline(answer, outgoing).catch(() => outgoing.destroy());
  };

  const server = http.createServer((incoming, outgoing) => void carry(incoming, outgoing));
  // whoever forgets to close it does not keep the process
  server.unref();
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    problem: () => problem,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What the login must be allowed for that: the verb follows the method of the request. */
export function podProxyPermissions(namespace: string): readonly Permission[] {
  return [
    ...permissions(['list'], '', ['pods'], namespace),
    ...permissions(['get', 'create'], '', ['pods/proxy'], namespace),
  ];
}

function kept(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)));
}
