import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { KubeConfig } from '@kubernetes/client-node';
import { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../objects.ts';

/** Plural names by group and version, then kind. */
type Served = Readonly<Record<string, Readonly<Record<string, string>>>>;

const served: Served = {
  'apps/v1': { deployments: 'Deployment' },
  'coordination.k8s.io/v1': { leases: 'Lease' },
};

/**
 * An API server of objects in memory with what leases need of Kubernetes: each write gives an object another version, and one that names
 * a former version is rejected with 409.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export async function startObjectServer() {
  const objects = new Map<string, KubernetesObject>();
  let version = 0;
  const store = (path: string, object: KubernetesObject) => {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } };
    objects.set(path, stored);
    return { status: 200, body: stored };
  };
  const answer = (method: string, path: string, body: KubernetesObject) => {
    const group = path.replace(/^\/apis\//, '');
    const kinds = served[group];
    if (kinds) {
      const resources = Object.entries(kinds).map(([name, kind]) => ({ name, kind, namespaced: true }));
      return { status: 200, body: { resources } };
    }
    const found = objects.get(path);
    if (method === 'POST') {
      const place = `${path}/${body.metadata.name}`;
      return objects.has(place) ? failure(409) : store(place, body);
    }
    if (!found) return failure(404);
    if (method === 'PATCH') {
      const metadata = { ...found.metadata, ...body.metadata };
      return store(path, {
        ...found,
        ...body,
        metadata,
        spec: { ...(found['spec'] as object), ...(body['spec'] as object) },
      });
    }
    if (method !== 'PUT') return { status: 200, body: found };
    const expected = body.metadata.resourceVersion;
    return expected !== undefined && expected !== found.metadata.resourceVersion ? failure(409) : store(path, body);
  };
  const server = createServer(async (request: IncomingMessage, response) => {
    const sent = await text(request);
    const path = new URL(request.url ?? '', 'http://server').pathname;
    const { status, body } = answer(request.method ?? '', path, (sent ? JSON.parse(sent) : {}) as KubernetesObject);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const config = new KubeConfig();
  const { port } = server.address() as AddressInfo;
  config.loadFromOptions({
    clusters: [{ name: 'c', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }],
    users: [{ name: 'u' }],
    contexts: [{ name: 'c', cluster: 'c', user: 'u' }],
    currentContext: 'c',
  });
  return {
    cluster: new Cluster(config, 'c'),
    stop: () => new Promise(resolve => server.close(resolve).closeAllConnections()),
  };
}

function failure(code: number) {
  return { status: code, body: { kind: 'Status', status: 'Failure', message: `status ${code}`, code } };
}
