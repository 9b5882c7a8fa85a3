import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { applyDefinitions } from './bare-api-server.ts';

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

/**
 * Applies definitions of kinds whose objects a webhook converts between their versions.
 * @param clientConfig where it is reached
 */
export async function applyConverted(
  cluster: Cluster,
  definitions: readonly KubernetesObject[],
  clientConfig: object,
): Promise<void> {
  const conversion = { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } };
  await applyDefinitions(
    cluster,
    definitions.map(one => ({ ...one, spec: { ...(one as { readonly spec?: object }).spec, conversion } })),
  );
}

/** Puts the certificate that the API server has made itself for the loopback where a server of webhooks looks for its own. */
export async function giveCertificate(folderOfServer: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile(join(folderOfServer, 'apiserver.crt'), join(folder, 'tls.crt'));
  await copyFile(join(folderOfServer, 'apiserver.key'), join(folder, 'tls.key'));
}

/** A webhook that is reached by its address on the loopback. */
export function atPort(port: number, certificate: Buffer) {
  const caBundle = certificate.toString('base64');
  return ({ clientConfig: { service }, ...webhook }: Webhook) => ({
    ...webhook,
    clientConfig: { url: `https://127.0.0.1:${port}${service.path}`, caBundle },
  });
}
