import { readFile } from 'node:fs/promises';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { parseManifest } from '@fairway/platform/serving/manifests';

export interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly service: { readonly path: string } };
  readonly [field: string]: unknown;
}

interface Webhooks extends KubernetesObject {
  readonly webhooks: readonly Webhook[];
}

/**
 * Applies the webhooks of a project's manifests.
 * @param names  what their configurations are called where the project installs them
 * @param change where a webhook is reached, since nothing here routes to a Service
 */
export async function applyWebhooks(
  cluster: Cluster,
  file: string,
  names: (name: string) => string,
  change: (webhook: Webhook) => object,
): Promise<void> {
  const found = parseManifest(await readFile(file, 'utf8'), file) as readonly Webhooks[];
  await applyObjects(
    cluster,
    found.map(({ metadata: { name }, webhooks, ...one }) => ({
      ...one,
      metadata: { name: names(name) },
      webhooks: webhooks.map(change),
    })),
  );
}

/** A webhook that is reached by its address on the loopback. */
export function atPort(port: number, certificate: Buffer) {
  const caBundle = certificate.toString('base64');
  return ({ clientConfig: { service }, ...webhook }: Webhook) => ({
    ...webhook,
    clientConfig: { url: `https://127.0.0.1:${port}${service.path}`, caBundle },
  });
}
