import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Cluster, Condition, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { parseManifest } from './manifests.ts';
import { until } from './until.ts';

interface Definition extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const apiVersion = 'apiextensions.k8s.io/v1';
const kind = 'CustomResourceDefinition';
/** Says which built part a definition came from, so that the same part is not applied twice: it is four megabytes. */
const label = 'fairway.dev/part';

/**
 * Applies the custom resource definitions of Envoy Gateway and waits until the cluster serves them.
 * @param part folder of the part; the definitions are the YAML files under its `crds`
 */
export async function applyCustomResources(
  cluster: Cluster,
  part: string,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<void> {
  const folder = join(part, 'crds');
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.yaml')).sort();
  const texts = await Promise.all(
    names.map(async name => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
  const wanted = texts.reduce(
    (sum, { text }) => sum + (text.match(/^kind: CustomResourceDefinition$/gm)?.length ?? 0),
    0,
  );
  const content = createHash('sha256').update(basename(part)).digest('hex').slice(0, 16);
  const applied = () => cluster.list<Definition>(apiVersion, kind, undefined, { [label]: content });
  if ((await applied()).length < wanted) {
    progress(`custom resources: ${wanted} definitions`);
    for (const { name, text } of texts)
      for (const object of parseManifest(text, name)) await apply(cluster, object, content);
  }
  await until('the cluster to serve the custom resources of the gateway', 60_000, signal, async () => {
    const waiting = (await applied()).filter(definition => !established(definition));
    return waiting.length === 0 || `${waiting.map(({ metadata }) => metadata.name).join(', ')} not established`;
  });
}

async function apply(cluster: Cluster, object: KubernetesObject, content: string): Promise<void> {
  const labels = { ...object.metadata.labels, [label]: content, 'app.kubernetes.io/managed-by': 'fairway' };
  await cluster.request('PATCH', await cluster.path(object), {
    query: { fieldManager: 'fairway', force: 'true' },
    body: { ...object, metadata: { ...object.metadata, labels } },
    contentType: 'application/apply-patch+yaml',
    timeout: 60_000,
  });
}

function established(definition: Definition): boolean {
  return (
    definition.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false
  );
}
